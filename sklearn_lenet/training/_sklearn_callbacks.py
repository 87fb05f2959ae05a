"""scikit-learn's callbacks: each epoch is a task of fit. Before version 1.9 there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from sklearn.callback import CallbackSupportMixin, with_callbacks
except ImportError:  # scikit-learn < 1.9; goes when that is the lowest version

    class CallbackSupportMixin:  # type: ignore[no-redef] # replaces the class that is missing
        """Empty, because this version of scikit-learn has no callbacks."""

    def with_callbacks(method: Callable[..., Any]) -> Callable[..., Any]:
        """Return the method unchanged."""
        return method


__all__ = ["CallbackSupportMixin", "EpochTasks", "with_callbacks"]


class EpochTasks:
    """The tasks of an estimator's callbacks: the fit, and each epoch in it."""

    def __init__(
        self,
        estimator: Any,
        epochs: int,
        data: dict[str, Any],
        attributes_now: Callable[[], dict[str, Any]],
    ) -> None:
        self.estimator, self.data, self.attributes_now = estimator, data, attributes_now
        self.fit: Any = None
        self.epoch: Any = None
        if hasattr(estimator, "_init_callback_context"):
            self.fit = estimator._init_callback_context(max_subtasks=epochs)
            self.fit.call_on_fit_task_begin(estimator=estimator, **data)

    def begin_epoch(self) -> None:
        """Begin the task of the next epoch."""
        if self.fit is not None:
            self.epoch = self.fit.subcontext(task_name="epoch")
            self.epoch.call_on_fit_task_begin(estimator=self.estimator, **self.data)

    def end_epoch(self) -> bool:
        """End the task of the epoch; return whether a callback asks to stop."""
        if self.epoch is None:
            return False
        return bool(
            self.epoch.call_on_fit_task_end(
                estimator=self.estimator, reconstruction_attributes=self.attributes_now, **self.data
            )
        )

    def end(self) -> None:
        """End the task of the fit."""
        if self.fit is not None:
            self.fit.call_on_fit_task_end(
                estimator=self.estimator, reconstruction_attributes=dict, **self.data
            )
