"""BaseDaskClassifier: fit and predict of both classifiers for Dask."""

from __future__ import annotations

import copy
from abc import ABC
from typing import Any, ClassVar, Self

from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import Tags

from ..estimators import BaseDigitClassifier
from ..utils import DocLinkMixin, check_fitted, check_validation_rows
from ._clients import the_client
from ._conductor import Conductor
from ._shared_fit import SharedFit


class BaseDaskClassifier(ClassifierMixin, DocLinkMixin, BaseEstimator, ABC):
    """Abstract: a classifier that the workers of a Dask cluster train together."""

    client: Any
    verbose: int
    warm_start: bool
    local_: BaseDigitClassifier

    _local_class: ClassVar[type[BaseDigitClassifier]]
    """The classifier for one process."""

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
    ) -> Self:
        """Train a net on the workers of the cluster.

        Each worker loads its blocks, or keeps those that it already has, writes the rows to a file
        in its local directory, and takes an equal share of each batch. The gradients are averaged
        over the workers in each step. The net is the same as in a fit in one process, except for
        rounding.

        Ctrl-C ends the training and is raised again. The estimator is then fitted with the
        weights that it has reached, has the temperature 1, and no `novelty_score`.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, in the shapes and with the pixels that the local classifier takes. Data
            that is no Dask collection is distributed over the workers.
        y : dask array or Series, or array-like of shape (n,)
            The labels, in the same blocks as X.
        sample_weight : dask array or Series, or array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.
        X_val : as X, default=None
            Digits to validate each epoch on; the weights of the best epoch are kept.
        y_val : as y, default=None
            Their labels.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        name = type(self).__name__
        self._validate_params()
        check_validation_rows(X_val, y_val)
        is_new = not (self.warm_start and "local_" in self.__dict__)
        params = self._local_params()
        local = self._local_class() if is_new else copy.deepcopy(self.local_)
        local.set_params(**params, verbose=0)  # the client prints the lines
        with Conductor(the_client(self.client, name)) as conductor:
            shared = SharedFit(conductor, local, self.verbose)
            error = shared.run(X, y, sample_weight, X_val, y_val, is_new=is_new)
        self.local_ = shared.estimator.set_params(**self._local_params(), verbose=self.verbose)
        if error is not None:
            raise error
        return self

    def _local_params(self) -> dict[str, Any]:
        """Return the parameters of the local classifier but ``verbose``."""
        own = ("client", "verbose")
        return {k: v for k, v in self.get_params(deep=False).items() if k not in own}

    def to_local(self) -> BaseDigitClassifier:
        """Return the fitted classifier for one process: it needs no cluster and no Dask.

        Returns
        -------
        classifier : object
            A copy, independent of this estimator.
        """
        return copy.deepcopy(self._fitted())

    def predict(self, X: Any) -> Any:
        """Return the most probable label of each row.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        y : dask array or ndarray of shape (n,)
            Labels from ``classes_``: a lazy array for Dask collections.
        """
        return self._fitted().predict(X)

    def predict_proba(self, X: Any) -> Any:
        """Return the probability of each class, calibrated with ``temperature_``.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        probabilities : dask array or ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``; rows sum to 1.
        """
        return self._fitted().predict_proba(X)

    def predict_log_proba(self, X: Any) -> Any:
        """Return the logarithm of the probability of each class; it is always finite.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        log_probabilities : dask array or ndarray of shape (n, n_classes), float32
            One column per class, in the order of ``classes_``.
        """
        return self._fitted().predict_log_proba(X)

    def decision_function(self, X: Any) -> Any:
        """Return the logits, divided by ``temperature_``; for two classes, their difference.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : dask array or ndarray of shape (n, n_classes), or (n,) for less than three classes
            For two classes, a score above zero means the second class.
        """
        return self._fitted().decision_function(X)

    def novelty_score(self, X: Any) -> Any:
        """Return how much each row differs from the training rows: higher is more different.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits, scaled as they were in ``fit``.

        Returns
        -------
        scores : dask array or ndarray of shape (n,), float32
            As `novelty_score` of the local classifier.
        """
        return self._fitted().novelty_score(X)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the accuracy of `predict`.

        Parameters
        ----------
        X : dask array or DataFrame, or array-like
            The digits; those of Dask are read block by block.
        y : dask array or Series, or array-like of shape (n,)
            Their labels.
        sample_weight : dask array or Series, or array-like of shape (n,), default=None
            The weight of each row; None gives all rows the same weight.

        Returns
        -------
        accuracy : float
            The share of the rows, or of their weight, whose label is right.
        """
        return self._fitted().score(X, y, sample_weight)

    def _fitted(self) -> BaseDigitClassifier:
        check_fitted(self)
        return self.local_

    def __sklearn_is_fitted__(self) -> bool:
        return "local_" in self.__dict__

    def __getattr__(self, name: str) -> Any:
        # The fitted attributes are those of the local classifier.
        if name.endswith("_") and not name.startswith("_") and "local_" in self.__dict__:
            return getattr(self.local_, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __sklearn_clone__(self) -> Self:
        # A client cannot be copied; a clone uses the same one.
        params = self.get_params(deep=False)
        client = params.pop("client")
        return type(self)(**{k: clone(v, safe=False) for k, v in params.items()}, client=client)

    def __getstate__(self) -> dict[str, Any]:
        # Nor can it be pickled; the loaded estimator uses the default client of its process.
        return dict(super().__getstate__()) | {"client": None}

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
