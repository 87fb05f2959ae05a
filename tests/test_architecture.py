"""The folders: imports point downwards only, each file is documented, and importing is light."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sklearn_lenet

PACKAGE = Path(sklearn_lenet.__file__).parent
TESTS = Path(__file__).parent

FOLDERS = [
    "cli",
    "distributed",
    "pretrained",
    "export",
    "persistence",
    "inspection",
    "reading",
    "estimators",
    "datasets",
    "images",
    "training",
    "nets",
    "utils",
]
"""From the top down: a file imports from folders below its own only."""

SKORCH = {
    "training/_batches.py",
    "training/_lines.py",
    "training/_skorch_net.py",
    "training/_skorch_events.py",
}
"""The files that may import skorch."""

EXTRAS = {"argcomplete", "dask", "distributed", "matplotlib", "onnx", "pandas", "rich"}
"""Packages that an extra brings; no file imports one when it is imported itself."""

LONGEST = 300
"""The most lines of a file."""

WITHOUT_TEST = {
    "images/_errors": "classes without code",
    "persistence/_errors": "a class without code",
    "training/_settings": "dataclasses without code",
    "export/_skl2onnx": "tests/ecosystem converts with it",
    "utils/_novelty_weight": "one number; tests of novelty use it",
    "persistence/_skops": "a list; tests/ecosystem loads with it",
}
"""Files without a test file of their own name, and why."""


def imports(tree):
    """Return the relative imports of a tree as (level, module, names), and other packages."""
    relative, others = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            relative.append((node.level, node.module, [alias.name for alias in node.names]))
        elif isinstance(node, ast.ImportFrom):
            others.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            others.update(alias.name.split(".")[0] for alias in node.names)
    return relative, others


def wrong_imports(sources):
    """Return a sentence for each import that does not point downwards, and for each circle.

    ``sources`` maps "folder/file" to the text of a file.
    """
    wrong, graphs = [], {folder: {} for folder in FOLDERS}
    for file, text in sources.items():
        folder, name = file.split("/")
        siblings = graphs[folder].setdefault(name, set())
        relative, others = imports(ast.parse(text))
        if "sklearn_lenet" in others:
            wrong.append(f"{file} imports the package by its own name")
        for level, module, names in relative:
            if level == 1:
                siblings.update([module] if module else names)
            elif module == "_version":
                continue
            elif module not in FOLDERS:
                wrong.append(f"{file} imports {module or names}, which is not a folder's face")
            elif FOLDERS.index(module) <= FOLDERS.index(folder):
                wrong.append(f"{file} imports upwards from {module}")
    for folder, graph in graphs.items():
        graph.pop("__init__", None)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            wrong.append(f"{folder} has a circle: {' -> '.join(error.args[1])}")
    return wrong


def package_sources():
    """Return the text of each file of each folder."""
    files = [path for folder in FOLDERS for path in sorted((PACKAGE / folder).glob("*.py"))]
    return {f"{path.parent.name}/{path.stem}": path.read_text() for path in files}


SOURCES = package_sources()


def test_imports_point_downwards():
    assert wrong_imports(SOURCES) == []


@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        (
            {"nets/_lenet5": "from ..training import Rows"},
            "nets/_lenet5 imports upwards from training",
        ),
        (
            {"nets/_lenet5": "def f():\n    from ..cli import main"},
            "nets/_lenet5 imports upwards from cli",
        ),
        (
            {"nets/_a": "from ._b import x", "nets/_b": "from . import _a"},
            "nets has a circle: _a -> _b -> _a",
        ),
        (
            {"cli/_main": "from ..nets._lenet5 import LeNet5"},
            "cli/_main imports nets._lenet5, which is not a folder's face",
        ),
        (
            {"utils/_files": "from sklearn_lenet import fetch_mnist"},
            "utils/_files imports the package by its own name",
        ),
    ],
)
def test_a_wrong_import_is_found(sources, sentence):
    (found,) = wrong_imports(sources)
    if "circle" in sentence:  # it may be told from either file
        assert found in (sentence, "nets has a circle: _b -> _a -> _b")
    else:
        assert found == sentence


def test_every_folder_is_listed():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders == set(FOLDERS)


@pytest.mark.parametrize("file", SOURCES)
def test_each_file_says_what_it_is_for_and_is_short(file):
    tree = ast.parse(SOURCES[file])
    assert ast.get_docstring(tree), "a file's first line says what it is for"
    assert SOURCES[file].count("\n") <= LONGEST
    assert file.endswith("__init__") or file.split("/")[1].startswith("_"), "files are private"


@pytest.mark.parametrize("file", SOURCES)
def test_each_folder_keeps_to_its_packages(file):
    folder = file.split("/")[0]
    tree = ast.parse(SOURCES[file])
    _, others = imports(tree)
    assert "skorch" not in others or f"{file}.py" in SKORCH
    if folder == "nets":
        assert not others & {"numpy", "scipy", "sklearn"}
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    at_import = imports(ast.Module(at_once, []))[1]
    assert not EXTRAS & at_import  # `make wheel` shows the same where none of them is installed
    if folder in ("cli", "utils", "images", "datasets", "reading"):
        assert "torch" not in at_import


@pytest.mark.parametrize("file", [file for file in SOURCES if not file.endswith("__init__")])
def test_each_file_has_a_test_file_of_its_name(file):
    folder, name = file.split("/")
    assert (TESTS / folder / f"test{name}.py").is_file() != (file in WITHOUT_TEST)


def test_no_file_of_the_project_is_long():
    folders = [TESTS, TESTS.parent / "benchmarks", TESTS.parent / "examples", TESTS.parent / "docs"]
    files = [path for folder in folders for path in folder.rglob("*.py")]
    assert len(files) > 100
    # Sphinx writes these two folders.
    files = [path for path in files if not {"auto_examples", "build"} & set(path.parts)]
    lengths = {str(path): path.read_text().count("\n") for path in files}
    assert {path: n for path, n in lengths.items() if n > LONGEST} == {}


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_importing_and_cloning_start_nothing():
    out = run(
        "import sys, sklearn_lenet\n"
        "print('torch' in sys.modules)\n"
        "from sklearn_lenet import DigitImageReader, fetch_mnist\n"
        "print('torch' in sys.modules)\n"
        "from sklearn_lenet import *\n"
        "from sklearn.base import clone\n"
        "clone(LeNet5Classifier(device='cuda')), clone(DenseDigitClassifier())\n"
        "import torch\n"
        "print(torch.cuda.is_initialized())\n"
    )
    assert out.split() == ["False", "False", "False"]


def test_a_first_fit_and_a_first_load_import_no_compiler(tmp_path):
    # torch imports its compiler and sympy on the way to some harmless calls: two seconds.
    out = run(
        "import sys\n"
        "from sklearn.datasets import load_digits\n"
        "from sklearn_lenet import *\n"
        "X, y = load_digits(n_class=2, return_X_y=True)\n"
        f"path = {str(tmp_path / 'digits.lenet')!r}\n"
        "save_model(LeNet5Classifier(max_epochs=1).fit(X, y), path)\n"
        "DenseDigitClassifier(max_epochs=1).fit(X, y).partial_fit(X, y)\n"
        "load_model(path).predict(X)\n"
        "print([name for name in ('torch._dynamo', 'sympy') if name in sys.modules])\n"
    )
    assert out.split() == ["[]"]


def test_public_names_are_there():
    names = sklearn_lenet.__all__
    assert names == sorted(set(names))
    namespace = {}
    exec("from sklearn_lenet import *", namespace)  # noqa: S102 - what a user's import gives
    assert set(names) == set(namespace) - {"__builtins__"}
    for name in names:
        value = namespace[name]
        assert getattr(value, "__name__", name) == name
        assert name in dir(sklearn_lenet)
    with pytest.raises(AttributeError, match="no attribute 'LeNet6Classifier'"):
        sklearn_lenet.LeNet6Classifier  # noqa: B018 - the access is the test


def test_all_that_inspection_exports_is_public():
    from sklearn_lenet import inspection

    assert set(inspection.__all__) <= set(sklearn_lenet.__all__)
