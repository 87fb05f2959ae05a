"""Save a fitted estimator in one model file, and load it without running code from the file."""

from typing import TYPE_CHECKING

from ..utils import loaded_on_first_use
from ._errors import ModelFileError
from ._zip_archive import read_archive

if TYPE_CHECKING:
    from ._save_and_load import load_model as load_model
    from ._save_and_load import load_model_with_info as load_model_with_info
    from ._save_and_load import save_model as save_model
    from ._save_and_load import save_model_with_card as save_model_with_card
    from ._skops import SKOPS_TRUSTED as SKOPS_TRUSTED

__all__ = [
    "SKOPS_TRUSTED",
    "ModelFileError",
    "load_model",
    "load_model_with_info",
    "read_archive",
    "save_model",
    "save_model_with_card",
]

_saving = "load_model", "load_model_with_info", "save_model", "save_model_with_card"
__getattr__ = loaded_on_first_use(
    __name__, dict.fromkeys(_saving, "_save_and_load") | {"SKOPS_TRUSTED": "_skops"}
)
