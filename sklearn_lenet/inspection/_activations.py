"""activations: the output of one layer of a fitted net."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from ._layers import outputs_by_layer


def activations(estimator: Any, X: ArrayLike, layer: str) -> NDArray[Any]:
    """Return the output of one layer of a fitted net, after its activation.

    Parameters
    ----------
    estimator : classifier of this package, or pipeline that ends in one
        It has to be fitted.
    X : array-like
        The digits, in any form that ``predict`` takes.
    layer : str
        "input", "C1", "S2", "C3", "S4", "C5", "F6" or "output" of LeNet-5; "input",
        "hidden1", ... or "output" of a dense net. "input" gives the standardised pixels that
        enter the net, and "output" gives the logits.

    Returns
    -------
    values : ndarray of shape (n, maps, h, w) or (n, units), float32
        Maps for a convolution or a pooling; units for C5 and the layers after it.

    See Also
    --------
    LayerFeatures : The same as a transformer, for a pipeline.
    FeatureMapsDisplay : Draws these values.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, activations
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> activations(clf, X[:3], "S2").shape, activations(clf, X[:3], "F6").shape
    ((3, 6, 14, 14), (3, 84))
    """
    (values,) = outputs_by_layer(estimator, X, [layer]).values()
    return values
