"""The training loop: one net trained epoch by epoch."""

from __future__ import annotations

import copy
import math
import time
from contextlib import nullcontext
from typing import Any, Protocol

import torch
from torch import nn

from ..nets import Passes, SeededDropout, passes
from ..utils import flushed_denormals
from . import _skorch_events
from ._batches import Batches, Rows
from ._divergence import DivergedError
from ._schedules import start_schedule
from ._settings import Settings
from ._skorch_net import Net, skorch_net, trimmed
from ._weight_averaging import Average, all_finite, copied, put_back


class Watcher(Protocol):
    """Who is told of each epoch, and may ask to stop after one."""

    def begin_epoch(self) -> None:
        """Hear that an epoch begins."""

    def end_epoch(self, record: dict[str, Any]) -> bool:
        """Hear what came of it; return whether to stop."""


class Training:
    """A net, its optimiser and its random numbers: all that a later fit goes on from."""

    def __init__(
        self,
        module: nn.Module,
        n_classes: int,
        settings: Settings,
        *,
        device: torch.device,
        dtype: torch.dtype,
        seed: int,
        history: list[dict[str, Any]] | None = None,
    ) -> None:
        self.generator = torch.Generator(device).manual_seed(seed + 1)
        self.history = history or []
        self.best_score: float | None = None
        self.optimizer = settings.optimizer
        self.net = skorch_net(module.to(device, dtype), n_classes, settings, device)

    def run(
        self,
        rows: Rows,
        settings: Settings,
        *,
        epochs: int,
        schedule: str,
        validation: Rows | None,
        watcher: Watcher,
    ) -> None:
        """Train for so many epochs, or until the validation score or a watcher says stop.

        However it ends, by Ctrl-C as well, the module holds its best weights: the
        averaged ones where they are averaged, those of the best epoch where there is a
        validation set, and the last finite ones where the loss is no number any more.
        """
        net, module = self.net, self.net.module_
        steps = epochs * math.ceil(len(rows) / settings.batch_size)
        scheduler = start_schedule(schedule, net.optimizer_, settings.lr, steps)
        average = Average(module) if settings.average_weights else None
        best, unchanged, self.best_score = None, 0, None
        good, through = copied(module), passes(module)
        _seed_dropout(module, self.generator)
        net.notify("on_train_begin", X=rows, y=rows.codes)
        try:
            for epoch in range(1, epochs + 1):
                watcher.begin_epoch()
                net.notify("on_epoch_begin", dataset_train=rows, dataset_valid=validation)
                start = time.perf_counter()
                loss = self._epoch(through, rows, settings.batch_size, scheduler, average)
                if not (math.isfinite(loss) and all_finite(module)):
                    put_back(module, good)
                    average = None
                    raise DivergedError(
                        f"The loss is no finite number in epoch {epoch} with lr={settings.lr:g}: "
                        "set a smaller lr. The net keeps the weights from before that epoch."
                    )
                good = copied(module)
                _skorch_events.record(net, "train_loss", loss, lower_is_better=True)
                if validation is not None:
                    with average.in_place() if average else nullcontext():
                        score = self._validate(through, validation, settings.batch_size)
                        before = -math.inf if self.best_score is None else self.best_score
                        unchanged = 0 if score >= before + settings.tol else unchanged + 1
                        if score > before:
                            best, self.best_score = copied(module), score
                _skorch_events.record(net, "lr", net.optimizer_.param_groups[0]["lr"])
                _skorch_events.record(net, "dur", time.perf_counter() - start)
                stop = _skorch_events.epoch_ends(net, dataset_train=rows, dataset_valid=validation)
                self.history.append(_skorch_events.row_of(net))
                if settings.verbose:
                    print(_skorch_events.line(self.history[-1], epoch, epochs), flush=True)
                stop = watcher.end_epoch(self.history[-1]) or stop
                if stop or (settings.early_stopping and unchanged > settings.n_iter_no_change):
                    break
        finally:
            _seed_dropout(module, None)
            if best is not None:
                put_back(module, best)
            elif average is not None:
                average.settle()
            module.zero_grad(set_to_none=True)
            module.eval()
        net.notify("on_train_end", X=rows, y=rows.codes)

    def _epoch(
        self,
        through: Passes,
        rows: Rows,
        batch_size: int,
        scheduler: Any,
        average: Average | None,
    ) -> float:
        """Make one pass; return the mean loss of the rows."""
        net, module = self.net, self.net.module_
        criterion, optimizer = net.criterion_, net.optimizer_
        observed = bool(net.callbacks_)
        module.train()
        total = torch.zeros((), device=rows.codes.device, dtype=rows.dtype)
        with flushed_denormals():
            for batch, targets in Batches(rows, batch_size, self.generator):
                if observed:
                    _skorch_events.batch_begins(net, batch, targets, True)
                outputs, loss = through.learn(batch, targets, criterion)
                if observed:
                    named = list(module.named_parameters())
                    net.notify("on_grad_computed", named_parameters=named, batch=batch)
                optimizer.step()
                if scheduler is not None:
                    scheduler.step()
                if average is not None:
                    average.follow()
                total.add_(loss, alpha=len(batch))
                if observed:
                    figures = {"outputs": outputs, "loss": loss}
                    _skorch_events.batch_ends(net, batch, targets, True, **figures)
        return float(total) / len(rows)

    @torch.no_grad()
    def _validate(self, through: Passes, validation: Rows, batch_size: int) -> float:
        """Return the accuracy on the validation rows, weighted as they are."""
        net, module = self.net, self.net.module_
        module.eval()
        observed = bool(net.callbacks_)
        right = total = weight = 0.0
        order = torch.arange(len(validation), device=validation.codes.device)
        for index in torch.split(order, batch_size):
            batch, targets = validation.take(index)
            if observed:
                _skorch_events.batch_begins(net, batch, targets, False)
            outputs = through.forward(batch)
            loss = net.criterion_(outputs, targets)
            weights = targets[1] if len(targets) > 1 else torch.ones_like(outputs[:, 0])
            right += float(weights @ (outputs.argmax(1) == targets[0]).to(weights))
            total += float(loss) * len(batch)
            weight += float(weights.sum())
            if observed:
                _skorch_events.batch_ends(net, batch, targets, False, outputs=outputs, loss=loss)
        _skorch_events.record(net, "valid_loss", total / len(validation), lower_is_better=True)
        _skorch_events.record(net, "valid_acc", right / weight, lower_is_better=False)
        return right / weight

    def goes_on(self, settings: Settings, device: torch.device) -> bool:
        """Take over changed settings; return whether that can be, with this optimiser here."""
        net = self.net
        if self.optimizer != settings.optimizer or torch.device(net.device) != device:
            return False
        net.criterion_.label_smoothing = settings.label_smoothing
        for group in net.optimizer_.param_groups:
            if "weight_decay" in group:
                group["weight_decay"] = settings.weight_decay
        net.callbacks = list(settings.callbacks or ())
        net.initialize_callbacks()
        return True

    def finish(self) -> Net:
        """Return the net for prediction alone: no optimiser, no batches, no gradients."""
        return trimmed(self.net)

    def as_of_now(self) -> Net:
        """Return a copy of the net for prediction, while this one goes on training."""
        module = self.net.module_
        _seed_dropout(module, None)
        net = copy.deepcopy(self.net)
        _seed_dropout(module, self.generator)
        return trimmed(net)

    def __getstate__(self) -> dict[str, Any]:
        # Generators do not pickle under every version of torch; their states do.
        state = self.__dict__ | {"generator": None}
        return state | {"generator_state": self.generator.get_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        numbers = state.pop("generator_state")
        self.__dict__.update(state)
        self.generator = torch.Generator(self.net.device)
        self.generator.set_state(numbers)


def _seed_dropout(module: nn.Module, generator: torch.Generator | None) -> None:
    for layer in module.modules():
        if isinstance(layer, SeededDropout):
            layer.generator = generator
