"""LeNet5Classifier: LeNet-5 as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any, ClassVar

import torch
from numpy.random import RandomState
from sklearn.utils._param_validation import Interval, StrOptions
from torch import nn

from ..nets import ACTIVATIONS, POOLINGS, SMALLEST_INPUT, LeNet5
from ..utils import LARGEST_SIDE, Field, Pixels, Shape, check_fits, lay_on_field
from ._base_classifier import BaseDigitClassifier
from ._field import field_of
from ._parameter_checks import CONSTRAINTS
from ._pretrained_nets import pretrained, with_pretrained_layers


class LeNet5Classifier(BaseDigitClassifier):
    """LeNet-5, the convolutional net of LeCun et al. (1998), for images of handwritten digits.

    It has two convolutions with pooling, a third convolution over all that remains, and two
    fully connected layers: 61,706 parameters for a 32x32 field and ten classes. With the right
    parameters it is any of the nets that are called LeNet-5:

    ===============================================  ======================================
    LeNet-5 of the textbooks (tanh, average)         ``activation="tanh", pooling="avg"``
    with ReLU and max pooling                        the default
    on 28x28 without a border: 44,426 parameters     ``input_size=None, pooling="avg"``
    with sigmoid, as some tutorials have it          ``activation="sigmoid"``
    with the activation of 1998, 1.7159 tanh(2a/3)   ``activation="scaled_tanh"``
    ===============================================  ======================================

    Parameters
    ----------
    activation : {"relu", "tanh", "sigmoid", "logistic", "scaled_tanh", "identity"}, default="relu"
        The activation after C1, C3, C5 and F6.
    pooling : {"max", "avg"}, default="max"
        How S2 and S4 halve the sides of the maps.
    input_size : int or None, default=32
        Side of the square field that images are laid on, at least 16. With None the field is
        28x28 without a border, or larger if the images are larger.
    init : {"digits", "mnist"} or None, default=None
        The model of `load_pretrained` from which all layers but the output start, for any labels.
        It also decides activation, pooling and input size, whatever the parameters above say.
    dropout : float, default=0.0
        Share of the outputs of C5 and F6 that are set to zero during training.
    lr : float, default=0.006
        The learning rate; its maximum if ``lr_schedule`` changes it.
    max_epochs : int or "auto", default="auto"
        The number of epochs. "auto" takes 5 epochs for MNIST and more for fewer rows: 221 for
        1,000 rows, 620 for 100. Without augmentation it takes 4 epochs for MNIST and at most 60,
        because more of them would make the predictions worse.
    batch_size : int or "auto", default="auto"
        Rows in one step. "auto" takes 128 rows, and fewer if there are fewer rows and they are
        augmented: 34 of 1,000 rows, 16 of 100. A fit without augmentation of up to 256 rows, all
        in one batch, runs in float64, so that a row of weight 2 equals two rows.
    optimizer : str or subclass of torch.optim.Optimizer, default="adam"
        "adagrad", "adam", "adamw", "nadam", "radam", "rmsprop", "sgd" (with Nesterov's
        momentum of 0.9), or a class that takes ``params`` and ``lr``.
    lr_schedule : {"one-cycle", "cosine", "constant"}, default="one-cycle"
        How the learning rate changes during a fit: up to ``lr`` and down to almost 0, from
        ``lr`` down to 0, or not at all.
    weight_decay : float, default=0.0
        The ``weight_decay`` of the optimizer.
    label_smoothing : float, default=0.02
        Share of each label that is distributed over all classes. It helps if there are few
        rows. It makes the net less certain than it should be; for images, ``calibrate`` corrects
        this.
    average_weights : bool, default=False
        Use an exponential moving average of the weights over the last steps.
    augment : {"auto", "shift", "affine", "elastic"}, callable or None, default="auto"
        Random distortions, new in each epoch. "shift" moves images by up to 2 pixels of 28,
        "affine" rotates, shears, stretches and moves them, "elastic" also distorts them
        smoothly, more if there are fewer rows. "auto" is "elastic" for images of at least 8x8
        pixels (flat rows: 64 columns), else None. A callable takes a batch of standardised
        images, a float tensor of shape (n, 1, h, w) on the device, and returns another one. It
        may draw from torch's global random state, which is seeded for it and restored afterwards.
    calibrate : bool, default=True
        Fit one temperature at the end of ``fit``, so that a probability of 0.9 is right in 90 %
        of the cases. It is fitted on the validation rows if there are any, else on distorted
        training rows. Flat rows of at least 64 numbers count as images: set False if they are
        not pixels. Smaller rows are not distorted; the temperature can then only make the net
        less certain. `predict` does not change.
    class_weight : dict, "balanced" or None, default=None
        Weight of each class, 1 if it is not in the dict. "balanced" gives all classes the
        same sum of weights.
    early_stopping : bool, default=False
        Set a part of the rows aside for validation, stop when the accuracy on them no longer
        improves, and keep the weights of the best epoch. False trains on all rows.
    validation_fraction : float, default=0.1
        The share of the rows that ``early_stopping`` sets aside, the same for each class.
    n_iter_no_change : int, np.inf or "auto", default="auto"
        Consecutive epochs without improvement after which ``early_stopping`` stops;
        ``np.inf`` never stops. "auto" is 10 epochs. If ``lr_schedule`` lowers the learning rate,
        it is half of ``max_epochs`` if that is more, because the last epochs are the best ones.
    tol : float, default=1e-4
        The smallest gain in accuracy that counts as an improvement.
    warm_start : bool, default=False
        Continue with the weights and the optimizer's state of the previous fit.
    callbacks : list of skorch callbacks or None, default=None
        Notified of each epoch and each batch, as in skorch. An ``LRScheduler`` among them replaces
        ``lr_schedule``. ``set_params(callbacks__NAME__PARAMETER=...)`` sets a parameter of the
        callback with that name. ``set_callbacks`` sets callbacks of scikit-learn 1.9.
    verbose : int, default=0
        1 prints a line for each epoch.
    n_threads : int or None, default=None
        Torch's threads inside fit and predict; None does not change them. Inside joblib's
        workers never more than their share of the cores.
    device : str or torch.device, default="auto"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best one available.
    random_state : int, RandomState instance or None, default=None
        Seed of initialisation, shuffling, dropout, augmentation and the choice of validation
        rows; None takes one from the operating system. No global random state is used.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    n_features_in_ : int
        Pixels of one image.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if X had strings as names.
    image_shape_ : Shape
        Height and width of the images; those of the square if X contained flat rows.
    background_ : float
        The pixel value of the background: the median of the images' corners. It is right for
        white on black, for black on white and for pixels of any scale.
    pixel_scale_ : PixelScale
        Mean, deviation and range of the training pixels. All pixels are standardised with
        this mean and deviation, in ``predict`` as in ``fit``.
    temperature_ : float
        The logits are divided by it. 1 after `partial_fit` or an interrupted fit.
    prototypes_ : ndarray of shape (n_prototypes, n_units), float32
        Features of at most ten typical rows per class, with which `novelty_score` compares.
    novelty_threshold_ : float
        The `novelty_score` that is exceeded by 1 % of the digits from which it was learned.
        It is infinite if the rows are not images and there are no validation rows.
    net_ : skorch.NeuralNetClassifier
        The trained net, reduced to what prediction needs unless a later fit continues with it.
    module_ : torch.nn.Module
        The trained torch module, layers c1, c3, c5, f6 and output.
    device_ : torch.device
        The device on which the net was trained and predicts.
    architecture_ : dict
        The parameters that the net was built with. Changes of the parameters after ``fit`` do
        not change the net; a warm start with another architecture raises an error.
    n_iter_ : int
        The number of epochs of the last fit, as in ``MLPClassifier``.
    loss_ : float
        The mean training loss of the last epoch.
    loss_curve_ : list of float
        Mean training loss of each epoch, of earlier fits too with ``warm_start``.
    history_ : list of dict
        train_loss, valid_loss, valid_acc, lr, dur (not in pickles) and callbacks' values by epoch.
    validation_scores_ : list of float or None
        Accuracy on the validation rows after each epoch, if there are any.
    best_validation_score_ : float or None
        The best of these scores; the net has the weights of that epoch.

    See Also
    --------
    DenseDigitClassifier : A fully connected net behind the same interface.
    PadNormalizer : The padding and scaling alone, for other estimators too.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``, of any
    number type and range. Images in colour, ``(n, h, w, 3)`` or ``(n, 3, h, w)``, become grey.
    Images are laid on the field as follows:

    1. Flat rows are laid line by line on the smallest square that has room for them; the rest of
       the square is background.
    2. An image is enlarged by the largest integer factor at which its longer side fits into the
       field without a border of two pixels on each side (28 of 32): an 8x8 digit becomes 24x24,
       a 28x28 digit keeps its size.
    3. It is centred on the field; the rest is background.

    With an integer ``random_state``, two fits on one CPU are equal to the last bit if torch uses
    the same number of threads.

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
        "input_size": [Interval(Integral, SMALLEST_INPUT, LARGEST_SIDE, closed="both"), None],
        "init": [StrOptions({"digits", "mnist"}), None],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        **CONSTRAINTS,
    }

    def __init__(
        self,
        *,
        activation: str = "relu",
        pooling: str = "max",
        input_size: int | None = 32,
        init: str | None = None,
        dropout: float = 0.0,
        lr: float = 0.006,
        max_epochs: int | str = "auto",
        batch_size: int | str = "auto",
        optimizer: str | type[torch.optim.Optimizer] = "adam",
        lr_schedule: str = "one-cycle",
        weight_decay: float = 0.0,
        label_smoothing: float = 0.02,
        average_weights: bool = False,
        augment: str | Callable[[torch.Tensor], torch.Tensor] | None = "auto",
        calibrate: bool = True,
        class_weight: dict[Any, float] | str | None = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: float | str = "auto",
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
        self.init = init
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
        self.calibrate = calibrate
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

    def _architecture(self) -> dict[str, Any]:
        if self.init:
            return dict(pretrained(self.init).architecture_)
        size = None if self.input_size is None else int(self.input_size)
        return {"activation": self.activation, "pooling": self.pooling, "input_size": size}

    def _field(self) -> Field:
        """Return the field of the fitted net."""
        return field_of(self.architecture_["input_size"], self.image_shape_)

    def _check_net(self, n_classes: int) -> None:  # noqa: ARG002 - of NetTrainer; only the weights of a dense net are counted
        field = field_of(self._architecture()["input_size"], self.image_shape_)
        check_fits(self.image_shape_, self.n_features_in_, field, "input_size")

    def _build_module(self, n_classes: int) -> LeNet5:
        return LeNet5(
            n_classes,
            input_size=self._field().size,
            activation=self.architecture_["activation"],
            pooling=self.architecture_["pooling"],
            dropout=float(self.dropout),
        )

    def _first_module(self, seed: int) -> nn.Module:
        module = super()._first_module(seed)
        return with_pretrained_layers(module, self.init) if self.init else module

    def _arrange(self, rows: Pixels) -> Pixels:
        return lay_on_field(rows, self.image_shape_, self._field(), self.background_)[:, None]

    def _arranged_shape(self) -> Shape:
        return Shape(self._field().size, self._field().size)
