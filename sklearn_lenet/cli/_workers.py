"""`sklearn-lenet predict --out FOLDER --workers N|SCHEDULER`: many processes or machines read."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ._messages import EXIT_ERROR, tell

WAIT = 10
"""Seconds in which a scheduler must answer."""


def workers(text: str) -> int | str:
    """Return a number of processes, or the address or the file of a scheduler.

    >>> workers("4"), workers("tcp://10.0.0.1:8786")
    (4, 'tcp://10.0.0.1:8786')
    """
    if text.isdecimal() and int(text) > 0:
        return int(text)
    if "://" in text or Path(text).is_file():
        return text
    raise argparse.ArgumentTypeError(
        f"{text} is neither a number of processes, nor an address such as tcp://10.0.0.1:8786, "
        "nor the file of a scheduler"
    )


def write_answers(
    args: argparse.Namespace, files: Sequence[str], model: Any, **settings: Any
) -> int:
    """Read pictures into a folder of Parquet files; return 1 if one could not be read."""
    from ..distributed import read_files

    with _where(args.workers) as where:
        summary = read_files(
            files, model, out=args.out, split=args.split, verbose=1, **where, **settings
        )
    unread = f" {summary.errors} could not be read: see the column error." * bool(summary.errors)
    tell(f"The answers for {summary.pictures} pictures are in {args.out}.{unread}")
    return EXIT_ERROR if summary.errors else 0


@contextmanager
def _where(named: int | str | None) -> Iterator[dict[str, Any]]:
    """Yield the arguments of `read_files` that say which processes read."""
    if not isinstance(named, str):
        yield {"n_workers": named}
        return
    from ..utils import extra_module

    distributed = extra_module("distributed", "--workers", "dask")
    scheduler = {"address": named} if "://" in named else {"scheduler_file": named}
    try:
        client = distributed.Client(**scheduler, timeout=WAIT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OSError(
            f"no scheduler answers at {named}: start one with `dask scheduler`, or name a number "
            "of processes."
        ) from error
    with client:
        yield {"client": client}
