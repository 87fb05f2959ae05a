"""LayerFeatures: the output of a layer as features for another estimator."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, MetaEstimatorMixin, TransformerMixin, _fit_context, clone
from sklearn.utils import Tags, get_tags
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    _routing_enabled,
    process_routing,
)

from ..estimators import LeNet5Classifier
from ..utils import DocLinkMixin, by_block, check_fitted
from ._activations import activations
from ._layers import layer_name, unwrap


class LayerFeatures(DocLinkMixin, MetaEstimatorMixin, TransformerMixin, BaseEstimator):
    """The output of a layer of a net, as features for another estimator.

    ``fit`` trains the net. In a pipeline the next step is then fitted on the output of the
    layer for the same rows. Wrap a net that is already trained in scikit-learn's
    ``FrozenEstimator``.

    Parameters
    ----------
    estimator : classifier of this package, pipeline that ends in one, or None, default=None
        The net. It is cloned before it is fitted. None is ``LeNet5Classifier()``.
    layer : str, default="F6"
        The name of the layer, as in `activations`.

    Attributes
    ----------
    estimator_ : estimator
        The fitted clone.
    classes_ : ndarray of shape (n_classes,)
        The labels that were seen in ``fit``.
    n_features_in_ : int
        The number of pixels of one image.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        The names of the columns, if X had column names that are all strings.

    See Also
    --------
    activations : The same as a function, for a fitted net.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.svm import SVC
    >>> from sklearn_lenet import LayerFeatures, LeNet5Classifier
    >>> X, y = load_digits(return_X_y=True)
    >>> net = LeNet5Classifier(max_epochs=10, random_state=0)
    >>> pipe = make_pipeline(LayerFeatures(net, layer="F6"), SVC()).fit(X[:1000], y[:1000])
    >>> pipe.score(X[1000:], y[1000:]) > 0.9
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "estimator": [HasMethods(["fit", "predict"]), None],
        "layer": [str],
    }

    def __init__(self, estimator: Any = None, *, layer: str = "F6") -> None:
        self.estimator = estimator
        self.layer = layer

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: ArrayLike, y: ArrayLike, **fit_params: Any) -> Self:
        """Train the net.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits.
        y : array-like of shape (n,)
            Their labels.
        **fit_params : dict
            Passed on to ``fit`` of the net; with metadata routing, those that it requests.

        Returns
        -------
        self : object
            The fitted transformer.
        """
        if _routing_enabled():
            fit_params = process_routing(self, "fit", **fit_params).estimator.fit
        estimator = clone(self._net()).fit(X, y, **fit_params)
        layer_name(unwrap(estimator)[1].module_, self.layer)
        self.estimator_ = estimator
        self.classes_ = estimator.classes_
        self.n_features_in_ = estimator.n_features_in_
        if hasattr(estimator, "feature_names_in_"):
            self.feature_names_in_ = estimator.feature_names_in_
        else:
            self.__dict__.pop("feature_names_in_", None)
        return self

    def get_metadata_routing(self) -> MetadataRouter:
        """Return which metadata is routed to the net.

        Returns
        -------
        routing : MetadataRouter
            The routing of ``fit``.
        """
        mapping = MethodMapping().add(caller="fit", callee="fit")
        router: MetadataRouter = MetadataRouter(owner=self).add(
            estimator=self._net(), method_mapping=mapping
        )
        return router

    @by_block
    def transform(self, X: ArrayLike) -> NDArray[Any]:
        """Return the flattened output of the layer for each row.

        Parameters
        ----------
        X : array-like of shape (n, p), (n, h, w), (n, 1, h, w) or (n, h, w, 1)
            The digits; those of Dask give a lazy array.

        Returns
        -------
        features : ndarray of shape (n, n_features), float32
            One map after the other, each one row by row.
        """
        check_fitted(self)
        values = activations(self.estimator_, X, self.layer)
        return values.reshape(len(values), -1)

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:  # noqa: ARG002 - scikit-learn's signature
        """Return a name for each feature: the layer with a number, as in f6_0, f6_1, ...

        Parameters
        ----------
        input_features : ignored
            Not used: the names do not depend on the input.

        Returns
        -------
        names : ndarray of str objects
            One name for each column of `transform`.
        """
        check_fitted(self)
        net = unwrap(self.estimator_)[1]
        blank = np.full((1, net.n_features_in_), net.pixel_scale_.lowest, dtype=np.float32)
        n_values = activations(net, blank, self.layer).size
        return np.array([f"{self.layer.lower()}_{k}" for k in range(n_values)], dtype=object)

    def _net(self) -> Any:
        return LeNet5Classifier() if self.estimator is None else self.estimator

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags = get_tags(self._net()).input_tags
        tags.target_tags.required = True
        tags.transformer_tags.preserves_dtype = []
        return tags
