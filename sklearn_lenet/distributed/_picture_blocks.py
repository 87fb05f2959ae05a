"""Blocks of pictures on a cluster: a bounded number at a time, and pictures that kill workers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from ..utils import kept_memory
from ._block_reader import BlockReader
from ._profiles import without_profile

AHEAD = 100
"""At least so many blocks are with the scheduler, also while there are few workers."""

MOST = 20
"""The most blocks, and the most pictures, that may kill workers before reading is given up."""


class Block(NamedTuple):
    """Pictures that are read in one task, and the place of their table among the others."""

    number: int
    files: Sequence[str]


def tables_of_blocks(
    client: Any, reader: BlockReader, blocks: Iterable[Block]
) -> Iterator[tuple[Block, bytes]]:
    """Yield each block with its table as soon as it is read.

    Dask repeats the blocks of a worker that dies. If a block kills one worker after the other, its
    pictures are tried one by one at the end, and those that kill workers become errors.
    """
    from distributed import KilledWorker, as_completed

    on_workers = _sent_once(client, reader)
    running: dict[Any, Block] = {}
    killed: list[Block] = []
    done = as_completed(loop=client.loop)
    waiting = iter(blocks)

    def start(n: int) -> None:
        for block in islice(waiting, n):
            future = client.submit(_read, on_workers, block.files, (), pure=False)
            running[future] = block
            done.add(future)

    start(max(AHEAD, 2 * sum(client.nthreads().values())))
    try:
        for future in done:
            block = running.pop(future)
            try:
                table = future.result()
            except KilledWorker as error:
                _check_model(on_workers, error)
                killed.append(block)
                _check_number("blocks of pictures", [block.files[0] for block in killed], error)
            except CancelledError as error:
                raise ConnectionError(
                    "The cluster has dropped the tasks that read, perhaps because its scheduler "
                    "ended: repeat the call to go on."
                ) from error
            else:
                yield block, table
            start(1)
    finally:
        client.cancel(list(running))
    deadly: list[str] = []
    for block in killed:
        yield block, _read_with_care(client, on_workers, block.files, deadly)


def _sent_once(client: Any, reader: BlockReader) -> Any:
    """Return a future of the reader, which a worker fetches for its first block and keeps.

    Data that are scattered are lost with the last worker that has them; the result of a task is
    made again.
    """
    import cloudpickle
    import dask

    packed = cloudpickle.dumps(reader)
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": len(packed) + 10**7}):
        return client.submit(cloudpickle.loads, packed, key=f"block-reader-{uuid4()}")


def _read(reader: BlockReader, files: Sequence[str], deadly: Collection[str]) -> bytes:
    """Read a block, on a worker."""
    from distributed import get_worker

    with without_profile(get_worker()), kept_memory():
        return reader.read(files, deadly)


def _read_with_care(client: Any, on_workers: Any, files: Sequence[str], deadly: list[str]) -> bytes:
    """Return the table of a block that has killed workers; add the pictures that do to a list."""
    from distributed import KilledWorker

    for file in files:
        try:
            client.submit(_read, on_workers, [file], (), pure=False).result()
        except KilledWorker as error:
            deadly.append(file)
            _check_number("pictures", deadly, error)
    try:
        table: bytes = client.submit(_read, on_workers, files, deadly, pure=False).result()
    except KilledWorker as error:
        raise ChildProcessError(
            f"The pictures {files[0]} to {files[-1]} together end the processes that read them: "
            "use a smaller block_size, or give each worker more memory."
        ) from error
    return table


def _check_model(on_workers: Any, error: Exception) -> None:
    if on_workers.status == "error":
        raise ChildProcessError(
            "The processes that load the model end: give each worker more memory, or look at its "
            "log."
        ) from error


def _check_number(what: str, files: Sequence[str], error: Exception) -> None:
    if len(files) > MOST:
        raise ChildProcessError(
            f"{len(files)} {what} ended the processes that read them: look at the logs of the "
            f"workers, and at these files: {', '.join(files)}."
        ) from error
