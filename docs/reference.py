"""The reference page, ``api.rst``: all public names, one section for each folder of the package.

``conf.py`` writes it when the site is built. A new public name appears without an edit here.
"""

import re
from pathlib import Path

from sphinx.pycode import ModuleAnalyzer

import sklearn_lenet

PACKAGE = Path(sklearn_lenet.__file__).parent

TITLES = {
    "estimators": "Classifiers and transformers",
    "images": "Pictures",
    "reading": "Pages of digits",
    "datasets": "Data",
    "inspection": "Inspection",
    "persistence": "Model files",
    "export": "Export",
    "distributed": "Many processes and machines",
    "training": "Training",
    "utils": "Utilities",
}
"""The title of a folder's section. A folder that is not listed gets its own name as title."""

HEAD = """\
API reference
=============

All names are imported from the package: ``from sklearn_lenet import LeNet5Classifier``.

.. currentmodule:: sklearn_lenet
"""


def page():
    """Return the text of the reference page."""
    names = {folder: [] for folder in TITLES}
    for name in sklearn_lenet.__all__:
        names.setdefault(sklearn_lenet._FOLDERS[name], []).append(name)
    return "\n".join([HEAD, *(section(folder, names[folder]) for folder in names if names[folder])])


def section(folder, names):
    """Return the section of a folder: a table with a page for each name, then its constants."""
    constants = [name for name in names if not callable(getattr(sklearn_lenet, name))]
    entries = [f"    {name}" for name in names if name not in constants]
    title = TITLES.get(folder, folder.replace("_", " ").capitalize())
    lines = [title, "-" * len(title), ""]
    if entries:
        lines += [".. autosummary::", "    :toctree: generated", "", *entries, ""]
    for name in constants:
        value = getattr(sklearn_lenet, name)
        lines += [f".. py:data:: {name}", f"    :value: {value!r}", "", f"    {note(name)}", ""]
    return "\n".join(lines)


def note(name):
    """Return the note of a constant: the string on the line after its value."""
    for file in sorted(PACKAGE.rglob("*.py")):
        if re.search(rf"^{name}\b.*=", file.read_text(), re.MULTILINE):
            notes = ModuleAnalyzer.for_file(file, file.stem).find_attr_docs()
            if ("", name) in notes:
                return " ".join(notes["", name]).strip()
    raise LookupError(f"{name} has no note; write one as a string on the line after its value.")


def write(path):
    """Write the reference page, unless it is already there."""
    text = page()
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
