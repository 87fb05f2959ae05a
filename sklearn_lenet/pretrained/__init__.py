"""The default model, used when no model is given: trained once on local data, then cached.

Importing this folder makes it the model of `read_digits` for ``model=None``.
"""

from ..reading import provide_default_model
from ._default_model import default_model

__all__ = [
    "default_model",
]

provide_default_model(default_model)
