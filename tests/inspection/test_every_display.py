"""What every display has to do. A new display is found by its name in sklearn_lenet.inspection."""

import inspect
import subprocess
import sys

import numpy as np
import pytest
from matplotlib import pyplot as plt

from sklearn_lenet import inspection


@pytest.fixture(scope="module")
def example_input(net, digits):
    """Arguments of ``from_estimator`` by name: a fitted net, a mistake of it and a correct digit.

    A new display whose ``from_estimator`` needs another argument needs an example of it here.
    """
    X, y = digits
    correct = net.predict(X) == y
    rows = [np.flatnonzero(~correct)[0], np.flatnonzero(correct)[0]]
    return {"estimator": net, "X": X[rows], "y": y[rows]}


def display_names():
    """Return the names of all displays of the package."""
    return [name for name in inspection.__all__ if name.endswith("Display")]


def from_example(name, example_input, **options):
    """Return a display that is drawn from the example input."""
    Display = getattr(inspection, name)
    parameters = inspect.signature(Display.from_estimator).parameters.values()
    required = [parameter.name for parameter in parameters if parameter.default is parameter.empty]
    missing = [parameter for parameter in required if parameter not in example_input]
    if missing:
        pytest.fail(
            f"{name}.from_estimator needs {', '.join(missing)}; add an example to example_input in "
            "tests/inspection/test_every_display.py."
        )
    arguments = {parameter: example_input[parameter] for parameter in required}
    return Display.from_estimator(**arguments, **options)


def check_draws_where_it_is_told(name, example_input):
    figure, (left, right) = plt.subplots(1, 2)
    edge = right.get_position().x0
    display = from_example(name, example_input, ax=right)
    assert display.figure_ is figure
    assert np.size(display.axes_) > 0
    for axes in np.ravel(display.axes_):
        assert axes.figure is figure
        assert axes.get_position().x0 >= edge - 1e-6
    assert any(axes.has_data() for axes in np.ravel(display.axes_))
    assert not left.has_data()
    placed = plt.figure().add_axes((0.1, 0.1, 0.5, 0.5))
    assert from_example(name, example_input, ax=placed).figure_ is placed.figure
    again = display.plot()  # a display can be drawn again, in a new figure
    assert again is display
    assert again.figure_ is not figure


def check_names_the_missing_package(name, example_input, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError) as caught:
        from_example(name, example_input)
    message = f"{name} needs the package matplotlib: pip install 'sklearn_lenet[plots]'."
    assert str(caught.value) == message


@pytest.mark.parametrize("name", display_names())
def test_a_display_draws_where_it_is_told(name, example_input):
    check_draws_where_it_is_told(name, example_input)


@pytest.mark.parametrize("name", display_names())
def test_a_display_names_the_missing_package(name, example_input, monkeypatch):
    check_names_the_missing_package(name, example_input, monkeypatch)


class NewDisplay:
    """A display that has just been added, and is wrong: it ignores ``ax``."""

    @classmethod
    def from_estimator(cls, estimator, X, *, ax=None):
        display = cls()
        display.figure_, display.axes_ = plt.subplots()
        return display


class StrokesDisplay:
    """A display that has just been added, and needs an argument without an example."""

    @classmethod
    def from_estimator(cls, estimator, strokes, *, ax=None):
        raise AssertionError("not called without an example")


@pytest.fixture
def new_displays(monkeypatch):
    """Register the two displays as their names in ``inspection/__init__.py`` would."""
    classes = {"NewDisplay": NewDisplay, "StrokesDisplay": StrokesDisplay}
    monkeypatch.setattr(inspection, "__all__", [*inspection.__all__, *classes])
    for name, cls in classes.items():
        monkeypatch.setattr(inspection, name, cls, raising=False)


def test_a_new_display_is_found_and_checked(new_displays, example_input, monkeypatch):
    assert display_names()[-2:] == ["NewDisplay", "StrokesDisplay"]
    with pytest.raises(AssertionError):
        check_draws_where_it_is_told("NewDisplay", example_input)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        check_names_the_missing_package("NewDisplay", example_input, monkeypatch)


def test_a_new_display_without_example_input_is_told_where_to_add_it(new_displays, example_input):
    message = r"^StrokesDisplay\.from_estimator needs strokes; add an example to example_input in "
    with pytest.raises(pytest.fail.Exception, match=message):
        from_example("StrokesDisplay", example_input)


def test_matplotlib_is_imported_when_something_is_drawn():
    code = (
        "import sys\n"
        "from sklearn_lenet import *\n"
        "assert 'matplotlib' not in sys.modules\n"
        "sys.modules['matplotlib'] = None\n"
        "try:\n"
        "    ReliabilityDisplay.from_predictions([0], [[1.0]])\n"
        "except ImportError as error:\n"
        "    print(error)\n"
    )
    output = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert output == (
        "ReliabilityDisplay needs the package matplotlib: pip install 'sklearn_lenet[plots]'.\n"
    )
