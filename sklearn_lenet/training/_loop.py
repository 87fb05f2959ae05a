"""The training loop: one net trained epoch by epoch."""

from __future__ import annotations

import copy
import math
import time
from contextlib import nullcontext
from typing import Any, Protocol

import torch
from torch import nn

from ..nets import Dropout, Passes, passes
from ..utils import flushed_denormals, kept_memory
from . import _skorch_events as events
from ._batches import Batches, TrainingData
from ._divergence import DivergedError, check_finite, is_usable
from ._length import patience
from ._peers import Alone, Peers
from ._schedules import start_schedule
from ._settings import Plan, Settings
from ._skorch_net import Net, as_history, skorch_net, trimmed, without_durations
from ._tasks import Task
from ._weight_averaging import WeightAverage, copy_weights, restore_weights


class Observer(Protocol):
    """An object that is notified of each epoch and may ask to stop."""

    def begin_epoch(self) -> None:
        """Take note that an epoch begins."""

    def end_epoch(self) -> bool:
        """Take note that an epoch ends; return whether to stop."""

    def end(self) -> None:
        """Take note that the fit ends."""


class Training:
    """A net, its optimizer and its random generator: all that a later fit continues with."""

    def __init__(
        self,
        module: nn.Module,
        task: Task,
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
        self.optimizer, self.task = settings.optimizer, task
        self.net = skorch_net(module.to(device, dtype), task, settings, device)
        self.net.history_ = as_history(self.history)
        self.n_epochs = 0

    @kept_memory()
    def run(
        self,
        rows: TrainingData,
        settings: Settings,
        plan: Plan,
        validation: TrainingData | None,
        observer: Observer,
        peers: Peers | None = None,
    ) -> None:
        """Train for the planned epochs, or until validation, a callback or the observer stops it.

        However the training ends, also by Ctrl-C, the module then has its best weights: the
        averaged weights if they are averaged, those of the best epoch if there are validation
        rows, and those from before the last epoch if the training diverged.
        """
        net, module = self.net, self.net.module_
        peers = peers or Alone()
        epochs = plan.length.epochs
        steps = epochs * math.ceil(len(rows) / settings.batch_size)
        schedule = "constant" if events.has_scheduler(net) else plan.lr_schedule
        most_without_change = patience(settings.n_iter_no_change, epochs, schedule)
        scheduler = start_schedule(schedule, net.optimizer_, settings.lr, steps)
        average = WeightAverage(module) if settings.average_weights else None
        best_weights, finite_weights = None, copy_weights(module)
        epochs_without_change, self.best_score, self.n_epochs = 0, None, 0
        fast = passes(module)
        _seed_dropout(module, self.generator)
        net.notify("on_train_begin", X=rows, y=rows.y)
        try:
            for epoch in range(1, epochs + 1):
                observer.begin_epoch()
                net.notify("on_epoch_begin", dataset_train=rows, dataset_valid=validation)
                start = time.perf_counter()
                try:
                    loss = self._train_epoch(
                        fast, rows, settings.batch_size, scheduler, average, peers
                    )
                except RuntimeError as error:
                    if "without overflow" not in str(error):
                        raise
                    loss = math.inf  # the learning rate is too large for float32
                check_finite(loss, module, epoch, settings.lr)
                peers.align(module)
                finite_weights = copy_weights(module)
                events.record(net, "train_loss", loss, lower_is_better=True)
                if validation is not None:
                    with average.applied() if average else nullcontext():
                        score = self._validate(fast, validation, settings.batch_size, peers)
                        before = -math.inf if self.best_score is None else self.best_score
                        improved = score >= before + settings.tol
                        epochs_without_change = 0 if improved else epochs_without_change + 1
                        if score >= before:  # of equal epochs the last: its learning rate is lower
                            best_weights, self.best_score = copy_weights(module), score
                events.record(net, "lr", net.optimizer_.param_groups[0]["lr"])
                events.record(net, "dur", time.perf_counter() - start)
                stop = events.epoch_ends(net, dataset_train=rows, dataset_valid=validation)
                self.history.append(events.last_epoch(net))
                del net.history[-1]["dur"]  # equal nets have equal histories
                self.n_epochs += 1
                if settings.verbose:
                    print(events.epoch_line(self.history[-1], epoch, epochs), flush=True)
                stop = observer.end_epoch() or stop
                exhausted = epochs_without_change > most_without_change
                if stop or (settings.early_stopping and exhausted):
                    break
        except DivergedError:
            restore_weights(module, finite_weights)
            average = None
            raise
        finally:
            _seed_dropout(module, None)
            if not is_usable(module):  # interrupted in an epoch in which the training diverged
                restore_weights(module, finite_weights)
            if best_weights is not None:
                restore_weights(module, best_weights)
            elif average is not None:
                average.apply()
            module.zero_grad(set_to_none=True)
            module.eval()
        net.notify("on_train_end", X=rows, y=rows.y)

    def _train_epoch(
        self,
        fast: Passes,
        rows: TrainingData,
        batch_size: int,
        scheduler: Any,
        average: WeightAverage | None,
        peers: Peers,
    ) -> float:
        """Take a step for each batch; return the mean loss of the rows."""
        net, module = self.net, self.net.module_
        criterion, optimizer = net.criterion_, net.optimizer_
        has_callbacks = bool(net.callbacks_)
        module.train()
        total = torch.zeros((), device=rows.device, dtype=rows.dtype)
        with flushed_denormals():
            batches = iter(Batches(rows, batch_size, self.generator))
            following = next(batches, None)
            while following is not None:
                batch, targets = following
                if has_callbacks:
                    events.batch_begins(net, batch, targets, True)
                outputs, loss = peers.learn(fast, batch, targets, criterion)
                following = next(batches, None)  # made while the gradients are on their way
                peers.average()
                if has_callbacks:
                    named = list(module.named_parameters())
                    net.notify("on_grad_computed", named_parameters=named, batch=batch)
                optimizer.step()
                if scheduler is not None:
                    scheduler.step()
                if average is not None:
                    average.update()
                total.add_(loss, alpha=len(batch))
                if has_callbacks:
                    events.batch_ends(net, batch, targets, True, outputs=outputs, loss=loss)
        (total_loss,) = peers.totals(float(total))
        return total_loss / len(rows)

    @torch.no_grad()
    def _validate(
        self, fast: Passes, validation: TrainingData, batch_size: int, peers: Peers
    ) -> float:
        """Return the weighted accuracy on the validation rows."""
        net, module = self.net, self.net.module_
        module.eval()
        has_callbacks = bool(net.callbacks_)
        correct_weight = total_loss = total_weight = 0.0
        order = torch.arange(len(validation), device=validation.device)
        for index in validation.batches(order, batch_size):
            batch, targets = validation.take(index)
            if has_callbacks:
                events.batch_begins(net, batch, targets, False)
            outputs = fast.forward(batch)
            loss = net.criterion_(outputs, targets)
            is_right, weights = self.task.judge(outputs, targets)
            correct_weight += float(weights @ is_right.to(weights))
            total_loss += float(loss) * len(batch)
            total_weight += float(weights.sum())
            if has_callbacks:
                events.batch_ends(net, batch, targets, False, outputs=outputs, loss=loss)
        correct_weight, total_loss, total_weight = peers.totals(
            correct_weight, total_loss, total_weight
        )
        accuracy = correct_weight / total_weight
        events.record(net, "valid_loss", total_loss / len(validation), lower_is_better=True)
        events.record(net, "valid_acc", accuracy, lower_is_better=False)
        return accuracy

    def adopt(self, settings: Settings, device: torch.device) -> bool:
        """Take over changed settings; return False if they need another optimizer or device."""
        net = self.net
        if self.optimizer != settings.optimizer or torch.device(net.device) != device:
            return False
        net.criterion_.label_smoothing = settings.label_smoothing
        for group in net.optimizer_.param_groups:
            if "weight_decay" in group:
                group["weight_decay"] = settings.weight_decay
        net.verbose = settings.verbose
        net.callbacks = list(settings.callbacks or ())
        net.initialize_callbacks()
        return True

    def finish(self) -> Net:
        """Return the net for prediction only, without optimizer, batches and gradients."""
        return trimmed(self.net, self.history)

    def current_net(self) -> Net:
        """Return a copy of the net for prediction only, while the training continues."""
        module = self.net.module_
        _seed_dropout(module, None)
        net = copy.deepcopy(self.net)
        _seed_dropout(module, self.generator)
        return trimmed(net, self.history)

    def __getstate__(self) -> dict[str, Any]:
        # Generators cannot be pickled under every version of torch; their states can.
        state = self.__dict__ | {"generator": None, "history": without_durations(self.history)}
        return state | {"generator_state": self.generator.get_state()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        generator_state = state.pop("generator_state")
        self.__dict__.update(state)
        self.generator = torch.Generator(self.net.device)
        self.generator.set_state(generator_state)


def _seed_dropout(module: nn.Module, generator: torch.Generator | None) -> None:
    for layer in module.modules():
        if isinstance(layer, Dropout):
            layer.generator = generator
