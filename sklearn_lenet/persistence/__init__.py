"""Fitted estimators in one file that runs no code when it is read: save_model, load_model."""

from ._file_format import ModelFileError
from ._save_and_load import load_model, model_info, save_model

__all__ = [
    "ModelFileError",
    "load_model",
    "model_info",
    "save_model",
]
