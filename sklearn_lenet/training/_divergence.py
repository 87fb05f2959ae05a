"""DivergedError: the loss or a weight became NaN or infinite."""

from __future__ import annotations

import math

from torch import nn


class DivergedError(ValueError):
    """The loss or a weight became NaN or infinite during a fit.

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
    The loss became NaN or infinite in epoch 2 with lr=1e+300
    """


def check_finite(loss: float, module: nn.Module, epoch: int, lr: float) -> None:
    """Raise a DivergedError if the mean loss of an epoch or a weight is NaN or infinite."""
    if math.isfinite(loss) and all(bool(p.isfinite().all()) for p in module.parameters()):
        return
    raise DivergedError(
        f"The loss became NaN or infinite in epoch {epoch} with lr={lr:g}: use a smaller lr. The "
        "net keeps the weights from before that epoch."
    )
