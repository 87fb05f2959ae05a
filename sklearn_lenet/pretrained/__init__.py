"""The model that reads where none is given: trained once on the data at hand, and cached."""

from ..reading import provide_default_model
from ._default_model import default_model

__all__ = [
    "default_model",
]

provide_default_model(default_model)
