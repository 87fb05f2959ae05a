"""DigitStringReader: a net that reads a whole line of digits, without cutting it into digits."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

from numpy.random import RandomState
from numpy.typing import ArrayLike
from sklearn.base import _fit_context
from sklearn.utils._param_validation import Interval

from ..estimators import CONSTRAINTS
from ..training import with_callbacks
from ._line_trainer import LineTrainer

if TYPE_CHECKING:
    import torch


class DigitStringReader(LineTrainer):
    r"""LeNet-5 swept over a line, which reads numbers as people write them.

    The digits may touch, overlap, lean, stand on a ruled line or on patterned paper: nothing is
    cut. The layers of LeNet-5 run over the line as convolutions, as in the space displacement
    network of the paper of 1998, and give a probability for each character at every second
    column. The net is trained on whole lines with the loss of connectionist temporal
    classification (CTC), which needs no places of digits.

    Parameters
    ----------
    alphabet : str, default="0123456789"
        The characters that are read.
    pattern : str, int or None, default=None
        Only texts that match are read: a regular expression such as ``r"\d{2,5}"``, or a number
        of characters. Known are characters, ``\d``, ``.``, ``[...]``, ``(...)``, ``|``, ``*``,
        ``+``, ``?`` and ``{m,n}``. It may be changed after ``fit``.
    min_confidence : float, default=0.0
        A text with less confidence is "?". It may be changed after ``fit``.
    n_lines : int, default=40_000
        The number of synthetic lines on which ``fit`` without pictures trains.
    n_jobs : int or None, default=None
        The number of processes that make synthetic lines, as in joblib.
    lr : float, default=0.012
        The learning rate; its maximum if ``lr_schedule`` changes it.
    max_epochs : int or "auto", default="auto"
        The number of epochs. "auto" takes 18 epochs for 40,000 lines and more for fewer lines.
    batch_size : int, default=64
        Lines in one step.
    optimizer : str or subclass of torch.optim.Optimizer, default="adam"
        As in `LeNet5Classifier`.
    lr_schedule : {"one-cycle", "cosine", "constant"}, default="one-cycle"
        How the learning rate changes during a fit.
    weight_decay : float, default=0.0
        The ``weight_decay`` of the optimizer.
    average_weights : bool, default=False
        Use an exponential moving average of the weights over the last steps.
    augment : bool, default=True
        Distort the lines at random, anew in each epoch: their size, slant, height and darkness.
    early_stopping : bool, default=False
        Set a part of the lines aside for validation, stop when the share of them that is read
        correctly no longer improves, and keep the weights of the best epoch.
    validation_fraction : float, default=0.1
        The share of the lines that ``early_stopping`` sets aside.
    n_iter_no_change : int, np.inf or "auto", default="auto"
        Consecutive epochs without improvement after which ``early_stopping`` stops, as in
        `LeNet5Classifier`.
    tol : float, default=1e-4
        The smallest gain that counts as an improvement.
    warm_start : bool, default=False
        Continue with the weights and the optimizer's state of the previous fit: train on
        synthetic lines first, then on lines of your own.
    callbacks : list of skorch callbacks or None, default=None
        Notified of each epoch and each batch, as in `LeNet5Classifier`.
    verbose : int, default=0
        1 prints a line for each epoch, and draws a progress bar on a terminal.
    n_threads : int or None, default=None
        Torch's threads inside fit and predict; None does not change them.
    device : str or torch.device, default="auto"
        "cpu", "cuda", "cuda:1", "mps", or "auto" for the best one available.
    random_state : int, RandomState instance or None, default=None
        Seed of the synthetic lines, initialisation, shuffling, augmentation and the choice of
        validation lines.

    Attributes
    ----------
    alphabet_ : str
        The characters that the net was trained to read.
    integers_ : bool
        Whether y contained integers. ``predict`` then returns integers too.
    net_ : skorch.NeuralNet
        The trained net, reduced to what prediction needs unless a later fit continues with it.
    module_ : torch.nn.Module
        The trained torch module.
    device_ : torch.device
        The device on which the net was trained and predicts.
    n_iter_ : int
        The number of epochs of the last fit.
    loss_ : float
        The mean training loss of the last epoch.
    loss_curve_ : list of float
        Mean training loss of each epoch.
    history_ : list of dict
        The record of each epoch, as in `LeNet5Classifier`.
    validation_scores_ : list of float or None
        The share of the validation lines that is read correctly after each epoch.
    best_validation_score_ : float or None
        The best of these scores.

    See Also
    --------
    make_digit_lines : Makes synthetic lines.
    read_digits : Reads the digits of a page.

    Notes
    -----
    Each line is read four times: as it is, smaller, and larger with a slant to the left and to the
    right. The probability of a text is the mean of its probabilities in these views; in each view
    it is the sum over all ways in which the columns spell the text.

    With an integer ``random_state``, two fits on one CPU are equal to the last bit if torch uses
    the same number of threads. A CPU that has instructions for bfloat16 trains with them, and
    other CPUs train in float32: their weights differ.

    References
    ----------
    .. [1] Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to
       document recognition", Proceedings of the IEEE 86(11), 1998, section VII.
    .. [2] A. Graves, S. Fernandez, F. Gomez, J. Schmidhuber, "Connectionist temporal
       classification: labelling unsegmented sequence data with recurrent neural networks",
       ICML 2006.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DigitStringReader, make_digit_lines
    >>> stem, ring = np.zeros((2, 28, 28), dtype=np.uint8)
    >>> stem[4:24, 13:15] = 255
    >>> ring[4:24, 7:21] = 255
    >>> ring[7:21, 10:18] = 0
    >>> digits = np.stack([stem, ring]).reshape(2, -1), ["1", "0"]
    >>> pictures, numbers = make_digit_lines(60, digits, n_digits=(1, 3), random_state=0)
    >>> reader = DigitStringReader(alphabet="01", max_epochs=2, random_state=0)
    >>> reader.fit(pictures, numbers).predict(pictures[:2]).shape
    (2,)
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = {
        "alphabet": [str],
        "pattern": [str, Interval(Integral, 0, None, closed="left"), None],
        "min_confidence": [Interval(Real, 0, 1, closed="both")],
        "n_lines": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "augment": ["boolean"],
    } | {
        name: CONSTRAINTS[name]
        for name in (
            "lr", "max_epochs", "optimizer", "lr_schedule", "weight_decay", "average_weights",
            "early_stopping", "validation_fraction", "n_iter_no_change", "tol", "warm_start",
            "callbacks", "verbose", "n_threads", "device", "random_state",
        )
    }  # fmt: skip

    def __init__(
        self,
        *,
        alphabet: str = "0123456789",
        pattern: str | int | None = None,
        min_confidence: float = 0.0,
        n_lines: int = 40_000,
        n_jobs: int | None = None,
        lr: float = 0.012,
        max_epochs: int | str = "auto",
        batch_size: int = 64,
        optimizer: str | type[torch.optim.Optimizer] = "adam",
        lr_schedule: str = "one-cycle",
        weight_decay: float = 0.0,
        average_weights: bool = False,
        augment: bool = True,
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
        self.alphabet = alphabet
        self.pattern = pattern
        self.min_confidence = min_confidence
        self.n_lines = n_lines
        self.n_jobs = n_jobs
        self.lr = lr
        self.max_epochs = max_epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.lr_schedule = lr_schedule
        self.weight_decay = weight_decay
        self.average_weights = average_weights
        self.augment = augment
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

    @_fit_context(prefer_skip_nested_validation=True)
    @with_callbacks
    def fit(
        self,
        X: Any = None,
        y: ArrayLike | None = None,
        *,
        digits: tuple[Any, Any] | None = None,
    ) -> Self:
        """Train a new net on lines, or with ``warm_start`` the present one.

        Ctrl-C ends the training and is raised again. The estimator is then fitted with the
        weights that it has reached.

        Parameters
        ----------
        X : sequence of paths, PIL images or arrays, default=None
            Pictures of one line each, of any size. None trains on ``n_lines`` synthetic lines.
        y : array-like of shape (n,), default=None
            What is written on each line: strings of characters of the alphabet, or integers. ""
            for a line without characters.
        digits : tuple (rows, labels), default=None
            The digits that synthetic lines are written with, as in `make_digit_lines`. None
            takes the training rows of MNIST. Lines in X are followed by synthetic ones if
            ``digits`` is given.

        Returns
        -------
        self : object
            The fitted estimator.
        """
        self._fit(X, y, digits)
        return self
