"""NetTrainer: the training of a classifier's net, from checked rows to the fitted attributes."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from ..nets import set_dropout
from ..training import (
    Augment,
    Augmentation,
    EpochTasks,
    Plan,
    Rows,
    Samples,
    Settings,
    Task,
    Training,
    augmentation_for,
    calibration,
    check_callbacks,
    check_class_weight,
    check_optimizer,
    classification,
    displacement_for,
    distorted,
    encode,
    row_weights,
)
from ..utils import Pixels, Shape, are_images, background, check_sample_weight, learn_scale, threads
from ._parameter_checks import check_numbers
from ._prediction import DigitPredictor, non_digit_code

DOUBLE_PRECISION_ROWS = 256
"""A fit of no more rows than this, all in one batch, runs in float64."""


class NetTrainer(DigitPredictor):
    """Abstract: builds and trains the net of a classifier."""

    batch_size: int | str
    optimizer: str | type[torch.optim.Optimizer]
    weight_decay: float
    random_state: Any
    augment: Any
    class_weight: Any
    dropout: float
    calibrate: bool
    n_features_in_: int
    architecture_: dict[str, Any]

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

    def _new_module(self) -> nn.Module:
        return self._build_module(len(self.classes_))

    def _task(self) -> Task:
        return classification(len(self.classes_))

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
            with self._fitted_by(training, keep_state=plan.keep_state):
                training.run(rows, settings, plan, validation_rows, tasks)
                if plan.calibrate:
                    self._calibrate(training.net.module_, rows, validation_rows, seed)
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

    def __setstate__(self, state: dict[str, Any]) -> None:
        state.setdefault("calibrate", True)  # earlier pickles do not have it
        if state.get("net_") is not None:
            state.setdefault("temperature_", 1.0)  # the same
        super().__setstate__(state)

    def _rows(self, samples: Samples, dtype: torch.dtype) -> Rows:
        """Return samples on the device, arranged for the module."""
        arranged = Samples(self._arrange(samples.rows), samples.codes, samples.weights)
        return Rows(arranged, self.pixel_scale_, dtype=dtype, device=self.device_)

    def _training_to_run(self, settings: Settings, dtype: torch.dtype, seed: int) -> Training:
        if hasattr(self, "net_"):
            set_dropout(self.module_, float(self.dropout))
        return super()._training_to_run(settings, dtype, seed)
