"""IDX files by hand, and back."""

import numpy as np

from sklearn_lenet.datasets._idx_files import read_idx, write_idx


def test_a_file_by_hand():
    content = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
    assert read_idx(content).tolist() == [[1, 2, 3], [4, 5, 255]]
    assert write_idx(read_idx(content)) == content


def test_labels_have_one_axis():
    labels = np.array([7, 0, 9], np.uint8)
    assert read_idx(write_idx(labels)).tolist() == [7, 0, 9]
