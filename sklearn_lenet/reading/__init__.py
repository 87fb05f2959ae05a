"""From a page to labels: the page is levelled, ruled lines are removed, digits are found and read.

The folder needs a model and contains none: the caller passes one.
"""

from ._digit import UNCERTAIN, Digit
from ._model_provider import provide_default_model
from ._piece import Box
from ._read_digits import read_digits
from ._read_files import Answer, read_files

__all__ = [
    "UNCERTAIN",
    "Answer",
    "Box",
    "Digit",
    "provide_default_model",
    "read_digits",
    "read_files",
]
