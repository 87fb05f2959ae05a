"""activations: the output of one layer of a fitted net."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from ._layers import outputs


def activations(estimator: Any, X: ArrayLike, layer: str) -> NDArray[Any]:
    """Return what a layer of a fitted net puts out, after its activation.

    Parameters
    ----------
    estimator : classifier of this package, or pipeline that ends in one
        Fitted.
    X : array-like
        Digits, as ``predict`` takes them.
    layer : str
        "input", "C1", "S2", "C3", "S4", "C5", "F6" or "output" of LeNet-5, "input",
        "hidden1", ... or "output" of a dense net. The input is what the net sees,
        standardised pixels, and the output is the logits.

    Returns
    -------
    values : ndarray of shape (n, maps, h, w) or (n, units), float32
        Maps of a convolution or a pooling, or units from C5 on.

    See Also
    --------
    LayerFeatures : The same as a transformer, for a pipeline.
    FeatureMapsDisplay : Draws them.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier, activations
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=2, random_state=0).fit(X[:500], y[:500])
    >>> activations(clf, X[:3], "S2").shape, activations(clf, X[:3], "F6").shape
    ((3, 6, 14, 14), (3, 84))
    """
    return next(iter(outputs(estimator, X, [layer]).values()))
