"""read_files: many pictures, read by many processes or machines, become a table in Parquet."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Sequence
from contextlib import closing, nullcontext
from hashlib import sha256
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import joblib
from sklearn.utils._param_validation import Interval, validate_params

from .._version import __version__
from ..images import picture_files
from ..pretrained import QuickDigits
from ..reading import check_min_confidence, model_for_rows
from ..utils import check_fitted, extra_module, progress_bar, write_whole
from ._answers_folder import begin, count_errors, part_of
from ._block_reader import BlockReader, schema_of
from ._clients import latest_client
from ._local_processes import local_processes
from ._picture_blocks import Block, tables_of_blocks

if TYPE_CHECKING:
    from ..reading import DigitStringReader

LARGEST_BLOCK = 100
"""The most pictures in a block, unless the caller wants more."""

FEWEST_BLOCKS = 32
"""Few pictures are divided into so many blocks, so that all workers have some."""

AT_LEAST_ONE = Interval(Integral, 1, None, closed="left")


class ReadSummary(NamedTuple):
    """What `read_files` has done.

    Parameters
    ----------
    pictures : int
        The number of pictures in the table.
    errors : int
        How many of them could not be read.
    seconds : float
        The time of this call.

    See Also
    --------
    read_files : Returns it.

    Examples
    --------
    >>> from sklearn_lenet import ReadSummary
    >>> ReadSummary(pictures=1000, errors=2, seconds=3.5).errors
    2
    """

    pictures: int
    errors: int
    seconds: float


@validate_params(
    {
        "split": ["boolean"],
        "n_workers": [AT_LEAST_ONE, None],
        "block_size": [AT_LEAST_ONE, None],
        "verbose": ["verbose"],
    },
    prefer_skip_nested_validation=True,
)
def read_files(
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    model: Any = None,
    *,
    out: str | os.PathLike[str],
    split: bool = False,
    reader: DigitStringReader | None = None,
    min_confidence: float = 0.0,
    client: Any = None,
    n_workers: int | None = None,
    block_size: int | None = None,
    verbose: int = 0,
) -> ReadSummary:
    """Read many pictures with many processes or machines into a table in Parquet.

    ``pandas.read_parquet(out)`` and ``dask.dataframe.read_parquet(out)`` load the table. Its rows
    are in the order of the pictures. A picture that cannot be read has one row, with the reason in
    the column ``error``. If the call is interrupted or killed, the same call goes on where it
    stopped. It needs the extra "dask".

    Parameters
    ----------
    paths : str, path, or list of them
        Pictures, folders of pictures, or patterns such as ``"scans/**/*.png"``.
    model : fitted classifier, pipeline or DigitStringReader, default=None
        What reads, as in `read_digits`. A `DigitStringReader` reads one line in each picture. None
        uses the pretrained model "digits".
    out : str or path
        The folder of the table. It is created if it does not exist.
    split : bool, default=False
        Read all digits of each picture, with one row a digit. With False, all ink of a picture is
        one digit.
    reader : DigitStringReader, default=None
        With ``split=True``, a reader that finds the digits of each line, as in `read_digits`.
    min_confidence : float, default=0.0
        The label of a digit with less confidence is "?". A `DigitStringReader` has a parameter of
        this name.
    client : dask.distributed.Client, default=None
        A client of the cluster that reads. None uses the client that was created last in this
        process, as other functions of Dask do; without one, processes on this machine read.
    n_workers : int, default=None
        The number of processes on this machine. They are started for this call, even if there is
        a client. None starts one for each core if there is no client.
    block_size : int, default=None
        The number of pictures in a task, and in each file of the table. None takes 100, and fewer
        if there are less than 3,200 pictures.
    verbose : int, default=0
        1 draws a progress bar on a terminal, which needs the extra "progress".

    Returns
    -------
    summary : ReadSummary
        The number of pictures, the number of those that could not be read, and the time.

    Raises
    ------
    ValueError
        If no picture is found, or if ``out`` was begun with another model, with other pictures or
        with other settings.
    ChildProcessError
        If reading ends one worker process after the other.
    ConnectionError
        If the cluster is lost.

    See Also
    --------
    read_digits : Reads one picture.
    DigitStringReader : Reads lines in this process.

    Notes
    -----
    The table has the columns of ``sklearn-lenet predict --csv``: ``file``, ``line``, ``label``,
    ``confidence``, ``flags``, ``needs_review``, ``left``, ``top``, ``right``, ``bottom``, the
    probability of each class as ``p_0``, ``p_1`` and so on, and ``error``; for a
    `DigitStringReader`, ``file``, ``text``, ``confidence`` and ``error``.

    Workers on other machines must find the pictures under the same paths. The table is written by
    this process. The model is sent to each worker once.

    A picture that ends the process that reads it has a row with an error. The others are read.

    A picture that changes after it was read is not read again. To read the pictures of one file of
    the table again, delete this file and repeat the call.

    A script that starts processes must call this function below ``if __name__ == "__main__":``,
    because the processes import the script.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from dask.distributed import Client
    >>> from PIL import Image, ImageDraw
    >>> from sklearn_lenet import read_files
    >>> folder = Path(tempfile.mkdtemp())
    >>> picture = Image.new("L", (60, 80), "white")
    >>> ImageDraw.Draw(picture).line([(15, 15), (45, 15), (25, 65)], width=6)
    >>> picture.save(folder / "seven.png")
    >>> (folder / "notes.png").write_text("no picture")
    10
    >>> with Client(processes=False, dashboard_address=":0") as client:
    ...     summary = read_files(folder, out=folder / "digits.parquet", client=client)
    >>> summary.pictures, summary.errors
    (2, 1)
    >>> import pandas as pd
    >>> pd.read_parquet(folder / "digits.parquet")["label"].tolist()
    [<NA>, '7']
    """
    started = time.perf_counter()
    for package in ("distributed", "pandas", "pyarrow"):
        extra_module(package, "read_files", "dask")
    if client is not None and n_workers is not None:
        raise ValueError(f"n_workers={n_workers} and a client were given: pass one of them.")
    block_reader = _block_reader(model, reader, split, min_confidence)
    files = picture_files(paths)
    if not files:
        raise ValueError("paths is empty: name at least one picture or folder.")
    if block_size is None:
        block_size = min(LARGEST_BLOCK, math.ceil(len(files) / FEWEST_BLOCKS))
    folder = Path(out)
    begin(folder, _asked(files, block_reader, block_size))
    present = set(os.listdir(folder))
    blocks = [
        Block(number, files[start : start + block_size])
        for number, start in enumerate(range(0, len(files), block_size))
    ]
    missing = [block for block in blocks if part_of(folder, block.number).name not in present]
    with progress_bar("pictures", len(files)) if verbose else nullcontext(_ignore) as advance:
        advance(len(files) - sum(len(block.files) for block in missing))
        with closing(_tables(missing, block_reader, client, n_workers)) as tables:
            for block, table in tables:
                write_whole(part_of(folder, block.number), table)
                advance(len(block.files))
    return ReadSummary(len(files), count_errors(folder), time.perf_counter() - started)


def _block_reader(model: Any, reader: Any, split: bool, min_confidence: float) -> BlockReader:
    """Return what workers need to read, after checks of the model and the settings."""
    check_min_confidence(min_confidence)
    reads_lines = model is not None and _is_line_reader(model)
    if reader is not None and not (split and _is_line_reader(reader)):
        raise ValueError(
            f"reader={type(reader).__name__} is given: it must be a DigitStringReader, and needs "
            "split=True."
        )
    if reads_lines and (split or min_confidence):
        given = "split=True" if split else f"min_confidence={min_confidence}"
        raise ValueError(
            f"{given} is for classifiers, and model is a DigitStringReader: it reads whole lines "
            "and has its own min_confidence."
        )
    model = QuickDigits() if model is None else model
    if reads_lines:
        check_fitted(model)
    elif not hasattr(model_for_rows(model), "classes_"):
        raise ValueError(f"model={type(model).__name__} has no classes_: pass a fitted classifier.")
    if reader is not None:
        check_fitted(reader)
    schema = schema_of(model, reads_lines=reads_lines)
    return BlockReader(model, reader, split, min_confidence, reads_lines, schema, os.getcwd())


def _is_line_reader(model: Any) -> bool:
    from ..reading import DigitStringReader  # loads torch

    return isinstance(model, DigitStringReader)


def _asked(files: Sequence[str], reader: BlockReader, block_size: int) -> dict[str, Any]:
    """Return what the table depends on; two calls that ask the same have equal values."""
    names = sha256("\0".join(files).encode(errors="surrogateescape")).hexdigest()
    return {
        "list of files": f"{len(files)}, sha256 {names}",
        "model": _fingerprint(reader.model),
        "reader": None if reader.reader is None else _fingerprint(reader.reader),
        "split": reader.split,
        "min_confidence": reader.min_confidence,
        "block_size": block_size,
        "version of sklearn_lenet": __version__,
    }


def _fingerprint(model: Any) -> str:
    return f"{type(model).__name__}, joblib.hash {joblib.hash(model)}"


def _tables(
    blocks: Sequence[Block], reader: BlockReader, client: Any, n_workers: int | None
) -> Generator[tuple[Block, bytes], None, None]:
    """Yield each block with its table, read on a cluster or on this machine."""
    if not blocks:
        return
    if client is None and n_workers is None:
        client = latest_client()
    if client is not None:
        yield from tables_of_blocks(client, reader, blocks)
        return
    from dask.system import CPU_COUNT

    with local_processes(min(n_workers or CPU_COUNT, len(blocks))) as client:
        yield from tables_of_blocks(client, reader, blocks)


def _ignore(_: int) -> None:
    """Take the steps of a progress bar that is not drawn."""
