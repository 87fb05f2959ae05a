"""The trained models that are part of the package, and the default model of `read_digits`.

Importing this folder makes "digits" the model of `read_digits` for ``model=None``.
"""

from functools import cache

from ..reading import provide_default_model
from ._load_pretrained import list_pretrained, load_pretrained
from ._model_files import NAMES, card_of, path_of
from ._quick_digits import QuickDigits

__all__ = [
    "NAMES",
    "QuickDigits",
    "card_of",
    "list_pretrained",
    "load_pretrained",
    "path_of",
]

provide_default_model(cache(load_pretrained))  # loaded once for all pages
