"""``main(argv)`` and the parser of all commands."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence

from .._version import __version__
from . import _demo, _evaluate, _export, _info, _predict, _train
from ._messages import EXIT_ERROR, EXIT_INTERRUPTED, tell

COMMANDS = (_predict, _train, _evaluate, _info, _export, _demo)
"""Each command is a file with ``add_parser(commands)``; ``--help`` lists them in this order."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="sklearn-lenet", description="Read handwritten digits, and train models to do so."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = build_parser()
    if "_ARGCOMPLETE" in os.environ:  # the shell asks for completions
        from argcomplete import autocomplete

        autocomplete(parser)
    args = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know ASCII only
            stream.reconfigure(errors="backslashreplace")
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except (OSError, ValueError, ImportError, TypeError) as error:
        tell(f"sklearn-lenet {args.command}: {error}")
        return EXIT_ERROR
    except KeyboardInterrupt:
        tell(f"sklearn-lenet {args.command}: interrupted")
        return EXIT_INTERRUPTED
