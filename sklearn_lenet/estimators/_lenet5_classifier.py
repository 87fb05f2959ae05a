"""LeNet5Classifier: LeNet-5 as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar

import torch
from numpy.random import RandomState
from sklearn.utils._param_validation import Interval, StrOptions

from ..nets import ACTIVATIONS, POOLINGS, SMALLEST_INPUT, LeNet5
from ..utils import Field, Pixels, Shape, check_fits, lay_on_field
from ._base_classifier import BaseDigitClassifier
from ._parameter_checks import CONSTRAINTS

DIGIT_SIZE = 28
"""The side of an MNIST digit, and of the smallest field without a border."""


class LeNet5Classifier(BaseDigitClassifier):
    """LeNet-5, the convolutional net of 1998, for images of handwritten digits.

    Two convolutions with pooling, a third that sees all that is left, and two
    fully connected layers: 61,706 parameters on a 32x32 field and ten classes.
    By its parameters it is each of the nets that go by the name:

    ===============================================  ======================================
    LeNet-5 of the textbooks (tanh, average)         ``activation="tanh", pooling="avg"``
    with ReLU and max pooling                        the default
    on 28x28 without a border: 44,426 parameters     ``input_size=None, pooling="avg"``
    with sigmoid, as some tutorials have it          ``activation="sigmoid"``
    with the squashing of 1998, 1.7159 tanh(2a/3)    ``activation="scaled_tanh"``
    ===============================================  ======================================

    Parameters
    ----------
    activation : {"relu", "tanh", "sigmoid", "scaled_tanh"}, default="relu"
        What follows C1, C3, C5 and F6.
    pooling : {"max", "avg"}, default="max"
        How S2 and S4 halve the maps.
    input_size : int or None, default=32
        Side of the square field that images are laid on, at least 16. None lays
        them on 28x28 without a border, or on as much as larger images need.
    dropout : float, default=0.0
        Share of C5's and F6's outputs that are dropped while training.
    lr : float, default=0.008
        The learning rate; its peak where ``lr_schedule`` moves it.
    max_epochs : int or "auto", default="auto"
        Passes over the rows. "auto" makes 4 over MNIST, and more over fewer rows
        until 96,000 have been seen, but no more than 60.
    batch_size : int, default=128
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
    background_ : float
        The pixel value of the paper: the median of the images' corners, so right for
        white on black, for black on white and for pixels of any scale.
    pixel_scale_ : PixelScale
        Mean, deviation, lowest and highest of the training pixels. Mean and
        deviation are taken out of all pixels, in ``predict`` as in ``fit``.
    net_ : skorch.NeuralNetClassifier
        The trained net, trimmed for prediction unless a later fit goes on from it.
    module_ : torch.nn.Module
        The trained torch module, layers c1, c3, c5, f6 and output.
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
    DenseDigitClassifier : A fully connected net behind the same interface.
    PadNormalizer : The padding and scaling alone, for other estimators too.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``, of any
    number type and range. Images are laid on the field by one rule:

    1. A row of values that is not an image already is read row by row and laid on
       the smallest square that holds it; what is left of the square is background.
    2. An image is enlarged by the largest whole factor at which its longer side
       still fits the field less a border of two pixels a side (28 of 32): an 8x8
       digit becomes 24x24, a 28x28 digit stays as it is.
    3. It is centred on the field; the rest is background.

    An integer ``random_state`` makes two fits on one CPU equal to the last bit, as
    long as torch uses the same number of threads.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning
       applied to document recognition", Proceedings of the IEEE 86(11), 1998.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import LeNet5Classifier
    >>> X, y = load_digits(return_X_y=True)
    >>> clf = LeNet5Classifier(max_epochs=10, random_state=0).fit(X[:1000], y[:1000])
    >>> clf.predict(X[1000:1003])
    array([1, 4, 0])
    >>> clf.score(X[1000:], y[1000:]) > 0.9
    True
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "activation": [StrOptions(set(ACTIVATIONS))],
        "pooling": [StrOptions(set(POOLINGS))],
        "input_size": [Interval(Integral, SMALLEST_INPUT, None, closed="left"), None],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        **CONSTRAINTS,
    }

    def __init__(
        self,
        *,
        activation: str = "relu",
        pooling: str = "max",
        input_size: int | None = 32,
        dropout: float = 0.0,
        lr: float = 0.008,
        max_epochs: int | str = "auto",
        batch_size: int = 128,
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
        self.activation = activation
        self.pooling = pooling
        self.input_size = input_size
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

    def _field(self) -> Field:
        if self.input_size is None:
            size = max(DIGIT_SIZE, *self.image_shape_)
            return Field(size, box=size)
        return Field.bordered(self.input_size)

    def _check_net(self) -> None:
        check_fits(self.image_shape_, self.n_features_in_, self._field(), "input_size")

    def _build_module(self, n_classes: int) -> LeNet5:
        return LeNet5(
            n_classes,
            input_size=self._field().size,
            activation=self.activation,
            pooling=self.pooling,
            dropout=self.dropout,
        )

    def _arrange(self, rows: Pixels) -> Pixels:
        fields = lay_on_field(rows, self.image_shape_, self._field(), self.background_)
        return fields[:, None]

    def _arranged_shape(self) -> Shape:
        return Shape(self._field().size, self._field().size)
