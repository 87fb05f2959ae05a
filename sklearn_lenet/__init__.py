"""LeNet-5 and a dense net as scikit-learn classifiers for handwritten digits."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .datasets import fetch_mnist
    from .dense import DenseDigitClassifier
    from .hands import add_european_hands
    from .images import DigitImageReader, NoDigitFoundError, UnreadableImageError
    from .inspection import (
        FeatureMapsDisplay,
        FiltersDisplay,
        LayerFeatures,
        MistakesDisplay,
        ReliabilityDisplay,
        SaliencyDisplay,
        TrainingCurveDisplay,
        activations,
        layer_table,
    )
    from .lenet import LeNet5Classifier
    from .non_digits import add_non_digits
    from .persistence import ModelFileError, export_onnx, load_model, save_model
    from .preprocessing import PadNormalizer
    from .reading import read_digits

__all__ = [
    "DenseDigitClassifier",
    "DigitImageReader",
    "FeatureMapsDisplay",
    "FiltersDisplay",
    "LayerFeatures",
    "LeNet5Classifier",
    "MistakesDisplay",
    "ModelFileError",
    "NoDigitFoundError",
    "PadNormalizer",
    "ReliabilityDisplay",
    "SaliencyDisplay",
    "TrainingCurveDisplay",
    "UnreadableImageError",
    "activations",
    "add_european_hands",
    "add_non_digits",
    "export_onnx",
    "fetch_mnist",
    "layer_table",
    "load_model",
    "read_digits",
    "save_model",
]

_ROOMS = {
    "DenseDigitClassifier": "dense",
    "DigitImageReader": "images",
    "FeatureMapsDisplay": "inspection",
    "FiltersDisplay": "inspection",
    "LayerFeatures": "inspection",
    "LeNet5Classifier": "lenet",
    "MistakesDisplay": "inspection",
    "ModelFileError": "persistence",
    "NoDigitFoundError": "images",
    "PadNormalizer": "preprocessing",
    "ReliabilityDisplay": "inspection",
    "SaliencyDisplay": "inspection",
    "TrainingCurveDisplay": "inspection",
    "UnreadableImageError": "images",
    "activations": "inspection",
    "add_european_hands": "hands",
    "add_non_digits": "non_digits",
    "export_onnx": "persistence",
    "fetch_mnist": "datasets",
    "layer_table": "inspection",
    "load_model": "persistence",
    "read_digits": "reading",
    "save_model": "persistence",
}


def __getattr__(name: str) -> Any:
    # On first use, so that `sklearn-lenet --help` need not wait for torch.
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
