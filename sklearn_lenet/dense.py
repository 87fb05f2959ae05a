"""DenseDigitClassifier: a fully connected net as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar

import torch
from numpy.random import RandomState
from sklearn.utils._param_validation import Interval, StrOptions

from ._base import BaseDigitClassifier
from ._geometry import Pixels
from .modules import ACTIVATIONS, DenseNet


class DenseDigitClassifier(BaseDigitClassifier):
    """A fully connected net for images of handwritten digits, or any table of numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(128,)
        Units of each hidden layer; an empty sequence is logistic regression.
    activation : {"relu", "tanh", "sigmoid", "scaled_tanh"}, default="relu"
        What follows each hidden layer.
    dropout : float, default=0.0
        Share of each hidden layer's outputs that are dropped while training.
    lr : float, default=0.004
        The peak of a learning rate that rises and falls once (one-cycle Adam).
    max_epochs : int or "auto", default="auto"
        Passes over the rows. "auto" makes 5 over MNIST, and more over fewer rows
        until about 1,500 steps are made, but no more than 60.
    batch_size : int, default=64
        Rows in one step. A fit of up to 256 rows, all in one batch, runs in double
        precision, so that weights equal repeated rows.
    device : str or torch.device, default="auto"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best there is.
    random_state : int, RandomState instance or None, default=None
        Covers initialisation, shuffling and dropout. No global random state is
        read or changed; None asks the operating system for a seed.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    n_features_in_ : int
        Pixels of one image.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        The columns' names, where X had string ones.
    image_shape_ : Shape
        Height and width of the images; of the square, where X held rows.
    pixel_scale_ : PixelScale
        Mean, deviation, lowest and highest of the training pixels. Mean and
        deviation are taken out of all pixels, in ``predict`` as in ``fit``.
    net_ : skorch.NeuralNetClassifier
        The trained net, trimmed for prediction.
    module_ : torch.nn.Module
        The trained torch module, layers hidden1, hidden2, ... and output.
    device_ : torch.device
        Where the net was trained and predicts.
    n_iter_ : int
        Passes made over the rows.
    loss_curve_ : list of float
        Mean training loss of each pass.

    See Also
    --------
    LeNet5Classifier : The convolutional net behind the same interface.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``, of any
    number type and range; images are read row by row.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import DenseDigitClassifier
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = DenseDigitClassifier(random_state=0).fit(X[:1000], y[:1000])
    >>> clf.predict(X[1000:1003])
    array([1, 4, 0])
    >>> clf.score(X[1000:], y[1000:]) > 0.9
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions(set(ACTIVATIONS))],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "max_epochs": [Interval(Integral, 1, None, closed="left"), StrOptions({"auto"})],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "device": [str, torch.device],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        *,
        hidden_layer_sizes: int | Sequence[int] = (128,),
        activation: str = "relu",
        dropout: float = 0.0,
        lr: float = 0.004,
        max_epochs: int | str = "auto",
        batch_size: int = 64,
        device: str | torch.device = "auto",
        random_state: int | RandomState | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.lr = lr
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.device = device
        self.random_state = random_state

    def _hidden_layer_sizes(self) -> list[int]:
        sizes = self.hidden_layer_sizes
        return list(sizes) if isinstance(sizes, Iterable) else [sizes]

    def _check_net(self) -> None:
        for size in self._hidden_layer_sizes():
            if not isinstance(size, Integral) or size < 1:
                raise ValueError(
                    f"hidden_layer_sizes={self.hidden_layer_sizes!r} holds {size!r}, but every "
                    "layer needs an int of at least 1."
                )

    def _build_module(self, n_classes: int) -> DenseNet:
        return DenseNet(
            self.n_features_in_,
            n_classes,
            hidden_layer_sizes=self._hidden_layer_sizes(),
            activation=self.activation,
            dropout=self.dropout,
        )

    def _arrange(self, rows: Pixels) -> Pixels:
        return rows
