"""NetTrainer: the training of a classifier's net, from checked rows to the fitted attributes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn

from ..nets import set_dropout
from ..training import (
    Augment,
    Augmentation,
    EpochTasks,
    Observer,
    Peers,
    Plan,
    Rows,
    Samples,
    Settings,
    Task,
    Training,
    augmentation_for,
    calibration,
    calibration_sample,
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
    init: str | None = None  # of LeNet5Classifier; earlier pickles do not have it

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
        if self.init is not None:  # it only says how a new net starts
            return
        for name, value in self._architecture().items():
            if value != self.architecture_[name]:
                raise ValueError(
                    f"{name}={value!r} needs a new net, but this fit continues with a net of "
                    f"{name}={self.architecture_[name]!r}: set it back, or use fit with "
                    "warm_start=False."
                )

    def _learn_pixels(self, samples: Samples, classes: NDArray[Any]) -> None:
        """Forget an earlier fit; learn the classes, the background and the scale of the pixels."""
        self._begin(classes)
        self.background_ = background(samples.rows, self.image_shape_, samples.weights)
        self.pixel_scale_ = learn_scale(samples.rows, samples.weights)

    def _begin(self, classes: NDArray[Any]) -> None:
        """Forget an earlier fit; set the classes and the parameters of the net."""
        for name in ("net_", "_training", "_inference"):
            self.__dict__.pop(name, None)
        self.architecture_ = self._architecture()
        self.classes_ = classes

    def _train(
        self,
        samples: Samples,
        validation: Samples | None,
        plan: Plan,
        device: torch.device,
        seed: int,
    ) -> None:
        """Train the net on the samples and set the attributes of the fit."""
        weights = samples.weights
        metadata = None if weights is None else {"sample_weight": weights}
        data = {"X": samples.rows, "y": self.classes_[samples.codes], "metadata": metadata}

        def rows_of(dtype: torch.dtype) -> tuple[Rows, Rows | None]:
            rows = self._rows(samples, dtype)
            return rows, None if validation is None else self._rows(validation, dtype)

        def observer_of(training: Training) -> EpochTasks:
            def now() -> dict[str, Any]:
                return {"net_": training.current_net(), "history_": list(training.history)}

            return EpochTasks(self, plan.length.epochs, data, now)

        self._train_on(rows_of, len(samples), plan, device, seed, observer_of)

    def _train_on(
        self,
        rows_of: Callable[[torch.dtype], tuple[Any, Any]],
        n_rows: int,
        plan: Plan,
        device: torch.device,
        seed: int,
        observer_of: Callable[[Training], Observer],
        peers: Peers | None = None,
    ) -> None:
        """Train the net on rows and validation rows of a type; set the attributes of the fit.

        With ``peers`` the rows are a share of ``n_rows``.
        """
        self.device_ = device
        self.temperature_ = 1.0
        for name in ("prototypes_", "novelty_threshold_"):
            self.__dict__.pop(name, None)
        settings = Settings.of(self, plan.length.batch_size)
        how, dtype = self._augmentation(), self._dtype(n_rows, plan)
        with threads(self.n_threads):
            training = self._training_to_run(settings, dtype, seed)
            rows, validation = rows_of(dtype)
            if how is not None:
                shape, displacement = self._arranged_shape(), displacement_for(n_rows)
                augment = Augment(how, shape, training.generator, displacement)
                rows = rows.with_augmentation(augment)
            observer = observer_of(training)
            with self._fitted_by(training, keep_state=plan.keep_state):
                training.run(rows, settings, plan, validation, observer, peers)
                if plan.calibrate:
                    self._calibrate(training.net.module_, rows, validation, seed)
            observer.end()

    def _dtype(self, n_rows: int, plan: Plan) -> torch.dtype:
        """Return the precision of a fit."""
        one_batch = n_rows <= min(plan.length.batch_size, DOUBLE_PRECISION_ROWS)
        double = one_batch and self._augmentation() is None and not plan.keep_state
        double = double and self.device_.type != "mps"  # MPS has no float64
        return torch.float64 if double else torch.float32

    def _augmentation(self) -> Augmentation:
        """Return ``augment``, with "auto" replaced by what it stands for."""
        return augmentation_for(self.augment, self.image_shape_, self.n_features_in_)

    def _calibrate(self, module: nn.Module, rows: Rows, new_rows: Rows | None, seed: int) -> None:
        """Set what is learned from validation rows if there are any, else from training rows."""
        self.temperature_, self.prototypes_, self.novelty_threshold_ = calibration(
            module,
            rows,
            self._new_rows(rows, new_rows, seed),
            seed=seed + 3,
            temperature=None if self.calibrate else 1.0,
            non_digit=non_digit_code(self.classes_),
        )

    def _calibration_sample(
        self, rows: Rows, new_rows: Rows | None, seed: int
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return the numbers of the rows, and of the new rows, that `_calibrate` reads."""
        return calibration_sample(rows, self._new_rows(rows, new_rows, seed), seed + 3)

    def _new_rows(self, rows: Rows, new_rows: Rows | None, seed: int) -> Rows | None:
        """Return the validation rows, or distorted training rows if there are none."""
        if new_rows is None and are_images(self.image_shape_, self.n_features_in_):
            generator = torch.Generator(self.device_).manual_seed(seed + 2)
            return distorted(rows, self._arranged_shape(), generator)
        return new_rows

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
