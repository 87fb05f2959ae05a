"""The engine: devices, seeds, batches, the training loop. The only file that names skorch."""

from __future__ import annotations

import copy
import math
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import torch
from joblib.parallel import get_active_backend
from numpy.typing import NDArray
from sklearn.utils import check_random_state
from skorch import NeuralNetClassifier
from skorch.callbacks import LRScheduler
from torch import Tensor, nn
from torch.nn import functional as F

from .modules import SeededDropout, initialise

LIMIT = 1e4
"""No standardised pixel lies further out; it keeps the nets finite for any input."""

AUTO_STEPS = 1500
"""``max_epochs="auto"`` trains until about so many steps are made ..."""

AUTO_EPOCHS = (5, 60)
"""... in no fewer and no more passes than these."""

DOUBLE_ROWS = 256
"""A fit of no more rows than this, all in one batch, runs in double precision."""

PREDICT_BATCH = 512
"""Rows that go through the net at once when it predicts."""


# Devices, seeds and threads


def resolve_device(device: str | torch.device) -> torch.device:
    """Turn "auto" into the best device there is; refuse one that is absent.

    >>> resolve_device("cpu")
    device(type='cpu')
    """
    found = ["cpu"]
    if torch.backends.mps.is_available():
        found.insert(0, "mps")
    if torch.cuda.is_available():
        found.insert(0, "cuda")
    if device == "auto":
        return torch.device(found[0])
    try:
        asked = torch.device(device)
    except RuntimeError:
        asked = None
    count = torch.cuda.device_count() if asked is not None and asked.type == "cuda" else 1
    if asked is None or asked.type not in found or (asked.index or 0) >= count:
        raise ValueError(
            f"device={str(device)!r} is not to be had here: use 'auto' or one of {found}."
        )
    return asked


def draw_seed(random_state: Any) -> int:
    """Return a seed for the engine; None asks the system, not NumPy's global state."""
    if random_state is None:
        return int(np.random.SeedSequence().generate_state(1)[0])
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


_threads_lock = threading.Lock()
_threads_held = 0
_threads_before = 0


@contextmanager
def limited_threads() -> Iterator[None]:
    """Give torch one thread inside a worker of joblib that has no limit yet.

    Elsewhere torch keeps its own choice; two busy threads on one core are many
    times slower than one.
    """
    global _threads_held, _threads_before
    if not _in_unlimited_worker():
        yield
        return
    with _threads_lock:
        if _threads_held == 0:
            _threads_before = torch.get_num_threads()
        _threads_held += 1
        torch.set_num_threads(1)
    try:
        yield
    finally:
        with _threads_lock:
            _threads_held -= 1
            torch.set_num_threads(_threads_before)


def _in_unlimited_worker() -> bool:
    in_worker = (get_active_backend()[0].nesting_level or 0) > 0
    in_thread = threading.current_thread() is not threading.main_thread()
    # loky limits the threads of its processes by this variable; nobody limits the others.
    return in_worker and (in_thread or "OMP_NUM_THREADS" not in os.environ)


# Batches


def standardise(pixels: Tensor, mean: float, deviation: float, dtype: torch.dtype) -> Tensor:
    """Return the pixels as floats with the learned mean and deviation taken out."""
    return pixels.to(dtype, copy=True).sub_(mean).div_(deviation).clamp_(-LIMIT, LIMIT)


class Rows(torch.utils.data.Dataset[Any]):
    """All training rows, resident on the device in the type they came in."""

    def __init__(
        self,
        pixels: Tensor,
        codes: Tensor,
        weights: Tensor | None,
        standardise: Callable[[Tensor], Tensor],
    ) -> None:
        self.pixels, self.codes, self.weights = pixels, codes, weights
        self.standardise = standardise

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Return a batch: standardised pixels, and codes with weights where there are any."""
        targets: tuple[Tensor, ...] = (self.codes[index],)
        if self.weights is not None:
            targets += (self.weights[index],)
        return self.standardise(self.pixels[index]), targets


class Batches:
    """Whole batches sliced from one tensor, in a new seeded order each pass."""

    def __init__(self, rows: Rows, batch_size: int, generator: torch.Generator) -> None:
        self.rows, self.batch_size, self.generator = rows, batch_size, generator

    def __len__(self) -> int:
        return math.ceil(len(self.rows) / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, tuple[Tensor, ...]]]:
        order = torch.randperm(
            len(self.rows), generator=self.generator, device=self.generator.device
        )
        for index in torch.split(order, self.batch_size):
            yield self.rows.take(index)


class WeightedCrossEntropy(nn.Module):
    """Cross-entropy, its mean weighted by the rows' weights where they have any."""

    def forward(self, logits: Tensor, targets: Sequence[Tensor]) -> Tensor:
        """Return the loss of a batch of `Rows.take`."""
        if len(targets) == 1:
            return F.cross_entropy(logits, targets[0])
        codes, weights = targets
        losses = F.cross_entropy(logits, codes, reduction="none")
        return (losses * weights).sum() / weights.sum()


# Training and predicting


def epochs_for(max_epochs: int | str, n_rows: int, batch_size: int) -> int:
    """Return the number of passes; "auto" makes more of them over fewer rows.

    >>> [epochs_for("auto", n, 64) for n in (100, 1500, 60_000)]
    [60, 60, 5]
    """
    if max_epochs != "auto":
        return int(max_epochs)
    fewest, most = AUTO_EPOCHS
    return min(max(math.ceil(AUTO_STEPS * batch_size / n_rows), fewest), most)


def train(
    build: Callable[[int], nn.Module],
    n_classes: int,
    pixels: NDArray[Any],
    codes: NDArray[np.int64],
    weights: NDArray[np.float64] | None,
    *,
    mean: float,
    deviation: float,
    lr: float,
    max_epochs: int | str,
    batch_size: int,
    device: torch.device,
    seed: int,
) -> tuple[NeuralNetClassifier, list[float]]:
    """Train a fresh module; return the skorch net around it and the loss of each epoch.

    A few rows in one batch are trained in double precision, where it costs nothing
    and makes a weight equal to repeated rows, not just about equal.
    """
    few = len(codes) <= min(batch_size, DOUBLE_ROWS)
    dtype = torch.float64 if few and device.type != "mps" else torch.float32
    with torch.device("meta"):  # built without weights: torch's global state stays untouched
        module = build(n_classes)
    module = module.to_empty(device="cpu")
    initialise(module, torch.Generator().manual_seed(seed))
    module = module.to(device, dtype)
    generator = torch.Generator(device).manual_seed(seed + 1)
    _seed_dropout(module, generator)

    rows = Rows(
        _tensor(pixels).to(device),
        torch.from_numpy(codes).to(device),
        None if weights is None else _tensor(weights).to(dtype).to(device),
        lambda batch: standardise(batch, mean, deviation, dtype),
    )
    epochs = epochs_for(max_epochs, len(rows), batch_size)
    net = NeuralNetClassifier(
        module,
        criterion=WeightedCrossEntropy,
        optimizer=torch.optim.Adam,
        optimizer__fused=device.type in ("cpu", "cuda"),
        lr=lr,
        max_epochs=epochs,
        batch_size=batch_size,
        iterator_train=Batches,
        iterator_train__generator=generator,
        train_split=None,
        predict_nonlinearity=partial(torch.softmax, dim=1),
        classes=list(range(n_classes)),
        callbacks=[
            LRScheduler(
                torch.optim.lr_scheduler.OneCycleLR,
                max_lr=lr,
                total_steps=epochs * math.ceil(len(rows) / batch_size) + 1,
                step_every="batch",
            )
        ],
        callbacks__valid_acc=None,
        callbacks__valid_loss=None,
        callbacks__print_log=None,
        device=str(device),
        verbose=0,
    )
    net.initialize()
    net.notify("on_train_begin", X=rows, y=None)
    net.fit_loop(rows)  # not net.fit, which would swallow Ctrl-C
    net.notify("on_train_end", X=rows, y=None)
    losses = [float(loss) for loss in net.history[:, "train_loss"]]
    _seed_dropout(module, None)
    net.trim_for_prediction()
    del net.iterator_train__generator
    net.module = type(module)  # a second reference to the instance would be pickled again
    module.to(torch.float32).zero_grad(set_to_none=True)
    return net, losses


def _tensor(array: NDArray[Any]) -> Tensor:
    """Return a tensor on the array's memory; on a copy where torch could not read it as it is."""
    return torch.from_numpy(np.require(array, requirements=["C", "W"]))


def moved(net: NeuralNetClassifier, device: torch.device) -> NeuralNetClassifier:
    """Return a copy of a trained net on another device."""
    net = copy.deepcopy(net)
    net.module_.to(device)
    net.device = str(device)
    return net


def _seed_dropout(module: nn.Module, generator: torch.Generator | None) -> None:
    for layer in module.modules():
        if isinstance(layer, SeededDropout):
            layer.generator = generator


@torch.inference_mode()
def logits(
    module: nn.Module,
    pixels: NDArray[Any],
    *,
    mean: float,
    deviation: float,
    device: torch.device,
) -> Tensor:
    """Return the module's logits for the pixels, on the CPU, a batch at a time."""
    parts = [
        module(standardise(batch.to(device), mean, deviation, torch.float32)).cpu()
        for batch in torch.split(_tensor(pixels), PREDICT_BATCH)
    ]
    return torch.cat(parts)
