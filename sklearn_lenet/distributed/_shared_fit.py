"""SharedFit: the fit of a classifier on the workers of a cluster, from blocks to a net."""

from __future__ import annotations

import copy
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.base import clone

from ..training import Samples, encode
from ..utils import background_of, check_labels, draw_seed, merged, scale_of, threads
from ._conductor import Conductor
from ._row_blocks import Block, blocks_of, placed
from ._row_share import OwnRows
from ._rows_at_hand import RowsAtHand
from ._worker_tasks import BlockFacts, Outcome, add_block, describe, rows_of, train_share


class Loaded(NamedTuple):
    """All rows of a fit, which lie on the workers."""

    workers: NDArray[Any]
    """The index of the worker of each row."""
    numbers: NDArray[np.int64]
    """The number of each row in the file of its worker."""
    labels: NDArray[Any]
    weights: NDArray[np.float64] | None
    facts: BlockFacts
    """The facts of the first block."""
    n_training: int
    """The number of rows that are not validation rows."""
    pixel_type: np.dtype[Any]
    """The type that holds the pixels of all blocks."""


class SharedFit:
    """One fit of a local estimator on the rows of all workers."""

    def __init__(self, conductor: Conductor, estimator: Any, verbose: int) -> None:
        self.conductor, self.estimator, self.verbose = conductor, estimator, verbose

    def run(
        self, X: Any, y: Any, sample_weight: Any, X_val: Any, y_val: Any, *, is_new: bool
    ) -> BaseException | None:
        """Fit the estimator; return the error with which the training ended, if it did."""
        estimator, n_workers = self.estimator, len(self.conductor.workers)
        name = type(estimator).__name__
        blocks = blocks_of(X, y, sample_weight, n_workers, name)
        n_blocks = len(blocks)
        if X_val is not None:
            blocks += blocks_of(X_val, y_val, None, n_workers, name)
        self.loaded = loaded = self._load(blocks, n_blocks)
        self._set_columns(loaded.facts, is_new=is_new)
        labels, n = loaded.labels, loaded.n_training
        check_labels(labels[:n], name)
        classes = estimator._classes_of(labels[:n], is_new=is_new)
        validated = X_val is not None or bool(estimator.early_stopping)
        # The samples are the numbers of the rows; their pixels stay on the workers.
        samples = estimator._samples(
            np.arange(n), labels[:n], classes, loaded.weights, is_new=is_new, validated=validated
        )
        seed = draw_seed(estimator.random_state)
        validation = None
        if X_val is not None:
            codes = encode(labels[n:], classes, "y_val", name)
            validation = Samples(np.arange(n, len(labels)), codes)
        elif estimator.early_stopping:
            samples, validation = samples.split(float(estimator.validation_fraction), seed)
        if is_new:
            estimator._begin(classes)
        own = self._sent(samples)
        if is_new:
            self._learn_pixels(samples, own)
        outcome = self._train(samples, own, validation, seed)
        self.estimator = outcome.estimator
        for epoch, seconds in zip(self.estimator.history_, outcome.durations, strict=True):
            if seconds is not None:  # those of an earlier fit are not known
                epoch["dur"] = seconds
        if outcome.error is None:
            self._calibrate(samples, validation, seed)
        return outcome.error

    def _load(self, blocks: list[Block], n_blocks: int) -> Loaded:
        """Load each block on a worker; return what is known of the rows."""
        from dask.delayed import delayed

        conductor, unfitted = self.conductor, clone(self.estimator)
        holders = conductor.holders([block.futures for block in blocks])
        places = placed([block.n for block in blocks], holders, conductor.workers)
        futures = []
        for number, (block, worker) in enumerate(zip(blocks, places, strict=True)):
            parts = [
                part if part is None or hasattr(part, "dask") else conductor.scattered(worker, part)
                for part in (block.X, block.y, block.weight)
            ]
            task = delayed(add_block, pure=False)(conductor.fit, number, unfitted, *parts)
            # Otherwise a worker would load all its blocks before it writes the first one.
            futures.append(conductor.compute(task, worker, priority=-number))
        results = conductor.results(futures)
        conductor.forget()
        found = [(k, facts) for k, facts in enumerate(results) if facts is not None]
        sizes = [len(facts.labels) for _, facts in found]
        n_training = sum(size for size, (k, _) in zip(sizes, found, strict=True) if k < n_blocks)
        if not n_training:
            raise ValueError("Found array with 0 sample(s): X has no rows.")
        first = found[0][1]
        for _, facts in found:
            _check_alike(first, facts)
        conductor.keep([places[k] for k, _ in found])
        index_of = {worker: index for index, worker in enumerate(conductor.workers)}
        workers = np.array([index_of[places[k]] for k, _ in found])
        weights = [facts.weights for k, facts in found if k < n_blocks]
        return Loaded(
            np.repeat(workers.astype(np.min_scalar_type(len(conductor.workers))), sizes),
            np.concatenate([f.start + np.arange(len(f.labels)) for _, f in found]),
            np.concatenate([facts.labels for _, facts in found]),
            None if weights[0] is None else np.concatenate(weights),
            first,
            n_training,
            np.result_type(*{facts.pixel_type for _, facts in found}),
        )

    def _set_columns(self, facts: BlockFacts, *, is_new: bool) -> None:
        """Set what the estimator knows of the columns of X; a warm start checks it."""
        estimator = self.estimator
        if not is_new and facts.n_features != estimator.n_features_in_:
            raise ValueError(
                f"X has {facts.n_features} features, but {type(estimator).__name__} is expecting "
                f"{estimator.n_features_in_} features as input."
            )
        estimator.n_features_in_ = facts.n_features
        estimator.image_shape_ = facts.image_shape
        if facts.names is not None:
            estimator.feature_names_in_ = facts.names

    def _sent(self, samples: Samples) -> list[Any]:
        """Send each worker which of the samples it has; return the futures."""
        return [
            self.conductor.scattered(worker, self._own_rows(samples, index))
            for index, worker in enumerate(self.conductor.workers)
        ]

    def _own_rows(self, samples: Samples, worker: int) -> OwnRows:
        """Return which of the samples a worker has."""
        owners = self.loaded.workers[samples.rows]
        own = samples.select(np.nonzero(owners == worker)[0])
        return OwnRows(
            owners,
            self.loaded.numbers[own.rows],
            own.codes.astype(np.min_scalar_type(len(self.estimator.classes_))),
            own.weights,
            1.0 if samples.weights is None else float(samples.weights.mean()),
            self.loaded.pixel_type,
        )

    def _learn_pixels(self, samples: Samples, own: list[Any]) -> None:
        """Learn the background and the scale of the pixels of all samples."""
        conductor, shape = self.conductor, self.estimator.image_shape_
        counts = np.bincount(self.loaded.workers[samples.rows], minlength=len(own))
        futures = [
            conductor.submit(worker, describe, of_worker, shape)
            for worker, of_worker, count in zip(conductor.workers, own, counts, strict=True)
            if count
        ]
        summaries, corners = zip(*conductor.results(futures), strict=True)
        self.estimator.background_ = background_of(list(chain(*corners)))
        self.estimator.pixel_scale_ = scale_of(merged(summaries))

    def _train(
        self, samples: Samples, own: list[Any], validation: Samples | None, seed: int
    ) -> Outcome:
        """Train the net on all workers."""
        conductor, plan = self.conductor, self.estimator._plan(len(samples))
        with conductor.alone():
            n_workers = len(conductor.workers)
            place = conductor.rendezvous(n_workers)
            validated = [None] * n_workers if validation is None else self._sent(validation)
            settings = plan, seed, self.verbose
            futures = [
                conductor.submit(
                    worker, train_share, rank, n_workers, place, self.estimator, *rows, *settings
                )
                for rank, (worker, *rows) in enumerate(
                    zip(conductor.workers, own, validated, strict=True)
                )
            ]
            try:
                outcomes = conductor.results(futures)
            except KeyboardInterrupt:
                outcomes = conductor.results_so_far(futures)
        outcome: Outcome = outcomes[0]
        return outcome

    def _calibrate(self, samples: Samples, validation: Samples | None, seed: int) -> None:
        """Learn the temperature and the novelty as a fit in one process does."""
        estimator = self.estimator
        device = estimator.device_
        dtype = estimator._dtype(len(samples), estimator._plan(len(samples)))
        rows = RowsAtHand(samples, device, dtype, augment=estimator._augmentation())
        new_rows = None if validation is None else RowsAtHand(validation, device, dtype)
        index, new_index = estimator._calibration_sample(rows, new_rows, seed)
        if new_rows is not None:
            new_rows.fetch(new_index, self._pixels, estimator)
        elif new_index is not None:
            index = torch.cat([index, new_index])
        rows.fetch(index, self._pixels, estimator)
        with threads(estimator.n_threads):
            module = copy.deepcopy(estimator.module_).to(dtype)
            estimator._calibrate(module, rows, new_rows, seed)

    def _pixels(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Return the pixels of rows from all workers."""
        conductor, futures, places = self.conductor, [], []
        for index, worker in enumerate(conductor.workers):
            (at,) = np.nonzero(self.loaded.workers[rows] == index)
            if len(at):
                numbers = self.loaded.numbers[rows[at]]
                futures.append(conductor.submit(worker, rows_of, numbers))
                places.append(at)
        parts = conductor.results(futures)
        pixels = np.empty((len(rows), parts[0].shape[1]), dtype=parts[0].dtype)
        for at, part in zip(places, parts, strict=True):
            pixels[at] = part
        return pixels


def _check_alike(first: BlockFacts, facts: BlockFacts) -> None:
    """Raise a ValueError if a block has other columns than the first one."""
    if facts.n_features != first.n_features or facts.image_shape != first.image_shape:
        raise ValueError(
            f"X has blocks of {first.n_features} and of {facts.n_features} features: all blocks "
            "need the same columns."
        )
    if not np.array_equal(np.asarray(first.names), np.asarray(facts.names)):
        raise ValueError("X has blocks with other names of columns: all blocks need the same ones.")
