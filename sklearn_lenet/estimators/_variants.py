"""Variants: named recipes of the command line, with their parameters and training rows."""

from __future__ import annotations

from typing import Any

from ..datasets import add_drawn_digits, add_european_hands, add_non_digits
from ._dense_digit_classifier import DenseDigitClassifier
from ._lenet5_classifier import LeNet5Classifier

PICTURES = "pictures"
"""The variant for photos and scans; it has the class -1 for what is not a digit."""

LONG_TRAINING = {"pooling": "avg", "lr": 0.003, "batch_size": 64, "label_smoothing": 0.1}
"""Parameters for augmented rows and many epochs."""

BEST = LONG_TRAINING | {"lr": 0.002, "label_smoothing": 0.02, "max_epochs": 40}
"""The parameters with the highest accuracy on 10,000 held-out training digits of MNIST.

``benchmarks/ablation.py`` compares it with longer fits, averaged weights, weight decay, dropout,
other augmentations, and distillation from five nets. None of them was clearly better: the
differences are as small as those between seeds.
"""

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "classic": {"activation": "tanh", "pooling": "avg"},
    "unpadded": {"input_size": None, "pooling": "avg"},
    "best": BEST,
    "augmented": LONG_TRAINING | {"augment": "affine"},
    # With the full weight for the class -1, unusual digits are predicted as -1 as well.
    PICTURES: LONG_TRAINING | {"lr": 0.002, "augment": "elastic", "class_weight": {-1: 0.2}},
    "dense": {},
}
"""Parameters of LeNet5Classifier for each name; "dense" is a DenseDigitClassifier."""


def make_variant(name: str, **parameters: Any) -> Any:
    """Return the classifier of a variant; the given parameters take precedence."""
    cls = DenseDigitClassifier if name == "dense" else LeNet5Classifier
    return cls(**VARIANTS[name] | parameters)


def training_rows(name: str, X: Any, y: Any, random_state: int) -> tuple[Any, Any]:
    """Return the rows that a variant is trained on: the given ones, and for pictures more."""
    if name != PICTURES:
        return X, y
    X, y = add_european_hands(X, y, random_state=random_state)
    X, y = add_drawn_digits(X, y, random_state=random_state)
    return add_non_digits(X, y, random_state=random_state)
