"""DenseNet: a fully connected net in torch alone."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from ._activations import ACTIVATIONS
from ._dropout import Dropout


class DenseNet(nn.Module):
    """Fully connected layers ``hidden1``, ``hidden2``, ... and an ``output`` of logits."""

    def __init__(
        self,
        n_features: int,
        n_classes: int = 10,
        *,
        hidden_layer_sizes: Sequence[int] = (128,),
        activation: str = "relu",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        activate = ACTIVATIONS[activation]
        self.depth, self.activation = len(hidden_layer_sizes), activation
        width = n_features
        for k, size in enumerate(hidden_layer_sizes, start=1):
            self.add_module(f"hidden{k}", nn.Linear(width, size))
            self.add_module(f"hidden{k}_activation", activate())
            self.add_module(f"hidden{k}_dropout", Dropout(dropout))
            width = size
        self.output = nn.Linear(width, n_classes)

    def forward(self, rows: Tensor) -> Tensor:
        """Map rows of shape (n, n_features) to logits of shape (n, n_classes)."""
        logits: Tensor = self.output(self.features(rows))
        return logits

    def features(self, rows: Tensor) -> Tensor:
        """Return the units of the last hidden layer, from which the logits are computed."""
        units = rows
        for layer in self.children():  # in the order in which they were added
            if layer is not self.output:
                units = layer(units)
        return units
