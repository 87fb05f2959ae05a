"""Save a fitted estimator in one model file, and load it without running code from the file."""

from ._errors import ModelFileError
from ._save_and_load import load_model, load_model_with_info, save_model
from ._skops import SKOPS_TRUSTED

__all__ = [
    "SKOPS_TRUSTED",
    "ModelFileError",
    "load_model",
    "load_model_with_info",
    "save_model",
]
