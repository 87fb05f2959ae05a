"""LineTrainer: the training of a line reader's net, from pictures and texts to a fitted net."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import ArrayLike, NDArray

from ..datasets import LineMaker, line_maker
from ..estimators import check_numbers
from ..nets import LineNet
from ..training import (
    READING,
    CallbackSupportMixin,
    EpochTasks,
    Lines,
    Plan,
    Settings,
    Task,
    Training,
    check_callbacks,
    check_optimizer,
    line_length,
)
from ..utils import draw_seed, progress_bar, resolve_device, threads
from ._line_form import line_form
from ._line_predictor import LinePredictor, inks_of, pictures_of
from ._line_texts import are_integers, codes_of, texts_of

if TYPE_CHECKING:
    from torch import nn

CHUNK = 500
"""Synthetic lines that one process makes at a time."""


class LineTrainer(CallbackSupportMixin, LinePredictor):
    """Abstract: checks lines and trains the net that reads them."""

    alphabet: str
    n_lines: int
    n_jobs: int | None
    random_state: Any

    def _new_module(self) -> nn.Module:
        return LineNet(1 + len(self.alphabet_))

    def _task(self) -> Task:
        return READING

    def _fit(self, X: Any, y: ArrayLike | None, digits: Any) -> None:
        """Train on the lines of X, on synthetic lines, or on both."""
        if (X is None) != (y is None):
            missing = "y" if y is None else "X"
            raise ValueError(f"{missing} is missing: lines need pictures X and their texts y.")
        self._check_parameters()
        is_new = not (self.warm_start and hasattr(self, "net_"))
        device, seed = resolve_device(self.device), draw_seed(self.random_state)
        strips: list[NDArray[np.uint8]] = []
        texts: list[str] = []
        if X is not None:
            texts += texts_of(y)
            codes_of(texts, self.alphabet)  # a wrong text is found before pictures are read
            strips += strips_of(pictures_of(self, X, reset=is_new))
            if len(strips) != len(texts):
                raise ValueError(f"X has {len(strips)} pictures and y has {len(texts)} texts.")
        if X is None or digits is not None:
            made, written = self._synthetic(digits, seed)
            strips, texts = strips + made, texts + written
        if not strips:
            raise ValueError("X contains no picture: pass at least one.")
        if is_new:
            for name in ("net_", "_training", "_inference"):
                self.__dict__.pop(name, None)
            self.alphabet_ = self.alphabet
            self.integers_ = y is not None and are_integers(y)
        self.device_ = device
        self._train(strips, codes_of(texts, self.alphabet_), seed)

    def _check_parameters(self) -> None:
        """Raise an error for parameters that do not fit together, before anything is read."""
        check_numbers(self)
        check_optimizer(self.optimizer, self.weight_decay)
        check_callbacks(self.callbacks, validated=self.early_stopping)
        repeated = [c for k, c in enumerate(self.alphabet) if c in self.alphabet[:k]]
        if repeated or not self.alphabet:
            reason = f"has {repeated[0]!r} twice" if repeated else "is empty"
            raise ValueError(f"alphabet={self.alphabet!r} {reason}: name each character once.")
        if self.warm_start and hasattr(self, "net_") and self.alphabet != self.alphabet_:
            raise ValueError(
                f"alphabet={self.alphabet!r} needs a new net, but warm_start=True continues with "
                f"{self.alphabet_!r}: set it back, or use warm_start=False."
            )

    def _synthetic(self, digits: Any, seed: int) -> tuple[list[NDArray[np.uint8]], list[str]]:
        """Return the strips of synthetic lines and their texts."""
        random = np.random.RandomState(seed)
        maker = line_maker(digits, int(self.n_lines), random, alphabet=self.alphabet)
        seeds = random.randint(np.iinfo(np.int32).max, size=int(self.n_lines))
        chunks = [seeds[start : start + CHUNK] for start in range(0, len(seeds), CHUNK)]
        parallel = Parallel(n_jobs=self.n_jobs, return_as="generator")
        strips, texts = [], []
        with progress_bar("synthetic lines", len(chunks) if self.verbose else 0) as advance:
            for made in parallel(delayed(_made)(maker, chunk) for chunk in chunks):
                for strip, text in made:
                    strips.append(strip)
                    texts.append(text)
                advance(1)
        return strips, texts

    def _train(
        self, strips: list[NDArray[np.uint8]], codes: list[NDArray[np.int64]], seed: int
    ) -> None:
        """Train the net and set the attributes of the fit."""
        import torch

        settings = Settings.of(self, int(self.batch_size))
        length = line_length(len(strips), self.max_epochs, settings.batch_size)
        plan = Plan(length, self.lr_schedule, calibrate=False, keep_state=bool(self.warm_start))
        order = np.random.RandomState(seed + 1).permutation(len(strips))
        n_held_out = round(self.validation_fraction * len(strips)) if self.early_stopping else 0
        held_out, kept = order[:n_held_out], np.sort(order[n_held_out:])
        if self.early_stopping and not (len(held_out) and len(kept)):
            raise ValueError(
                f"early_stopping=True needs validation lines, and {len(strips)} lines are too few "
                f"for validation_fraction={self.validation_fraction}."
            )
        with threads(self.n_threads):
            training = self._training_to_run(settings, torch.float32, seed)
            rows = self._lines(strips, codes, kept, training)
            validation = self._lines(strips, codes, held_out, None) if n_held_out else None
            data = {"X": rows.strips, "y": rows.texts, "metadata": None}
            tasks = EpochTasks(
                self,
                length.epochs,
                data,
                lambda: {"net_": training.current_net(), "history_": list(training.history)},
            )
            with self._fitted_by(training, keep_state=plan.keep_state):
                training.run(rows, settings, plan, validation, tasks)
            tasks.end()

    def _lines(
        self, strips: Any, codes: Any, index: NDArray[np.intp], training: Training | None
    ) -> Lines:
        """Return some of the lines for the training loop; those of a training are distorted."""
        return Lines(
            [strips[k] for k in index],
            [codes[k] for k in index],
            device=self.device_,
            generator=training.generator if training and self.augment else None,
        )


def strips_of(pictures: Iterable[Any]) -> list[NDArray[np.uint8]]:
    """Return the strip of each picture."""
    return [line_form(line).strip for line in inks_of(pictures)]


def _made(maker: LineMaker, seeds: NDArray[np.int64]) -> list[tuple[NDArray[np.uint8], str]]:
    """Return the strips and texts of synthetic lines."""
    lines = [maker.line(seed) for seed in seeds.tolist()]
    strips = strips_of(picture for picture, _ in lines)
    return [(strip, text) for strip, (_, text) in zip(strips, lines, strict=True)]
