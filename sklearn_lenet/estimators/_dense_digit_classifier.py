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
from ._parameter_checks import CONSTRAINTS, check_n_weights


class DenseDigitClassifier(BaseDigitClassifier):
    """A fully connected net for images of handwritten digits or any table of numbers.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(512, 128)
        Units of each hidden layer; an empty sequence is logistic regression.
    activation : {"relu", "tanh", "sigmoid", "logistic", "scaled_tanh", "identity"}, default="relu"
        The activation after each hidden layer.
    dropout : float, default=0.0
        Share of the outputs of each hidden layer that are set to zero during training.
    lr : float, default=0.003
        The learning rate; its maximum if ``lr_schedule`` changes it.
    max_epochs : int or "auto", default="auto"
        The number of epochs. "auto" takes 4 epochs for MNIST and more for fewer rows: as many
        as train on 96,000 rows in total, but at most 60. With augmentation it takes as many as
        LeNet5Classifier.
    batch_size : int or "auto", default=64
        Rows in one step. "auto" takes as many as LeNet5Classifier. A fit without augmentation of
        up to 256 rows, all in one batch, runs in float64, so that a row of weight 2 equals two
        rows.
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
    augment : {"auto", "shift", "affine", "elastic"}, callable or None, default=None
        Random distortions, new in each epoch. "shift" moves images by up to 2 pixels of 28,
        "affine" rotates, shears, stretches and moves them, "elastic" also distorts them
        smoothly, more if there are fewer rows. "auto" is "elastic" for images of at least 8x8
        pixels, else None. A callable takes a batch of standardised images, a float tensor of
        shape (n, 1, h, w) on the device, and returns another one. It may draw from torch's
        global random state, which is seeded for it and restored afterwards.
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
        Set a part of the rows aside for validation, compute the accuracy on them after each
        epoch, stop when it no longer improves, and keep the weights of the best epoch. False
        trains on all rows for ``max_epochs``.
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
        Notified of each epoch and each batch, as in skorch. An ``LRScheduler`` among them
        replaces ``lr_schedule``. ``set_params(callbacks__NAME__PARAMETER=...)`` sets a
        parameter of the callback with that name. Callbacks of scikit-learn 1.9 are
        set with ``set_callbacks``.
    verbose : int, default=0
        1 prints a line for each epoch.
    n_threads : int or None, default=None
        Torch's threads inside fit and predict; None does not change them. Inside joblib's
        workers never more than their share of the cores.
    device : str or torch.device, default="auto"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best one available.
    random_state : int, RandomState instance or None, default=None
        Seed of initialisation, shuffling, dropout, augmentation and the choice of validation
        rows. No global random state is read or changed; None takes a seed from the operating
        system.

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
    pixel_scale_ : PixelScale
        Mean, deviation and range of the training pixels. All pixels are standardised with
        this mean and deviation, in ``predict`` as in ``fit``.
    temperature_ : float
        The logits are divided by this number; see ``calibrate``. It is 1 with
        ``calibrate=False``, after `partial_fit`, and after an interrupted fit.
    prototypes_ : ndarray of shape (n_prototypes, n_units), float32
        Features that represent the training rows, at most ten rows per class. `novelty_score`
        compares with them. `partial_fit` does not set them.
    novelty_threshold_ : float
        The `novelty_score` that is exceeded by 1 % of the digits from which it was learned.
        It is infinite if the rows are not images and there are no validation rows.
    net_ : skorch.NeuralNetClassifier
        The trained net, reduced to what prediction needs unless a later fit continues with it.
    module_ : torch.nn.Module
        The trained torch module, layers hidden1, hidden2, ... and output.
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
        The record of each epoch: train_loss, valid_loss, valid_acc, lr, dur, and the values
        that callbacks have added. Pickles do not contain dur, the seconds.
    validation_scores_ : list of float or None
        Accuracy on the validation rows after each epoch, if there are any.
    best_validation_score_ : float or None
        The best of these scores; the net has the weights of that epoch.

    See Also
    --------
    LeNet5Classifier : The convolutional net behind the same interface.

    Notes
    -----
    X may be ``(n, p)``, ``(n, h, w)``, ``(n, 1, h, w)`` or ``(n, h, w, 1)``, of any
    number type and range; images are flattened row by row. Images in colour, ``(n, h, w, 3)`` or
    ``(n, 3, h, w)``, become grey.

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
        batch_size: int | str = 64,
        optimizer: str | type[torch.optim.Optimizer] = "adam",
        lr_schedule: str = "one-cycle",
        weight_decay: float = 0.0,
        label_smoothing: float = 0.02,
        average_weights: bool = False,
        augment: str | Callable[[torch.Tensor], torch.Tensor] | None = None,
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

    def _hidden_layer_sizes(self) -> tuple[int, ...]:
        given = self.hidden_layer_sizes
        sizes = tuple(given) if isinstance(given, Iterable) else (given,)
        for size in sizes:
            if not isinstance(size, Integral) or isinstance(size, bool) or size < 1:
                raise ValueError(
                    f"hidden_layer_sizes={given!r} contains {size!r}: each layer needs an int of "
                    "at least 1."
                )
        return tuple(int(size) for size in sizes)

    def _architecture(self) -> dict[str, Any]:
        return {
            "hidden_layer_sizes": self._hidden_layer_sizes(),
            "activation": self.activation,
        }

    def _check_net(self, n_classes: int) -> None:
        layers = [self.n_features_in_, *self._hidden_layer_sizes(), n_classes]
        check_n_weights(layers, "hidden_layer_sizes", self.hidden_layer_sizes)

    def _build_module(self, n_classes: int) -> DenseNet:
        return DenseNet(
            self.n_features_in_, n_classes, **self.architecture_, dropout=float(self.dropout)
        )

    def _arrange(self, rows: Pixels) -> Pixels:
        return rows

    def _arranged_shape(self) -> Shape:
        return self.image_shape_
