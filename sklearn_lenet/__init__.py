"""LeNet-5 and a dense net as scikit-learn classifiers for handwritten digits."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__ as __version__

if TYPE_CHECKING:
    from .datasets import NO_DIGIT as NO_DIGIT
    from .datasets import add_drawn_digits as add_drawn_digits
    from .datasets import add_european_hands as add_european_hands
    from .datasets import add_non_digits as add_non_digits
    from .datasets import fetch_mnist as fetch_mnist
    from .datasets import make_digit_lines as make_digit_lines
    from .distributed import DaskDenseDigitClassifier as DaskDenseDigitClassifier
    from .distributed import DaskLeNet5Classifier as DaskLeNet5Classifier
    from .distributed import LostWorkerError as LostWorkerError
    from .distributed import ReadSummary as ReadSummary
    from .distributed import read_files as read_files
    from .estimators import DenseDigitClassifier as DenseDigitClassifier
    from .estimators import LeNet5Classifier as LeNet5Classifier
    from .estimators import PadNormalizer as PadNormalizer
    from .export import export_onnx as export_onnx
    from .export import export_page as export_page
    from .images import DigitImageReader as DigitImageReader
    from .images import NoDigitFoundError as NoDigitFoundError
    from .images import ReadingSteps as ReadingSteps
    from .images import UnreadableImageError as UnreadableImageError
    from .inspection import *  # noqa: F403 - all that this folder exports is public
    from .persistence import ModelFileError as ModelFileError
    from .persistence import load_model as load_model
    from .persistence import save_model as save_model
    from .pretrained import list_pretrained as list_pretrained
    from .pretrained import load_pretrained as load_pretrained
    from .reading import Digit as Digit
    from .reading import DigitStringReader as DigitStringReader
    from .reading import LineDigit as LineDigit
    from .reading import LineReading as LineReading
    from .reading import read_digits as read_digits
    from .training import DivergedError as DivergedError
    from .utils import PixelScale as PixelScale

_FOLDERS = {
    "DaskDenseDigitClassifier": "distributed",
    "DaskLeNet5Classifier": "distributed",
    "DenseDigitClassifier": "estimators",
    "Digit": "reading",
    "DigitImageReader": "images",
    "DigitStringReader": "reading",
    "DivergedError": "training",
    "FeatureMapsDisplay": "inspection",
    "FiltersDisplay": "inspection",
    "LayerFeatures": "inspection",
    "LeNet5Classifier": "estimators",
    "LineDigit": "reading",
    "LineReading": "reading",
    "LostWorkerError": "distributed",
    "MistakesDisplay": "inspection",
    "ModelFileError": "persistence",
    "NO_DIGIT": "datasets",
    "NoDigitFoundError": "images",
    "PadNormalizer": "estimators",
    "PixelScale": "utils",
    "ReadSummary": "distributed",
    "ReadingSteps": "images",
    "ReliabilityDisplay": "inspection",
    "SaliencyDisplay": "inspection",
    "TrainingCurveDisplay": "inspection",
    "UnreadableImageError": "images",
    "activations": "inspection",
    "add_drawn_digits": "datasets",
    "add_european_hands": "datasets",
    "add_non_digits": "datasets",
    "export_onnx": "export",
    "export_page": "export",
    "fetch_mnist": "datasets",
    "layer_table": "inspection",
    "list_pretrained": "pretrained",
    "load_model": "persistence",
    "load_pretrained": "pretrained",
    "make_digit_lines": "datasets",
    "read_digits": "reading",
    "read_files": "distributed",
    "save_model": "persistence",
}
"""The public names, and the folder that has each of them."""

__all__ = sorted(_FOLDERS)


def __getattr__(name: str) -> Any:
    # A folder is imported on first use, so that `sklearn-lenet --help` does not wait for torch.
    if name not in _FOLDERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "read_digits":
        import_module(".pretrained", __name__)  # provides the model for model=None
    return getattr(import_module(f".{_FOLDERS[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
