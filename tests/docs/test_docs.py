"""Docstrings are complete numpydoc with an example that runs; pages name only what exists."""

import inspect
import re
import runpy
from pathlib import Path

import pytest
from numpydoc.validate import validate

import sklearn_lenet

DOCS = Path(__file__).parents[2] / "docs"

NOT_REQUIRED = {
    "SA01": "not every docstring needs a See Also section",
    "SA04": "an entry of See Also does not need a description",
    "ES01": "an extended summary is not needed if the summary is complete",
    "EX01": "the example of a class shows its methods; a test below requires one of each name",
    "GL01": "the summary is on the first line, as ruff requires",
    "RT03": "`self : object` needs no longer description",
    "RT02": "a single returned value has a name, as in scikit-learn",
}
"""The codes of numpydoc that are not required, and why."""

REFERENCE = runpy.run_path(str(DOCS / "reference.py"))
"""The names of docs/reference.py, which writes the reference page."""

WITH_DOCSTRING = [name for name in sklearn_lenet.__all__ if callable(getattr(sklearn_lenet, name))]
"""The public classes and functions. The other public names are constants, which have notes."""


def public_objects():
    """Yield the dotted name of every public class, function, and method defined here."""
    for name in WITH_DOCSTRING:
        public = getattr(sklearn_lenet, name)
        yield f"sklearn_lenet.{name}"
        if not inspect.isclass(public) or issubclass(public, Exception):
            continue
        for method, value in inspect.getmembers(public, callable):
            module = getattr(value, "__module__", None) or ""
            if not method.startswith("_") and module.startswith("sklearn_lenet"):
                yield f"sklearn_lenet.{name}.{method}"


@pytest.mark.parametrize("name", sorted(public_objects()))
def test_docstrings_are_numpydoc(name):
    found = [(code, text) for code, text in validate(name)["errors"] if code not in NOT_REQUIRED]
    assert found == []


@pytest.mark.parametrize("name", WITH_DOCSTRING)
def test_every_public_name_has_an_example(name):
    assert ">>> " in inspect.getdoc(getattr(sklearn_lenet, name))


def listed(page):
    """Return the names that a reference page lists, in its order."""
    return re.findall(r"^(?:    |\.\. py:data:: )(\w+)$", page, re.MULTILINE)


def test_the_reference_lists_every_public_name():
    assert sorted(listed(REFERENCE["page"]())) == sklearn_lenet.__all__


def test_a_new_public_name_is_in_the_reference_without_an_edit(monkeypatch):
    folders = {"NewDisplay": "inspection", "OPSET": "export", "new_tool": "new_folder"}
    for name in folders:
        monkeypatch.setattr(sklearn_lenet, name, 17 if name == "OPSET" else len, raising=False)
    monkeypatch.setattr(sklearn_lenet, "__all__", sorted([*sklearn_lenet.__all__, *folders]))
    monkeypatch.setattr(sklearn_lenet, "_FOLDERS", sklearn_lenet._FOLDERS | folders)
    page = REFERENCE["page"]()
    assert sorted(listed(page)) == sklearn_lenet.__all__
    sections = dict(re.findall(r"^(.+)\n-+\n((?:.|\n)*?)(?=\n.+\n---|\Z)", page, re.MULTILINE))
    assert "NewDisplay" in listed(sections["Inspection"])
    assert listed(sections["New folder"]) == ["new_tool"]
    # A constant is shown with its value and the note from the file that defines it.
    assert "\n    :value: 17\n\n    The version of ONNX's operators.\n" in sections["Export"]


def test_a_constant_without_a_note_is_an_error():
    with pytest.raises(LookupError, match="NOWHERE has no note; write one"):
        REFERENCE["note"]("NOWHERE")


def test_pages_name_what_exists():
    for page in DOCS.rglob("*.rst"):
        if "generated" in page.parts or "auto_examples" in page.parts:
            continue
        for name in re.findall(r"`sklearn_lenet\.(\w+)`", page.read_text()):
            assert name in sklearn_lenet.__all__, f"{page.name} names {name}"


def test_layers_of_1998_are_compared_with_ours():
    table = runpy.run_path(str(DOCS / "tables.py"))["layers_of_1998"]()
    assert table.loc["in all"].tolist() == ["", "60,000", "340,908", "", "61,706", "429,342"]
    assert table.loc["C3"].tolist()[1:3] == ["1,516", "151,600"]
