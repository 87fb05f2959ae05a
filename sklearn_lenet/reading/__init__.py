"""From a page to labels: the page is levelled, ruled lines are removed, digits are found and read.

The folder needs a model and knows none: whoever calls it gives one.
"""

from ._default_model import provide_default_model
from ._digit import Digit
from ._read_digits import read_digits
from ._read_files import Answer, read_all

__all__ = [
    "Answer",
    "Digit",
    "provide_default_model",
    "read_all",
    "read_digits",
]
