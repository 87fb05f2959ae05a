"""Messages on stderr, and the exit code of a command that failed."""

from __future__ import annotations

import sys

EXIT_ERROR = 1
"""The exit code where a file could not be read or a command failed; argparse's own is 2."""


def tell(message: str) -> None:
    """Print a message that is not part of the result."""
    print(message, file=sys.stderr, flush=True)
