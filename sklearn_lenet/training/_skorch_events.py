"""What a fit tells while it runs: skorch's history and callbacks, and a line an epoch."""

from __future__ import annotations

import math
from typing import Any

from skorch.callbacks import EarlyStopping
from torch import Tensor

from ._skorch_net import Net


def record(net: Net, name: str, value: float, lower_is_better: bool | None = None) -> None:
    """Write a figure of this epoch, and in skorch's way whether it is the best so far."""
    if lower_is_better is not None:
        sign = -1 if lower_is_better else 1
        earlier = [sign * row[name] for row in net.history[:-1] if name in row]
        net.history.record(f"{name}_best", sign * value > max(earlier, default=-math.inf))
    net.history.record(name, value)


def batch_begins(net: Net, batch: Tensor, targets: tuple[Tensor, ...], training: bool) -> None:
    """Tell the callbacks, which know a batch as pixels and codes."""
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
    """Write the batch's figures and tell the callbacks."""
    kind = "train" if training else "valid"
    net.history.record_batch(f"{kind}_loss", loss.item())
    net.history.record_batch(f"{kind}_batch_size", len(batch))
    seen = {"batch": (batch, targets[0]), "y_pred": outputs, "loss": loss}
    net.notify("on_batch_end", training=training, **seen)


def epoch_ends(net: Net, **datasets: Any) -> bool:
    """Tell the callbacks; return whether skorch's `EarlyStopping` asks to stop."""
    try:
        net.notify("on_epoch_end", **datasets)
    except KeyboardInterrupt:
        # EarlyStopping raises it as well, so its counter tells it from Ctrl-C.
        if not any(_has_run_out(callback) for _, callback in net.callbacks_):
            raise
        return True
    return False


def _has_run_out(callback: Any) -> bool:
    """Return whether a callback is an `EarlyStopping` without patience left."""
    return isinstance(callback, EarlyStopping) and callback.misses_ >= callback.patience


def row_of(net: Net) -> dict[str, Any]:
    """Return what the history holds of the last epoch, without its batches."""
    return {name: value for name, value in net.history[-1].items() if name != "batches"}


def line(row: dict[str, Any], epoch: int, epochs: int) -> str:
    """Describe an epoch in a line.

    >>> line({"train_loss": 0.25, "valid_acc": 0.9, "dur": 3.14}, 1, 5)
    'epoch 1/5  loss 0.2500  validation 0.9000  3.1 s'
    """
    validated = f"  validation {row['valid_acc']:.4f}" if "valid_acc" in row else ""
    return f"epoch {epoch}/{epochs}  loss {row['train_loss']:.4f}{validated}  {row['dur']:.1f} s"
