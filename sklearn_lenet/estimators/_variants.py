"""The nets that the command line trains, by name: their parameters, and the rows they learn."""

from __future__ import annotations

from typing import Any

from ..datasets import add_european_hands, add_non_digits
from ._dense_digit_classifier import DenseDigitClassifier
from ._lenet5_classifier import LeNet5Classifier

PICTURES = "pictures"
"""The variant that reads other people's handwriting, and says what is no digit."""

SLOW = {"pooling": "avg", "lr": 0.003, "batch_size": 64, "label_smoothing": 0.1}

VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "classic": {"activation": "tanh", "pooling": "avg"},
    "unpadded": {"input_size": None, "pooling": "avg"},
    "augmented": SLOW | {"augment": "affine"},
    # Refusing is the lesser part: at its full weight the class -1 takes odd digits with it.
    PICTURES: SLOW | {"augment": "elastic", "class_weight": {-1: 0.2}},
    "dense": {},
}
"""What ``train --variant`` makes: parameters of LeNet5Classifier, or a DenseDigitClassifier."""


def made(name: str, **parameters: Any) -> Any:
    """Return the classifier of a variant; parameters given here win."""
    cls = DenseDigitClassifier if name == "dense" else LeNet5Classifier
    return cls(**VARIANTS[name] | parameters)


def rows_for(name: str, X: Any, y: Any, random_state: int) -> tuple[Any, Any]:
    """Return the rows that a variant learns from those at hand."""
    if name != PICTURES:
        return X, y
    X, y = add_european_hands(X, y, random_state=random_state)
    return add_non_digits(X, y, random_state=random_state)
