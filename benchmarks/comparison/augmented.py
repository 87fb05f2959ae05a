"""Distorted copies of the training rows for models that cannot augment them while they train."""

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.metaestimators import available_if

from sklearn_lenet.training import Augment, displacement_for

from .rows import SIDE, unit

COPIES = 10


def _has(method):
    return lambda self: hasattr(self.estimator, method)


class WithCopies(ClassifierMixin, BaseEstimator):
    """Fit a model on the training rows and on distorted copies of them.

    Parameters
    ----------
    estimator : estimator
        The model.
    augment : {"elastic", "affine"}
        The distortions, the same as those of the nets.
    random_state : int
        The seed of the distortions.
    """

    def __init__(self, estimator, augment="elastic", random_state=0):
        self.estimator = estimator
        self.augment = augment
        self.random_state = random_state

    def fit(self, X, y):
        """Fit the model on the given uint8 rows and on `COPIES` copies of each."""
        distort = Augment(
            self.augment,
            (SIDE, SIDE),
            torch.Generator().manual_seed(self.random_state),
            displacement_for(len(X)),
        )
        copies = distort(torch.from_numpy(unit(np.tile(X, (COPIES, 1)))))
        copies = np.rint(255 * copies.numpy()).astype(np.uint8)
        self.estimator.fit(np.concatenate([X, copies]), np.tile(y, COPIES + 1))
        self.classes_ = self.estimator.classes_
        return self

    def predict(self, X):
        """Return the predictions of the model."""
        return self.estimator.predict(X)

    @available_if(_has("predict_proba"))
    def predict_proba(self, X):
        """Return the probabilities of the model."""
        return self.estimator.predict_proba(X)

    @available_if(_has("decision_function"))
    def decision_function(self, X):
        """Return the scores of the model."""
        return self.estimator.decision_function(X)
