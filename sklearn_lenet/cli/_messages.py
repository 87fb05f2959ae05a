"""Messages on stderr, and the exit code of a command that failed."""

from __future__ import annotations

import sys

EXIT_ERROR = 1
"""The exit code where a file could not be read or a command failed; argparse's own is 2."""


EXIT_INTERRUPTED = 130
"""The exit code after Ctrl-C, as in shells: 128 and the number of the signal."""


def shown(text: str) -> str:
    r"""Return a text with what a terminal cannot show, or would obey, as escapes.

    >>> print(shown("a\n\x1b[31m\udcff"))
    a\n\x1b[31m\udcff
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def tell(message: str) -> None:
    """Print a message that is not part of the result."""
    print(shown(message), file=sys.stderr, flush=True)
