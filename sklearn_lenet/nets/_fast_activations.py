"""The activations of the fast passes, forward and backward, in place."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

threshold_backward = torch.ops.aten.threshold_backward.grad_input

sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input


class Squash(NamedTuple):
    """An activation as ``gain_out * core(gain_in * a) + shift``.

    tanh(a) is 2 sigmoid(2a) - 1, and torch's sigmoid is several times faster than its tanh.
    """

    core: str
    gain_in: float = 1.0
    gain_out: float = 1.0
    shift: float = 0.0

    def core_(self, a: Tensor) -> Tensor:
        """Apply the core in place."""
        return a.relu_() if self.core == "relu" else a.sigmoid_()

    def rest(self, value: Tensor, share: float = 1.0, out: Tensor | None = None) -> Tensor:
        """Return ``gain_out * share * value + shift``, the value itself where that is it."""
        gain = self.gain_out * share
        if gain == 1.0 and self.shift == 0.0:
            return value
        return torch.add(value.new_tensor(self.shift), value, alpha=gain, out=out)

    def backward_(self, gradient: Tensor, value: Tensor) -> None:
        """Put the core's gradient in place of its value."""
        if self.core == "relu":
            threshold_backward(gradient, value, 0.0, grad_input=value)
        else:
            sigmoid_backward(gradient, value, grad_input=value)


SQUASHES = {
    "relu": Squash("relu"),
    "sigmoid": Squash("sigmoid"),
    "tanh": Squash("sigmoid", 2.0, 2.0, -1.0),
    "scaled_tanh": Squash("sigmoid", 4.0 / 3.0, 2 * 1.7159, -1.7159),
}
