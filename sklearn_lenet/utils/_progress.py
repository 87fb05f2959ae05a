"""A progress bar on stderr, drawn by rich where it is installed and stderr is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Draw a bar; the function that is returned moves it by a number of steps.

    >>> with progress_bar("pictures", 3) as advance:  # not drawn, as this is no terminal
    ...     advance(3)
    """
    try:
        from rich.console import Console
        from rich.progress import Progress
    except ImportError:  # the extra "progress" is not installed
        yield lambda _: None
        return
    console = Console(stderr=True)
    hidden = not (sys.stderr.isatty() or console.is_terminal)
    with Progress(console=console, disable=hidden, transient=True) as bars:
        task = bars.add_task(title, total=total)
        yield lambda steps: bars.advance(task, steps)
