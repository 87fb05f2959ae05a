"""Pieces in reading order."""

import numpy as np

from sklearn_lenet.reading._piece import Box, Piece
from sklearn_lenet.reading._text_lines import in_reading_order


def piece(left, top, height=40):
    return Piece(Box(left, top, left + 20, top + height), np.ones((height, 20), dtype=bool))


def test_lines_from_the_top_and_each_from_the_left():
    pieces = [piece(50, 95), piece(0, 105), piece(90, 0), piece(10, 8), piece(50, 3)]
    ordered = [(p.line, p.box.left) for p in in_reading_order(pieces)]
    assert ordered == [(0, 10), (0, 50), (0, 90), (1, 0), (1, 50)]


def test_a_low_piece_stays_in_the_line_that_it_shares_most_of_its_height_with():
    pieces = [piece(0, 0), piece(30, 25, height=14), piece(60, 60)]
    assert [p.line for p in in_reading_order(pieces)] == [0, 0, 1]
