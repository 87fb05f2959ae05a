"""What all benchmarks share: the environment, the JSON files, and the marks in the READMEs."""

import json
import os
import platform
import re
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PACKAGES = ["scikit-learn", "skorch", "torch", "numpy", "scipy"]
OTHER_LIBRARIES = ["tensorflow-cpu", "keras", "jax"]


def environment():
    """Return the machine, the versions of the packages, the number of threads and the commit."""
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "torch_threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES} | _other_libraries(),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_git("status", "--porcelain", "--", "sklearn_lenet")),
    }


def save(name, result):
    """Write ``results/name.json`` completely or not at all."""
    save_at(RESULTS / f"{name}.json", result)


def save_at(path, result):
    """Write a JSON file completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(json.dumps(result, indent=2) + "\n")
    partial.replace(path)


def load(name):
    """Read ``results/name.json``."""
    return json.loads((RESULTS / f"{name}.json").read_text())


def figure(figures, name, part):
    """Return a figure by its name, or a part of it unless ``part`` is None."""
    return figures[name] if part is None else figures[name][part]


def between_marks(text, name):
    """Return the text between ``<!-- name -->`` and ``<!-- end of name -->``."""
    return _marks(name).search(text)[2]


def put_between_marks(text, name, lines):
    """Return the text with the lines in place of those between the marks."""
    text, n = _marks(name).subn(lambda found: found[1] + "\n".join(lines) + found[3], text)
    if n != 1:
        raise ValueError(
            f"the marks of {name!r} occur {n} times in the text; they must occur once."
        )
    return text


def put_into_page(page, name, lines):
    """Replace the lines of a page of the site between ``.. name`` and ``.. end of name``."""
    start, end = f".. {name}\n", f".. end of {name}"
    head, rest = page.read_text().split(start)
    page.write_text("\n".join([head + start, *lines, "", end + rest.split(end)[1]]))


def _marks(name):
    return re.compile(f"(<!-- {name} -->\n)(.*?)(\n<!-- end of {name} -->)", re.DOTALL)


def resident(field):
    """Return a memory field of this process from ``/proc/self/status``, in bytes."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith(field))
    return int(line.split()[1]) * 1024


def _other_libraries():
    """Return the versions of the other libraries of the comparison that are installed."""
    versions = {}
    for package in OTHER_LIBRARIES:
        with suppress(PackageNotFoundError):
            versions[package] = version(package)
    return versions


def _cpu():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "unknown")


def _git(*arguments):
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
