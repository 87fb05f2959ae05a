"""The activations of the fast forward and backward passes, computed in place."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

threshold_backward = torch.ops.aten.threshold_backward.grad_input
sigmoid_backward = torch.ops.aten.sigmoid_backward.grad_input


class FastActivation(NamedTuple):
    """An activation as ``gain_out * core(gain_in * a) + shift``.

    tanh(a) is 2 sigmoid(2a) - 1, and torch's sigmoid is several times faster than its tanh.
    """

    core: str
    gain_in: float = 1.0
    gain_out: float = 1.0
    shift: float = 0.0

    def core_(self, a: Tensor) -> Tensor:
        """Apply the core in place."""
        if self.core == "identity":
            return a
        return a.relu_() if self.core == "relu" else a.sigmoid_()

    def scale_and_shift(
        self, value: Tensor, factor: float = 1.0, out: Tensor | None = None
    ) -> Tensor:
        """Return ``gain_out * factor * value + shift``; ``value`` if that is equal."""
        gain = self.gain_out * factor
        if gain == 1.0 and self.shift == 0.0:
            return value
        return torch.add(value.new_tensor(self.shift), value, alpha=gain, out=out)

    def backward_(self, gradient: Tensor, value: Tensor) -> None:
        """Replace the core's value by the gradient with respect to the core's input."""
        if self.core == "identity":
            value.copy_(gradient)
        elif self.core == "relu":
            threshold_backward(gradient, value, 0.0, grad_input=value)
        else:
            sigmoid_backward(gradient, value, grad_input=value)


FAST_ACTIVATIONS = {
    "relu": FastActivation("relu"),
    "sigmoid": FastActivation("sigmoid"),
    "logistic": FastActivation("sigmoid"),
    "tanh": FastActivation("sigmoid", 2.0, 2.0, -1.0),
    "scaled_tanh": FastActivation("sigmoid", 4.0 / 3.0, 2 * 1.7159, -1.7159),
    "identity": FastActivation("identity"),
}
"""The activations that the fast passes know. A net with any other one uses torch's own passes."""
