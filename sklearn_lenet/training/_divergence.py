"""DivergedError: the loss or a weight became NaN, infinite or too large."""

from __future__ import annotations

import math

from torch import nn

from ..nets import largest_logit
from ._standardise import LIMIT


class DivergedError(ValueError):
    """The loss or a weight became NaN, infinite or too large during a fit.

    The estimator is fitted with the weights from before that epoch.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn_lenet import DenseDigitClassifier, DivergedError
    >>> X, y = np.eye(8), np.arange(8) % 2
    >>> try:
    ...     DenseDigitClassifier(optimizer="sgd", lr=1e300, random_state=0).fit(X, y)
    ... except DivergedError as error:
    ...     print(str(error).split(":")[0])
    The loss or a weight became NaN, infinite or too large in epoch 1 with lr=1e+300
    """


LARGEST_LOGIT = 1e36
"""A net whose logits might exceed this value, a hundredth of the largest float32, has diverged."""


def is_usable(module: nn.Module) -> bool:
    """Return whether no input can make the logits of a net NaN or infinite."""
    return largest_logit(module, LIMIT) < LARGEST_LOGIT


def check_finite(loss: float, module: nn.Module, epoch: int, lr: float) -> None:
    """Raise a DivergedError if the loss of an epoch is not finite or the net is not usable."""
    if math.isfinite(loss) and is_usable(module):
        return
    raise DivergedError(
        f"The loss or a weight became NaN, infinite or too large in epoch {epoch} with lr={lr:g}: "
        "use a smaller lr. The net keeps the weights from before that epoch."
    )
