"""LeNet-5 and a dense net as scikit-learn classifiers for handwritten digits."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .datasets import fetch_mnist
    from .dense import DenseDigitClassifier
    from .lenet import LeNet5Classifier
    from .preprocessing import PadNormalizer

__all__ = ["DenseDigitClassifier", "LeNet5Classifier", "PadNormalizer", "fetch_mnist"]

_ROOMS = {
    "DenseDigitClassifier": "dense",
    "LeNet5Classifier": "lenet",
    "PadNormalizer": "preprocessing",
    "fetch_mnist": "datasets",
}


def __getattr__(name: str) -> Any:
    # On first use, so that `sklearn-lenet --help` need not wait for torch.
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
