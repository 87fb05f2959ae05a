"""NetTrainer: the training of a classifier's net, from checked rows to the fitted attributes."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import Any

import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from ..nets import DenseNet, LeNet5, new_module, set_dropout
from ..training import (
    PREDICT_BATCH,
    Augment,
    Augmentation,
    DivergedError,
    EpochTasks,
    Inference,
    Plan,
    Rows,
    Samples,
    Settings,
    Training,
    augmentation_for,
    calibration,
    check_callbacks,
    check_class_weight,
    check_optimizer,
    displacement_for,
    distorted,
    encode,
    row_weights,
    skorch_net,
    trimmed,
    without_durations,
)
from ..utils import Pixels, Shape, are_images, background, check_sample_weight, learn_scale, threads
from ._parameter_checks import check_numbers
from ._prediction import DigitPredictor, moved, non_digit_code

DOUBLE_PRECISION_ROWS = 256
"""A fit of no more rows than this, all in one batch, runs in float64."""


class NetTrainer(DigitPredictor):
    """Abstract: builds and trains the net of a classifier."""

    batch_size: int | str
    optimizer: str | type[torch.optim.Optimizer]
    weight_decay: float
    callbacks: Any
    random_state: Any
    augment: Any
    class_weight: Any
    dropout: float
    calibrate: bool
    n_features_in_: int
    architecture_: dict[str, Any]
    loss_curve_: list[float]

    @abstractmethod
    def _architecture(self) -> dict[str, Any]:
        """Return the parameters that define the net, in the form of ``architecture_``."""

    @abstractmethod
    def _build_module(self, n_classes: int) -> nn.Module:
        """Return a new module of ``architecture_`` that returns ``n_classes`` logits."""

    @abstractmethod
    def _arranged_shape(self) -> Shape:
        """Return the height and width of the images that `_arrange` returns."""

    @abstractmethod
    def _check_net(self, n_classes: int) -> None:
        """Raise a ValueError if parameters and ``image_shape_`` do not define a net."""

    def _samples(
        self,
        rows: Pixels,
        y: Any,
        classes: NDArray[Any],
        sample_weight: ArrayLike | None,
        *,
        is_new: bool,
        validated: bool,
    ) -> Samples:
        """Check all that can be checked before training; return rows with codes and weights."""
        if not is_new:
            self._check_same_architecture()
        check_callbacks(self.callbacks, validated=validated)
        weights = check_sample_weight(sample_weight, rows)
        self._check_net(len(classes))
        check_numbers(self)
        check_optimizer(self.optimizer, self.weight_decay)
        check_class_weight(self.class_weight, classes)
        codes = encode(y, classes, "y", type(self).__name__)
        weights = row_weights(self.class_weight, codes, weights, classes)
        return Samples(rows, codes, weights).without_zero_weights()

    def _check_same_architecture(self) -> None:
        """Raise a ValueError if the present net has another architecture than the parameters."""
        for name, value in self._architecture().items():
            if value != self.architecture_[name]:
                raise ValueError(
                    f"{name}={value!r} needs a new net, but this fit continues with a net of "
                    f"{name}={self.architecture_[name]!r}: set it back, or use fit with "
                    "warm_start=False."
                )

    def _learn_pixels(self, samples: Samples, classes: NDArray[Any]) -> None:
        """Forget an earlier fit; learn the classes, the background and the scale of the pixels."""
        for name in ("net_", "_training", "_inference"):
            self.__dict__.pop(name, None)
        self.architecture_ = self._architecture()
        self.classes_ = classes
        self.background_ = background(samples.rows, self.image_shape_, samples.weights)
        self.pixel_scale_ = learn_scale(samples.rows, samples.weights)

    def _train(
        self,
        samples: Samples,
        validation: Samples | None,
        plan: Plan,
        device: torch.device,
        seed: int,
    ) -> None:
        """Train the net on the samples and set the attributes of the fit."""
        self.device_ = device
        self.temperature_ = 1.0
        for name in ("prototypes_", "novelty_threshold_"):
            self.__dict__.pop(name, None)
        settings = Settings.of(self, plan.length.batch_size)
        how = self._augmentation()
        one_batch = len(samples) <= min(settings.batch_size, DOUBLE_PRECISION_ROWS)
        double = one_batch and how is None and not plan.keep_state
        double = double and device.type != "mps"  # MPS has no float64
        dtype = torch.float64 if double else torch.float32
        with threads(self.n_threads):
            training = self._training_to_run(settings, dtype, seed)
            rows = self._rows(samples, dtype)
            if how is not None:
                shape, displacement = self._arranged_shape(), displacement_for(len(samples))
                augment = Augment(how, shape, training.generator, displacement)
                rows = rows.with_augmentation(augment)
            validation_rows = None if validation is None else self._rows(validation, dtype)
            weights = samples.weights
            metadata = None if weights is None else {"sample_weight": weights}
            data = {"X": samples.rows, "y": self.classes_[samples.codes], "metadata": metadata}
            tasks = EpochTasks(
                self,
                plan.length.epochs,
                data,
                lambda: {
                    "net_": training.current_net(),
                    "history_": list(training.history),
                },
            )
            try:
                training.run(rows, settings, plan, validation_rows, tasks)
                if plan.calibrate:
                    self._calibrate(training.net.module_, rows, validation_rows, seed)
            except KeyboardInterrupt:
                self._set_fitted(training, keep_state=plan.keep_state)
                raise
            except DivergedError:
                self._set_fitted(training, keep_state=False)  # the optimizer's state diverged too
                raise
            self._set_fitted(training, keep_state=plan.keep_state)
            tasks.end()

    def _augmentation(self) -> Augmentation:
        """Return ``augment``, with "auto" replaced by what it stands for."""
        return augmentation_for(self.augment, self.image_shape_, self.n_features_in_)

    def _calibrate(self, module: nn.Module, rows: Rows, new_rows: Rows | None, seed: int) -> None:
        """Set what is learned from validation rows if there are any, else from training rows."""
        if new_rows is None and are_images(self.image_shape_, self.n_features_in_):
            generator = torch.Generator(self.device_).manual_seed(seed + 2)
            new_rows = distorted(rows, self._arranged_shape(), generator)
        self.temperature_, self.prototypes_, self.novelty_threshold_ = calibration(
            module,
            rows,
            new_rows,
            seed=seed + 3,
            temperature=None if self.calibrate else 1.0,
            non_digit=non_digit_code(self.classes_),
        )

    def _set_net(self, weights: dict[str, torch.Tensor]) -> None:
        """Set the net to one with these weights, if they have the right shapes."""
        n_classes = len(self.classes_)
        with torch.device("meta"):  # uses no memory, so a huge size in a file does no harm
            module = self._build_module(n_classes)
        required = {name: tuple(weight.shape) for name, weight in module.state_dict().items()}
        found = {name: tuple(weight.shape) for name, weight in weights.items()}
        if required != found or any(w.dtype != torch.float32 for w in weights.values()):
            raise ValueError(f"its weights are {found}, but the net needs {required} in float32.")
        module.load_state_dict(weights, assign=True)
        settings = replace(Settings.of(self, PREDICT_BATCH), callbacks=None)
        net = skorch_net(module, n_classes, settings, torch.device("cpu"))
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
        if "_training" not in state and type(self.module_) in (LeNet5, DenseNet):
            # A net for prediction is stored as arrays: a small pickle, and equal for equal fits.
            weights = self.module_.state_dict()
            state["net_"] = {name: weight.cpu().numpy() for name, weight in weights.items()}
        elif not on_cpu:
            state["net_"] = moved(self.net_, torch.device("cpu"))
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        state.setdefault("calibrate", True)  # earlier pickles do not have it
        net = state.get("net_")
        if net is not None:
            state.setdefault("temperature_", 1.0)  # earlier pickles do not have it
        if isinstance(net, dict):
            super().__setstate__({name: v for name, v in state.items() if name != "net_"})
            self._set_net({name: torch.from_numpy(array) for name, array in net.items()})
            return
        super().__setstate__(state)
        if net is not None:
            self._inference = Inference()
            self._move_net_to_device()

    def _rows(self, samples: Samples, dtype: torch.dtype) -> Rows:
        """Return samples on the device, arranged for the module."""
        arranged = Samples(self._arrange(samples.rows), samples.codes, samples.weights)
        return Rows(arranged, self.pixel_scale_, dtype=dtype, device=self.device_)

    def _training_to_run(self, settings: Settings, dtype: torch.dtype, seed: int) -> Training:
        """Return the training of an earlier fit, or a new one with the present or a new module."""
        n_classes = len(self.classes_)
        options: dict[str, Any] = {"device": self.device_, "dtype": dtype, "seed": seed}
        if not hasattr(self, "net_"):
            module = new_module(lambda: self._build_module(n_classes), seed)
            return Training(module, n_classes, settings, **options)
        set_dropout(self.module_, float(self.dropout))
        training: Training | None = self.__dict__.get("_training")
        if training is not None and training.adopt(settings, self.device_):
            return training
        return Training(self.module_, n_classes, settings, history=self.history_, **options)

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

    @property
    def loss_(self) -> float:
        """The mean training loss of the last epoch."""
        return self.loss_curve_[-1]
