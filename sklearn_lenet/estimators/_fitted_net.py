"""FittedNet: what all estimators with a net have: parameters by name, pickles, devices."""

from __future__ import annotations

import copy
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Self

import torch
from sklearn.base import BaseEstimator
from torch import nn

from ..nets import DenseNet, LeNet5, LineNet, new_module
from ..training import (
    PREDICT_BATCH,
    DivergedError,
    Inference,
    Settings,
    Task,
    Training,
    set_callback_parameter,
    skorch_net,
    trimmed,
    without_durations,
)
from ..utils import DocLinkMixin, resolve_device
from ._parameter_checks import check_names

OWN_MODULES = (LeNet5, DenseNet, LineNet)
"""The modules that an estimator builds from its attributes."""


class FittedNet(DocLinkMixin, BaseEstimator, ABC):
    """Abstract: a net that a fit has trained, as ``net_`` on ``device_``."""

    device: str | torch.device
    callbacks: Any
    device_: torch.device
    net_: Any
    history_: list[dict[str, Any]]
    loss_curve_: list[float]

    @abstractmethod
    def _new_module(self) -> nn.Module:
        """Return a new module, as the fitted attributes define it."""

    @abstractmethod
    def _task(self) -> Task:
        """Return what the net learns."""

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "net_")

    @property
    def module_(self) -> nn.Module:
        """The trained torch module."""
        module: nn.Module = self.net_.module_
        return module

    @property
    def loss_(self) -> float:
        """The mean training loss of the last epoch."""
        return self.loss_curve_[-1]

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name; the error for an unknown name suggests a known one.

        Parameters
        ----------
        **params : dict
            Names and values. ``callbacks__NAME__PARAMETER`` sets a parameter of the callback
            with this name in ``callbacks``; a callback without a name has that of its class.

        Returns
        -------
        self : object
            The estimator.
        """
        own = {name: value for name, value in params.items() if not name.startswith("callbacks__")}
        check_names(own, self.get_params(deep=False), type(self).__name__)
        super().set_params(**own)
        for name in params.keys() - own.keys():
            callback, _, parameter = name.removeprefix("callbacks__").partition("__")
            set_callback_parameter(self.callbacks, callback, parameter, params[name])
        return self

    def _training_to_run(self, settings: Settings, dtype: torch.dtype, seed: int) -> Training:
        """Return the training of an earlier fit, or a new one with the present or a new module."""
        options: dict[str, Any] = {"device": self.device_, "dtype": dtype, "seed": seed}
        if not hasattr(self, "net_"):
            return Training(self._first_module(seed), self._task(), settings, **options)
        training: Training | None = self.__dict__.get("_training")
        if training is not None and training.adopt(settings, self.device_):
            return training
        return Training(self.module_, self._task(), settings, history=self.history_, **options)

    def _first_module(self, seed: int) -> nn.Module:
        """Return the module with which the first fit starts."""
        return new_module(self._new_module, seed)

    @contextmanager
    def _fitted_by(self, training: Training, *, keep_state: bool) -> Iterator[None]:
        """Set the attributes of the fit after the training, also if it is interrupted."""
        try:
            yield
        except KeyboardInterrupt:
            self._set_fitted(training, keep_state=keep_state)
            raise
        except DivergedError:
            self._set_fitted(training, keep_state=False)  # the optimizer's state diverged too
            raise
        self._set_fitted(training, keep_state=keep_state)

    def _set_fitted(self, training: Training, *, keep_state: bool) -> None:
        """Set the attributes of the fit."""
        self.history_ = list(training.history)
        self.net_ = training.net if keep_state else training.finish()
        self._inference = Inference()
        if keep_state:
            self._training = training
        else:
            self.__dict__.pop("_training", None)
        self.n_iter_ = training.n_epochs
        self.loss_curve_ = [record["train_loss"] for record in self.history_]
        scores = [record["valid_acc"] for record in self.history_ if "valid_acc" in record]
        self.validation_scores_ = scores or None
        self.best_validation_score_ = training.best_score

    def _set_net(self, weights: dict[str, torch.Tensor]) -> None:
        """Set the net to one with these weights, if they have the right shapes."""
        with torch.device("meta"):  # uses no memory, so a huge size in a file does no harm
            module = self._new_module()
        required = {name: tuple(weight.shape) for name, weight in module.state_dict().items()}
        found = {name: tuple(weight.shape) for name, weight in weights.items()}
        if required != found or any(w.dtype != torch.float32 for w in weights.values()):
            raise ValueError(f"its weights are {found}, but the net needs {required} in float32.")
        module.load_state_dict(weights, assign=True)
        settings = replace(Settings.of(self, PREDICT_BATCH), callbacks=None)
        net = skorch_net(module, self._task(), settings, torch.device("cpu"))
        self.net_ = trimmed(net, self.history_)
        self._inference = Inference()
        self._move_net_to_device()

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())  # it may be __dict__ itself
        state.pop("_inference", None)
        if "history_" in state:  # so that equal fits have equal pickles, and joblib equal hashes
            state["history_"] = without_durations(state["history_"])
        if "net_" not in state:
            return state
        # Pickles contain the weights on the CPU, so that they load on machines without a GPU.
        on_cpu = self.device_.type == "cpu"
        if not on_cpu:
            state.pop("_training", None)  # a later fit continues with the weights only
        if "_training" not in state and type(self.module_) in OWN_MODULES:
            # A net for prediction is stored as arrays: a small pickle, and equal for equal fits.
            weights = self.module_.state_dict()
            state["net_"] = {name: weight.cpu().numpy() for name, weight in weights.items()}
        elif not on_cpu:
            state["net_"] = moved(self.net_, torch.device("cpu"))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        net = state.get("net_")
        if isinstance(net, dict):
            super().__setstate__({name: v for name, v in state.items() if name != "net_"})
            self._set_net({name: torch.from_numpy(array) for name, array in net.items()})
            return
        super().__setstate__(state)
        if net is not None:
            self._inference = Inference()
            self._move_net_to_device()

    def _move_net_to_device(self) -> None:
        """Move the net to ``device_``; if that device is missing, warn and use the CPU."""
        if self.device_.type == "cpu":
            return
        try:
            self.device_ = resolve_device(self.device_)
        except ValueError:
            if self.device != "auto":
                warnings.warn(
                    f"{type(self).__name__} was fitted on {self.device_}, which is not available "
                    "here: it predicts on the CPU.",
                    UserWarning,
                    stacklevel=3,
                )
            self.device_ = torch.device("cpu")
        self.net_ = moved(self.net_, self.device_)


def moved(net: Any, device: torch.device) -> Any:
    """Return a copy of a trained net on another device."""
    net = copy.deepcopy(net)
    net.module_.to(device)
    net.device = str(device)
    return net
