"""The skorch net of a fit: built around a module, and trimmed to what prediction needs."""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from skorch import NeuralNet, NeuralNetClassifier
from skorch.history import History
from torch import nn

from ._optimizers import optimizer_settings
from ._settings import Settings
from ._tasks import Task

Net = Any
"""A skorch net; skorch has no types."""

SILENCED = ("epoch_timer", "train_loss", "valid_loss", "valid_acc", "print_log")
"""skorch's own callbacks, which are switched off: the training loop writes the history itself."""


def skorch_net(module: nn.Module, task: Task, settings: Settings, device: torch.device) -> Net:
    """Return an initialised skorch net around a module, without batches of its own."""
    cls, keywords = optimizer_settings(settings.optimizer, settings.weight_decay, device)
    own: dict[str, Any] = {}
    if task.n_classes is not None:
        own = {"predict_nonlinearity": partial(torch.softmax, dim=1)}
        own["classes"] = list(range(task.n_classes))
    net = (NeuralNetClassifier if own else NeuralNet)(
        module,
        criterion=task.criterion,
        **{f"criterion__{name}": getattr(settings, name) for name in task.criterion_settings},
        optimizer=cls,
        **{f"optimizer__{name}": value for name, value in keywords.items()},
        lr=settings.lr,
        batch_size=settings.batch_size,
        train_split=None,
        **own,
        callbacks=list(settings.callbacks or ()),
        **{f"callbacks__{name}": None for name in SILENCED},
        device=str(device),
        verbose=0,
    )
    net.initialize()
    net.verbose = settings.verbose  # for callbacks that print
    net.module = type(module)  # a second reference to the module would be pickled again
    return net


def trimmed(net: Net, history: list[dict[str, Any]]) -> Net:
    """Return the net with what prediction needs: no optimizer, no batches, no gradients."""
    net.trim_for_prediction()
    net.history_ = as_history(history)
    net.module_.to(torch.float32)
    return net


def as_history(records: list[dict[str, Any]]) -> Any:
    """Return the records of epochs as skorch's history."""
    return History({**record, "batches": []} for record in without_durations(records))


def without_durations(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records of epochs without the seconds that they took.

    >>> without_durations([{"train_loss": 0.5, "dur": 1.5}])
    [{'train_loss': 0.5}]
    """
    return [{name: v for name, v in record.items() if name != "dur"} for record in records]
