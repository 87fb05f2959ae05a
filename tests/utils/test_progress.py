"""Progress bars are drawn on a terminal only, and only where rich is installed."""

import sys

import pytest

from sklearn_lenet.utils import progress_bar


def test_without_a_terminal_nothing_is_drawn(capfd):
    with progress_bar("pictures", 3) as advance:
        advance(3)
    assert capfd.readouterr() == ("", "")


def test_a_terminal_sees_the_bar(capfd, monkeypatch):
    pytest.importorskip("rich", reason="rich belongs to the extra progress")
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("pictures", 3) as advance:
        advance(3)
    out, err = capfd.readouterr()
    assert out == ""
    assert "pictures" in err
    assert "100%" in err


def test_nothing_happens_without_rich(capfd, monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bar("pictures", 3) as advance:
        advance(3)
    assert capfd.readouterr() == ("", "")
