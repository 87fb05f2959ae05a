"""The command line: one file per command, one for output formats, one for drawings.

What a command needs is imported when it runs, so that ``--help`` is quick.
"""

from ._main import main

__all__ = [
    "main",
]
