"""Forward and backward passes: torch's own, or those of our nets written out by hand.

Torch records every operation of a forward pass for the backward pass. For our nets the backward
pass is known: written out it needs no record, and LeNet-5's convolutions run as
`_fast_convolutions`. Whatever the fast passes do not know takes torch's own passes.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from ._dense_net import DenseNet
from ._fast_activations import FAST_ACTIVATIONS
from ._fast_convolutions import FastConvolutions
from ._fast_dense import FastDenseLayer
from ._lenet5 import LeNet5
from ._shared_memory import SharedMemory


class Criterion(Protocol):
    """A loss that computes its own gradient."""

    def __call__(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss."""

    def with_gradient(self, logits: Tensor, targets: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return the loss and its gradient with respect to the logits."""


ROWS = 16
"""In a prediction, fully connected layers take a multiple of this number of rows.

For fewer rows BLAS may choose another order of the sums, so that a row would depend on how many
others there are.
"""

VECTOR = 32
"""torch computes a sigmoid for blocks of up to this many values, and rounds otherwise at the end.

A multiple of `ROWS` images has whole blocks in all maps, a multiple of `VECTOR` rows in all layers.
"""

EVEN_INPUTS, MANY_OUTPUTS = 4, 16
"""A layer of fewer outputs sums in an order that depends on the place of the row, unless its
number of inputs is a multiple of the first number."""


class Passes:
    """The forward and backward passes of any module, as torch computes them."""

    has_independent_rows = False
    """Whether, in one thread, `predict` returns the same bits for a row whatever the others are."""

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.parameters = list(module.parameters())

    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.module(batch)
        return logits

    def predict(self, batch: Tensor) -> Tensor:
        """Return the logits for a prediction; nothing is kept for a backward pass."""
        return self.forward(batch)

    def features(self, batch: Tensor) -> Tensor:
        """Return the inputs of the last layer for a prediction."""
        features: Tensor = self.module.features(batch)  # type: ignore[operator] # a net of ours
        return features

    def is_current(self, module: nn.Module) -> bool:
        """Return whether these are the passes of a module with its present weights."""
        return module is self.module

    def forget(self, n: int) -> None:
        """Free the memory that is kept for batches of more than n rows."""

    def learn(
        self, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of all parameters; return the logits and the loss."""
        for parameter in self.parameters:
            parameter.grad = None
        logits = self.forward(batch)
        loss = criterion(logits, targets)
        loss.backward()
        return logits.detach(), loss.detach()


def passes(module: nn.Module, dtype: torch.dtype | None = None) -> Passes:
    """Return the fastest passes of a module, for use in one thread.

    With a ``dtype`` other than the module's own, only the forward pass may be used.
    """
    own = next(module.parameters())
    dtype = dtype or own.dtype
    if isinstance(module, DenseNet) and module.activation in FAST_ACTIVATIONS:
        return DensePasses(module, dtype)
    if isinstance(module, LeNet5) and own.device.type == "cpu" and FastConvolutions.know(module):
        return LeNet5Passes(module, dtype)
    return Passes(module if own.dtype == dtype else copy.deepcopy(module).to(dtype))


class _FastPasses(Passes):
    """The passes of fully connected layers, written out."""

    def __init__(self, module: nn.Module, layers: list[FastDenseLayer]) -> None:
        super().__init__(module)
        self.layers = layers
        self._weights = [
            (layer, name, weight, weight.data_ptr())
            for layer in module.modules()
            for name, weight in layer.named_parameters(recurse=False)
        ]
        sigmoid = any(layer.has_sigmoid for layer in layers)
        self.n_rows = VECTOR if sigmoid else ROWS
        self.n_images = ROWS if sigmoid else 1
        self.has_independent_rows = self.parameters[0].device.type == "cpu" and all(
            len(layer.matrix) >= MANY_OUTPUTS or layer.matrix.shape[1] % EVEN_INPUTS == 0
            for layer in layers
        )

    @torch.no_grad()
    def forward(self, batch: Tensor) -> Tensor:
        """Return the logits."""
        features = self._first_features(batch)
        for layer in self.layers:
            features = layer.forward(features)
        return features

    @torch.no_grad()
    def predict(self, batch: Tensor) -> Tensor:
        """Return the logits for a prediction; on a CPU, the rows are independent."""
        return self.layers[-1].predict(self._padded_features(batch))[: len(batch)]

    @torch.no_grad()
    def features(self, batch: Tensor) -> Tensor:
        """Return the inputs of the last layer for a prediction."""
        return self._padded_features(batch)[: len(batch)]

    def _padded_features(self, batch: Tensor) -> Tensor:
        """Return the inputs of the last layer, with more rows up to a multiple of ``n_rows``."""
        n = len(batch)
        rows = _padded(self._first_features(_padded(batch, self.n_images))[:n], self.n_rows)
        for layer in self.layers[:-1]:
            rows = layer.predict(rows)
        return rows

    def is_current(self, module: nn.Module) -> bool:
        """Return whether these are the passes of a module with its present weights."""
        return module is self.module and all(
            getattr(layer, name) is weight and weight.data_ptr() == address
            for layer, name, weight, address in self._weights
        )

    def _first_features(self, batch: Tensor) -> Tensor:
        """Return the inputs of the first fully connected layer."""
        return batch

    @torch.no_grad()
    def learn(
        self, batch: Tensor, targets: Sequence[Tensor], criterion: Criterion
    ) -> tuple[Tensor, Tensor]:
        """Set the gradients of all parameters; return the logits and the loss."""
        logits = self.forward(batch)
        loss, gradient = criterion.with_gradient(logits, targets)
        self._backward(gradient)
        for parameter in self.parameters:
            if not parameter.requires_grad:  # frozen by a callback
                parameter.grad = None
        return logits, loss

    def _backward(self, gradient: Tensor) -> Tensor:
        """Set the gradients of all layers; return the first one's gradient before activation."""
        *lower, last = self.layers
        gradient, above = last.backward(gradient), last
        for layer in reversed(lower):
            gradient, above = layer.backward(gradient @ above.matrix), layer
        return gradient


def _padded(batch: Tensor, multiple: int) -> Tensor:
    """Return a batch with blank rows added up to a multiple of a number."""
    if multiple == 1:
        return batch
    n = len(batch)
    padded = batch.new_zeros(-(-n // multiple) * multiple, *batch.shape[1:])
    padded[:n] = batch
    return padded


class DensePasses(_FastPasses):
    """The passes of a dense net."""

    def __init__(self, module: DenseNet, dtype: torch.dtype) -> None:
        activation = FAST_ACTIVATIONS[module.activation]
        hidden = [
            FastDenseLayer(
                getattr(module, name), dtype, activation, getattr(module, f"{name}_dropout")
            )
            for name in (f"hidden{k}" for k in range(1, module.depth + 1))
        ]
        super().__init__(module, [*hidden, FastDenseLayer(module.output, dtype)])


class LeNet5Passes(_FastPasses):
    """The passes of LeNet-5 on a CPU; the results are those of the module except for rounding."""

    def __init__(self, module: LeNet5, dtype: torch.dtype) -> None:
        activation = FAST_ACTIVATIONS[module.activation]
        c5 = FastDenseLayer(module.c5, dtype, activation, module.c5_dropout)
        f6 = FastDenseLayer(module.f6, dtype, activation, module.f6_dropout)
        super().__init__(module, [c5, f6, FastDenseLayer(module.output, dtype)])
        self.lenet5, self.dtype = module, dtype
        self._set_memory(0)

    def _convolutions(self, n: int) -> FastConvolutions:
        """Return C1 to S4 for batches of n images; their memory is kept."""
        if n > self.memory.n:
            self._set_memory(n)
        if n not in self.convolutions:
            self.memory.restart()
            self.convolutions[n] = FastConvolutions(self.lenet5, n, self.memory)
        return self.convolutions[n]

    def _set_memory(self, n: int) -> None:
        """Use memory for batches of up to n rows."""
        self.memory = SharedMemory(n, self.dtype)
        self.convolutions: dict[int, FastConvolutions] = {}

    def forget(self, n: int) -> None:
        """Free the memory that is kept for batches of more than n rows."""
        if self.memory.n > n:
            self._set_memory(0)

    def _first_features(self, batch: Tensor) -> Tensor:
        return self._convolutions(len(batch)).forward(batch).t()

    def _backward(self, gradient: Tensor) -> Tensor:
        gradient = super()._backward(gradient)
        c5 = self.layers[0]
        self._convolutions(len(gradient)).backward(c5.matrix_transposed @ gradient.t())
        return gradient
