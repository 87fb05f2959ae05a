"""The house: imports point one way, and importing is light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sklearn_lenet

PACKAGE = Path(sklearn_lenet.__file__).parent

# Room -> the rooms of ours that it may import.
MAY_IMPORT = {
    "modules": set(),
    "_geometry": set(),
    "datasets": set(),
    "_scale": {"_geometry"},
    "_validation": {"_geometry"},
    "_blocks": {"modules"},
    "_passes": {"_blocks", "modules"},
    "_augment": set(),
    "_optimizers": set(),
    "_weights": set(),
    "_devices": set(),
    "_callbacks": set(),
    "_targets": {"_geometry"},
    "_batches": {"_passes"},
    "_reports": set(),
    "_parameters": {"_augment", "_optimizers"},
    "_training": {
        "_batches",
        "_devices",
        "_optimizers",
        "_passes",
        "_reports",
        "_weights",
        "modules",
    },
    "_prediction": {"_batches", "_devices", "_geometry", "_scale", "_validation"},
    "_base": {
        "_augment",
        "_batches",
        "_callbacks",
        "_devices",
        "_geometry",
        "_optimizers",
        "_parameters",
        "_prediction",
        "_scale",
        "_targets",
        "_training",
        "_validation",
    },
    "lenet": {"_base", "_parameters", "modules", "_geometry"},
    "dense": {"_base", "_parameters", "modules", "_geometry"},
    "preprocessing": {"_geometry", "_scale", "_validation"},
    "_sources": set(),
    "_ink": {"_sources"},
    "_upright": {"_ink"},
    "_forms": {"_ink"},
    "_segments": {"_forms", "_ink", "_upright"},
    "_touching": {"_forms", "_ink", "_segments", "_upright"},
    "images": {"_geometry", "_ink", "_sources", "_validation"},
    "_redrawing": {"_ink"},
    "hands": {"_ink", "_redrawing"},
    "non_digits": {"_ink", "_redrawing"},
    "_model_files": set(),
    "_plain": {"_geometry", "_model_files", "_scale"},
    "_onnx": {"_base", "_geometry", "dense", "preprocessing"},
    "persistence": {
        "__init__",
        "_base",
        "_extras",
        "_geometry",
        "_model_files",
        "_onnx",
        "_plain",
        "_scale",
        "_training",
    },
    "_variants": {"dense", "hands", "lenet", "non_digits"},
    "_default_model": {"__init__", "_variants", "datasets", "images", "lenet", "persistence"},
    "reading": {
        "_default_model",
        "_forms",
        "_ink",
        "_segments",
        "_touching",
        "_sources",
        "_upright",
        "images",
        "non_digits",
    },
    "_demo": {"datasets", "dense", "lenet"},
    "_extras": set(),
    "_plots": {"_extras"},
    "_stages": {"_batches", "_devices", "_prediction", "_validation", "modules"},
    "_saliency": {"_devices", "_geometry", "_prediction", "_stages"},
    "_layer_table": {"_extras", "_stages", "dense", "lenet", "modules"},
    "_net_displays": {"_plots", "_saliency", "_stages"},
    "_saliency_display": {"_plots", "_saliency", "_stages"},
    "_mistakes_display": {"_geometry", "_plots", "_stages", "_validation"},
    "_reliability_display": {"_plots", "_stages", "_validation"},
    "_training_display": {"_plots", "_stages"},
    "inspection": {
        "_layer_table",
        "_mistakes_display",
        "_net_displays",
        "_reliability_display",
        "_saliency_display",
        "_stages",
        "_training_display",
        "_validation",
        "lenet",
    },
    "_output": {"_extras", "_sources", "reading"},
    "cli": {
        "__init__",
        "_default_model",
        "_demo",
        "_output",
        "_variants",
        "datasets",
        "persistence",
        "reading",
    },
    "__main__": {"cli"},
    "__init__": {
        "datasets",
        "dense",
        "hands",
        "images",
        "inspection",
        "lenet",
        "non_digits",
        "persistence",
        "preprocessing",
        "reading",
    },
}


EXTRAS = {"argcomplete", "matplotlib", "onnx", "pandas", "rich"}


def imported(tree):
    """Return what a tree imports: rooms of ours, and other top-level packages."""
    ours, others = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            ours.update(name if name in MAY_IMPORT else "__init__" for name in names)
        elif isinstance(node, ast.ImportFrom):
            others.add(node.module.split(".")[0])
        elif isinstance(node, ast.Import):
            others.update(alias.name.split(".")[0] for alias in node.names)
    return ours, others


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_imports_point_one_way(path):
    ours, others = imported(ast.parse(path.read_text()))
    assert ours <= MAY_IMPORT[path.stem]
    assert "skorch" not in others or path.stem == "_training"
    if path.stem in ("modules", "_geometry"):
        assert others <= {"__future__", "collections", "math", "typing", "numpy", "torch"}
    if path.stem == "modules":
        assert "numpy" not in others


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout


def test_importing_and_cloning_start_nothing():
    out = run(
        "import sys, sklearn_lenet\n"
        "print('torch' in sys.modules)\n"
        "from sklearn_lenet import *\n"
        "from sklearn.base import clone\n"
        "clone(LeNet5Classifier(device='cuda')), clone(DenseDigitClassifier())\n"
        "import torch\n"
        "print(torch.cuda.is_initialized())\n"
    )
    assert out.split() == ["False", "False"]


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


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_no_extra_is_imported_with_the_package(path):
    # `make wheel` shows the same in an environment that has none of them.
    top = ast.parse(path.read_text()).body
    imports = [node for node in top if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not EXTRAS & imported(ast.Module(imports, []))[1]


def test_public_names_are_there():
    assert set(sklearn_lenet.__all__) <= set(dir(sklearn_lenet))
    for name in sklearn_lenet.__all__:
        assert getattr(sklearn_lenet, name).__name__ == name
        assert sklearn_lenet.__all__ == sorted(sklearn_lenet.__all__)
    with pytest.raises(AttributeError, match="no attribute 'LeNet6Classifier'"):
        sklearn_lenet.LeNet6Classifier  # noqa: B018 - the access is the test
