"""The steps of an estimator that is exported: those before the classifier, and the classifier."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline

from ..estimators import BaseDigitClassifier


def steps_of(estimator: Any, who: str) -> tuple[list[Any], BaseDigitClassifier]:
    """Return the steps before the classifier, and the classifier; ``who`` is named in the error."""
    steps = (
        [step for _, step in estimator.steps] if isinstance(estimator, Pipeline) else [estimator]
    )
    *before, classifier = [step for step in steps if step not in (None, "passthrough")]
    if not isinstance(classifier, BaseDigitClassifier):
        raise TypeError(
            f"{who} cannot export {type(classifier).__name__}; pass a LeNet5Classifier, a "
            "DenseDigitClassifier, or a Pipeline that ends in one."
        )
    return before, classifier
