"""DaskLeNet5Classifier: LeNet-5, trained on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import torch
from numpy.random import RandomState

from ..estimators import LeNet5Classifier
from ._base_dask_classifier import BaseDaskClassifier


class DaskLeNet5Classifier(BaseDaskClassifier):
    """`LeNet5Classifier` on a Dask cluster, for rows that fit no single memory.

    The workers train one net together: each keeps its blocks of rows, takes its share of each
    batch, and averages its gradients with those of the others. The net is the same as that of
    `LeNet5Classifier` on the same rows with the same ``random_state``, except for rounding,
    however the rows are divided into blocks and however many workers there are.

    Parameters
    ----------
    activation, pooling, input_size, init, dropout : as in `LeNet5Classifier`
        The net.
    lr, max_epochs, batch_size, optimizer, lr_schedule, weight_decay, label_smoothing, \
average_weights, augment, calibrate, class_weight, early_stopping, validation_fraction, \
n_iter_no_change, tol, warm_start, callbacks : as in `LeNet5Classifier`
        The training. ``batch_size`` counts the rows of all workers.
    verbose : int, default=0
        1 prints a line for each epoch where the client is.
    n_threads : int or None, default=None
        Torch's threads on each worker; None takes as many as Dask gives the worker tasks.
    device, random_state : as in `LeNet5Classifier`
        The device is chosen on each worker: all must have the same kind.
    client : distributed.Client or None, default=None
        The client of the cluster; None takes the default client of the process. It is not part
        of pickles.

    Attributes
    ----------
    local_ : LeNet5Classifier
        The fitted classifier for one process. All its fitted attributes, such as ``classes_``,
        ``n_iter_`` and ``history_``, are attributes of this estimator too.

    See Also
    --------
    LeNet5Classifier : The same classifier for one process.

    Notes
    -----
    All workers must see each other in the network. A worker trains with as many threads as Dask
    gives it tasks: one worker with one thread for each core is fastest, or one worker for each
    GPU. Two fits on the same workers run one after the other.

    ``augment`` may be a callable; its random numbers then depend on the workers. Callbacks run on
    each worker, with its share of each batch and with the losses and accuracies of all rows.

    Examples
    --------
    >>> import dask.array as da
    >>> from distributed import Client
    >>> from sklearn.datasets import load_digits
    >>> from sklearn_lenet import DaskLeNet5Classifier
    >>> X, y = load_digits(return_X_y=True)
    >>> X, y = da.from_array(X, chunks=(500, 64)), da.from_array(y, chunks=500)
    >>> with Client(n_workers=2, processes=False, dashboard_address=":0") as client:
    ...     clf = DaskLeNet5Classifier(max_epochs=4, random_state=0, client=client).fit(X, y)
    ...     lazy = clf.predict(X)
    ...     print(lazy.chunks, (lazy == y).mean().compute() > 0.8)
    ((500, 500, 500, 297),) True
    """

    _local_class = LeNet5Classifier
    _parameter_constraints: ClassVar[dict[str, list[Any]]] = LeNet5Classifier._parameter_constraints

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
        client: Any = None,
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
        self.client = client
