"""A progress bar on stderr, drawn by rich where it is installed and stderr is a terminal."""

from __future__ import annotations

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
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(title, total=total)
        yield lambda steps: bars.advance(task, steps)
