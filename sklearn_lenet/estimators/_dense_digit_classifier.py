"""DenseDigitClassifier: a fully connected net as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar

import torch
from numpy.random import RandomState
from sklearn.utils._param_validation import Interval, StrOptions

from ..nets import ACTIVATIONS, DenseNet
from ..utils import Pixels, Shape
from ._base_classifier import BaseDigitClassifier
from ._parameter_checks import CONSTRAINTS


class DenseDigitClassifier(BaseDigitClassifier):
    """A fully connected net for images of handwritten digits, or any table of numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(512, 128)
        Units of each hidden layer; an empty sequence is logistic regression.
    activation : {"relu", "tanh", "sigmoid", "scaled_tanh"}, default="relu"
        What follows each hidden layer.
    dropout : float, default=0.0
        Share of each hidden layer's outputs that are dropped while training.
    lr : float, default=0.003
        The learning rate; its peak where ``lr_schedule`` moves it.
    max_epochs : int or "auto", default="auto"
        Passes over the rows. "auto" makes 4 over MNIST, and more over fewer rows
        until 96,000 have been seen, but no more than 60.
    batch_size : int, default=64
        Rows in one step. A fit of up to 256 rows, all in one batch, runs in double
        precision, so that weights equal repeated rows.
    optimizer : str or subclass of torch.optim.Optimizer, default="adam"
        "adagrad", "adam", "adamw", "nadam", "radam", "rmsprop", "sgd" (with Nesterov's
        momentum of 0.9), or a class that takes ``params`` and ``lr``.
    lr_schedule : {"one-cycle", "cosine", "constant"}, default="one-cycle"
        How the rate runs through ``max_epochs``: up to ``lr`` and down to nearly nothing,
        from ``lr`` down to 0, or ``lr`` throughout.
    weight_decay : float, default=0.0
        Torch's ``weight_decay`` of the optimiser.
    label_smoothing : float, default=0.02
        Share of each label that is spread over all classes. It helps where rows are few,
        and keeps probabilities away from 0 and 1.
    average_weights : bool, default=False
        Keep an exponential moving average of the weights over the last steps.
    augment : {"shift", "affine", "elastic"}, callable or None, default=None
        Change the images anew in each pass: move them by up to 2 pixels of 28; turn, slant,
        stretch and move them; pull them about besides. Or a function from a batch of
        standardised images, a float tensor of shape (n, 1, h, w) on the device, to
        another. It may draw from torch's global state, which is seeded for it and put back.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class, 1 where the dict leaves it out. "balanced" gives all classes
        the same sum of weights.
    early_stopping : bool, default=False
        Hold a part of the rows back, score it after each pass, stop when the score does
        not improve any more, and keep the weights of the best pass. False trains on
        every row for all of ``max_epochs``.
    validation_fraction : float, default=0.1
        The part that ``early_stopping`` holds back, drawn from each class alike.
    n_iter_no_change : int, default=10
        Passes in a row without an improvement after which ``early_stopping`` stops.
    tol : float, default=1e-4
        The least gain in accuracy that is an improvement.
    warm_start : bool, default=False
        Go on from the weights and the optimiser's state of the fit before.
    callbacks : list of skorch callbacks or None, default=None
        Told of each pass and each batch, as in skorch. Callbacks of scikit-learn 1.9 are
        set with ``set_callbacks``.
    verbose : int, default=0
        1 prints a line for each pass.
    n_threads : int or None, default=None
        Torch's threads inside fit and predict; None leaves them as they are. Inside
        joblib's workers never more than their share of the cores.
    device : str or torch.device, default="auto"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best there is.
    random_state : int, RandomState instance or None, default=None
        Covers initialisation, shuffling, dropout, augmentation and the rows held back.
        No global random state is read or changed; None asks the operating system for a seed.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    n_features_in_ : int
        Pixels of one image.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        The columns' names, where X had string ones.
    image_shape_ : Shape
        Height and width of the images; of the square, where X held rows.
    pixel_scale_ : PixelScale
        Mean, deviation, lowest and highest of the training pixels. Mean and
        deviation are taken out of all pixels, in ``predict`` as in ``fit``.
    net_ : skorch.NeuralNetClassifier
        The trained net, trimmed for prediction unless a later fit goes on from it.
    module_ : torch.nn.Module
        The trained torch module, layers hidden1, hidden2, ... and output.
    device_ : torch.device
        Where the net was trained and predicts.
    n_iter_ : int
        Passes made over the rows.
    loss_curve_ : list of float
        Mean training loss of each pass.
    history_ : list of dict
        All that was noted of each pass: train_loss, valid_loss, valid_acc, lr, dur, and what
        callbacks wrote.
    validation_scores_ : list of float or None
        Accuracy on the validation rows after each pass, where there are any.
    best_validation_score_ : float or None
        The best of them, whose weights the net has.

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
        **CONSTRAINTS,
    }

    def __init__(
        self,
        *,
        hidden_layer_sizes: int | Sequence[int] = (512, 128),
        activation: str = "relu",
        dropout: float = 0.0,
        lr: float = 0.003,
        max_epochs: int | str = "auto",
        batch_size: int = 64,
        optimizer: str | type[torch.optim.Optimizer] = "adam",
        lr_schedule: str = "one-cycle",
        weight_decay: float = 0.0,
        label_smoothing: float = 0.02,
        average_weights: bool = False,
        augment: str | Callable[[torch.Tensor], torch.Tensor] | None = None,
        class_weight: dict[Any, float] | str | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        tol: float = 1e-4,
        warm_start: bool = False,
        callbacks: Sequence[Any] | None = None,
        verbose: int = 0,
        n_threads: int | None = None,
        device: str | torch.device = "auto",
        random_state: int | RandomState | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.lr = lr
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.lr_schedule = lr_schedule
        self.weight_decay = weight_decay
        self.label_smoothing = label_smoothing
        self.average_weights = average_weights
        self.augment = augment
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.warm_start = warm_start
        self.callbacks = callbacks
        self.verbose = verbose
        self.n_threads = n_threads
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

    def _arranged_shape(self) -> Shape:
        return self.image_shape_
