"""The error for a missing package names its extra."""

import sys

import pytest

from sklearn_lenet.utils._optional_packages import extra_module


def test_a_missing_package_names_its_extra(monkeypatch):
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    message = r"--plot needs the package matplotlib: pip install 'sklearn_lenet\[plots\]'\.$"
    with pytest.raises(ImportError, match=message):
        extra_module("matplotlib.figure", "--plot", "plots")
    assert extra_module("os.path", "a test", "none") is sys.modules["os.path"]
