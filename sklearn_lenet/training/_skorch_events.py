"""What skorch's history and callbacks are told during a fit, and the line printed per epoch."""

from __future__ import annotations

import math
from typing import Any

from skorch.callbacks import EarlyStopping, LRScheduler
from torch import Tensor

from ._skorch_net import Net


def named_callbacks(callbacks: Any) -> list[tuple[str, Any]]:
    """Return the names and the callbacks of the parameter ``callbacks``."""
    pairs = []
    for item in callbacks or ():
        is_pair = isinstance(item, tuple) and len(item) == 2
        callback = item[1] if is_pair else item
        kind = callback if isinstance(callback, type) else type(callback)
        pairs.append((item[0] if is_pair else kind.__name__, callback))
    return pairs


def set_callback_parameter(callbacks: Any, name: str, parameter: str, value: Any) -> None:
    """Set a parameter of the callback with this name."""
    pairs = named_callbacks(callbacks)
    found = [callback for own_name, callback in pairs if own_name == name]
    if len(found) != 1 or not parameter:
        known = ", ".join(own_name for own_name, _ in pairs) or "none"
        raise ValueError(
            f"callbacks__{name}__{parameter} names no callback: use callbacks__NAME__PARAMETER; "
            f"the names are {known}."
        )
    found[0].set_params(**{parameter: value})


def check_callbacks(callbacks: Any, *, validated: bool) -> None:
    """Raise an error for what is not a callback, or monitors validation rows that are missing."""
    for _, callback in named_callbacks(callbacks):
        made = callback() if isinstance(callback, type) else callback
        if not hasattr(made, "on_epoch_end"):
            raise TypeError(
                f"callbacks contains {callback!r}, which is not a callback: use callbacks of "
                "skorch, or pairs of a name and a callback."
            )
        monitor = getattr(made, "monitor", None)
        if not validated and isinstance(monitor, str) and monitor.startswith("valid_"):
            raise ValueError(
                f"{type(made).__name__} monitors {monitor!r}, but there are no validation rows: "
                "pass X_val and y_val to fit, set early_stopping=True, or use "
                "monitor='train_loss'."
            )


def has_scheduler(net: Net) -> bool:
    """Return whether one of the callbacks changes the learning rate."""
    return any(isinstance(callback, LRScheduler) for _, callback in net.callbacks_)


def record(net: Net, name: str, value: float, lower_is_better: bool | None = None) -> None:
    """Write a value of this epoch to the history and, as skorch does, whether it is the best."""
    if lower_is_better is not None:
        sign = -1 if lower_is_better else 1
        earlier = [sign * row[name] for row in net.history[:-1] if name in row]
        net.history.record(f"{name}_best", sign * value > max(earlier, default=-math.inf))
    net.history.record(name, value)


def batch_begins(net: Net, batch: Tensor, targets: tuple[Tensor, ...], training: bool) -> None:
    """Notify the callbacks, for which a batch is a pair of pixels and codes."""
    net.notify("on_batch_begin", batch=(batch, targets[0]), training=training)


def batch_ends(
    net: Net,
    batch: Tensor,
    targets: tuple[Tensor, ...],
    training: bool,
    *,
    outputs: Tensor,
    loss: Tensor,
) -> None:
    """Write the loss and size of the batch to the history and notify the callbacks."""
    kind = "train" if training else "valid"
    net.history.record_batch(f"{kind}_loss", loss.item())
    net.history.record_batch(f"{kind}_batch_size", len(batch))
    arguments = {"batch": (batch, targets[0]), "y_pred": outputs, "loss": loss}
    net.notify("on_batch_end", training=training, **arguments)


def epoch_ends(net: Net, **datasets: Any) -> bool:
    """Notify the callbacks; return whether skorch's `EarlyStopping` asks to stop."""
    try:
        net.notify("on_epoch_end", **datasets)
    except KeyboardInterrupt:
        # EarlyStopping raises a KeyboardInterrupt as Ctrl-C does; its counter tells the difference.
        if not any(_is_out_of_patience(callback) for _, callback in net.callbacks_):
            raise
        return True
    return False


def _is_out_of_patience(callback: Any) -> bool:
    return isinstance(callback, EarlyStopping) and callback.misses_ >= callback.patience


def last_epoch(net: Net) -> dict[str, Any]:
    """Return the history of the last epoch without its batches."""
    return {name: value for name, value in net.history[-1].items() if name != "batches"}


def epoch_line(record: dict[str, Any], epoch: int, epochs: int) -> str:
    """Return the line printed for an epoch.

    >>> epoch_line({"train_loss": 0.25, "valid_acc": 0.9, "dur": 3.14}, 1, 5)
    'epoch 1/5  loss 0.2500  validation 0.9000  3.1 s'
    """
    validated = f"  validation {record['valid_acc']:.4f}" if "valid_acc" in record else ""
    loss, seconds = record["train_loss"], record["dur"]
    return f"epoch {epoch}/{epochs}  loss {loss:.4f}{validated}  {seconds:.1f} s"
