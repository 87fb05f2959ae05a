"""Training data: MNIST, European digits, non-digits, lines, and what needs no download.

`fetch_mnist`, `add_european_hands`, `add_drawn_digits`, `add_non_digits` and `make_digit_lines` are
public; `split_rows` chooses data for the command line, and `local_training_rows` for lines.
"""

from ._data_at_hand import local_training_rows, split_rows
from ._digit_lines import LineMaker, line_maker, make_digit_lines
from ._drawn_digits import add_drawn_digits
from ._european_digits import add_european_hands
from ._fetch_mnist import fetch_mnist
from ._non_digits import NO_DIGIT, add_non_digits
from ._official_files import CHECKSUMS, DATA_VARIABLE

__all__ = [
    "CHECKSUMS",
    "DATA_VARIABLE",
    "NO_DIGIT",
    "LineMaker",
    "add_drawn_digits",
    "add_european_hands",
    "add_non_digits",
    "fetch_mnist",
    "line_maker",
    "local_training_rows",
    "make_digit_lines",
    "split_rows",
]
