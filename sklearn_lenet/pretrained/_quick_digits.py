"""QuickDigits: the pretrained model "digits" in NumPy, for programs that end after a few pictures.

Importing torch takes longer than reading a picture. The command line reads with this class.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.special import softmax

from ..persistence import read_archive
from ..utils import NON_DIGIT_WEIGHT
from ._model_files import DEFAULT, path_of

BATCH = 256
"""Rows in one forward pass, so that many of them need little memory."""

BORDER = 2
"""Pixels around a digit on LeNet-5's field of 32x32."""

Array = NDArray[np.float32]


class QuickDigits:
    """The model "digits" with the methods that `read_digits` needs, without torch.

    Its probabilities equal those of ``load_pretrained("digits")`` up to rounding.
    """

    def __init__(self) -> None:
        fields, arrays = read_archive(path_of(DEFAULT))
        fitted = fields["model"]["fitted"]
        start = "model.weights."
        self._weights = {k.removeprefix(start): v for k, v in arrays.items() if k.startswith(start)}
        self._mean, self._deviation = fitted["pixel_scale_"]["PixelScale"][:2]
        self._temperature = fitted["temperature_"]
        self._prototypes = arrays["model.prototypes_"]
        self.classes_ = arrays["model.classes_"]
        self.novelty_threshold_ = fitted["novelty_threshold_"]

    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class for rows of 784 pixels."""
        logits = self._outputs(X)[1]
        return np.asarray(softmax(logits / np.float32(self._temperature), axis=1))

    def novelty_score(self, X: Any) -> Array:
        """Return how much each row differs from the training rows."""
        features, logits = self._outputs(X)
        lengths = np.linalg.norm(features, axis=1, keepdims=True)
        distance = 1 - (features / np.maximum(lengths, 1e-12) @ self._prototypes.T).max(axis=1)
        logits = logits / np.float32(self._temperature)
        is_digit = self.classes_ >= 0
        excess = logits[:, ~is_digit][:, 0] - logits[:, is_digit].max(axis=1)
        return np.asarray(distance + NON_DIGIT_WEIGHT * excess, dtype=np.float32)

    def _outputs(self, X: Any) -> tuple[Array, Array]:
        """Return the 84 units of F6 and the logits of each row."""
        rows = np.asarray(X, dtype=np.float32).reshape(-1, 28, 28)
        parts = [self._features(rows[k : k + BATCH]) for k in range(0, len(rows), BATCH)]
        features = np.concatenate(parts) if parts else np.empty((0, 84), dtype=np.float32)
        return features, self._dense("output", features)

    def _features(self, digits: Array) -> Array:
        fields = np.pad(digits, ((0, 0), (BORDER, BORDER), (BORDER, BORDER)))
        fields = (fields - np.float32(self._mean)) / np.float32(self._deviation)
        maps = _halved(_above_zero(self._convolved("c1", fields[:, None])))
        maps = _halved(_above_zero(self._convolved("c3", maps)))
        units = _above_zero(self._convolved("c5", maps)).reshape(len(digits), -1)
        return _above_zero(self._dense("f6", units))

    def _convolved(self, layer: str, maps: Array) -> Array:
        """Return the maps of a 5x5 convolution."""
        weights, bias = self._weights[f"{layer}.weight"], self._weights[f"{layer}.bias"]
        patches = sliding_window_view(maps, weights.shape[2:], axis=(2, 3))
        summed = np.tensordot(patches, weights, axes=((1, 4, 5), (1, 2, 3)))
        return np.moveaxis(summed + bias, 3, 1)

    def _dense(self, layer: str, units: Array) -> Array:
        return units @ self._weights[f"{layer}.weight"].T + self._weights[f"{layer}.bias"]


def _above_zero(values: Array) -> Array:
    return np.maximum(values, 0)


def _halved(maps: Array) -> Array:
    """Return the means of 2x2 pixels."""
    n, channels, height, width = maps.shape
    return np.asarray(maps.reshape(n, channels, height // 2, 2, width // 2, 2).mean(axis=(3, 5)))
