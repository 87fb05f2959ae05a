"""The axes that displays draw on, and mosaics of tiles."""

import numpy as np
import pytest
from helpers import exactly
from matplotlib import pyplot as plt

from sklearn_lenet.inspection._panels import mosaic, panels, show


def test_no_axes_make_a_new_figure():
    figure, axes = panels("SomeDisplay", None, (2, 3), (6, 4), heights=(3, 1))
    assert axes.shape == (2, 3)
    assert figure.get_size_inches().tolist() == [6, 4]
    figure.canvas.draw()
    upper, lower = axes[0, 0].get_position().height, axes[1, 0].get_position().height
    assert upper / lower == pytest.approx(3, rel=0.01)


def test_an_array_of_axes_is_used_as_it_is():
    figure, given = plt.subplots(2, 2)
    found, axes = panels("SomeDisplay", given.ravel(), (2, 2), (6, 4))
    assert found is figure
    assert (axes == given).all()


def test_one_axes_is_divided_inside_its_place():
    figure, (_, right) = plt.subplots(1, 2)
    place = right.get_position()
    found, axes = panels("SomeDisplay", right, (2, 2), (6, 4))
    assert found is figure
    assert axes.shape == (2, 2)
    for axes_ in axes.flat:
        inner = axes_.get_position()
        assert place.x0 - 1e-6 <= inner.x0 < inner.x1 <= place.x1 + 1e-6
        assert place.y0 - 1e-6 <= inner.y0 < inner.y1 <= place.y1 + 1e-6


def test_axes_at_a_free_position_are_divided_there():
    free = plt.figure().add_axes((0.1, 0.2, 0.5, 0.6))
    figure, axes = panels("SomeDisplay", free, (1, 2), (6, 4))
    assert figure is free.figure
    assert axes[0, 0].get_position().x0 == pytest.approx(0.1)
    assert axes[0, 1].get_position().x1 == pytest.approx(0.6)


def test_a_single_panel_takes_the_axes_itself():
    _, given = plt.subplots()
    assert panels("SomeDisplay", given, (1, 1), (6, 4))[1].item() is given


def test_the_wrong_number_of_axes_is_an_error():
    message = "ax contains 2 axes; SomeDisplay needs 24, or a single axes that it divides."
    with pytest.raises(ValueError, match=exactly(message)):
        panels("SomeDisplay", plt.subplots(1, 2)[1], (3, 8), (6, 4))


def test_mosaics():
    tiles = np.arange(8.0).reshape(2, 2, 2)
    nan = np.nan
    np.testing.assert_array_equal(mosaic(tiles, 2), [[0, 1, nan, 4, 5], [2, 3, nan, 6, 7]])
    assert mosaic(tiles, 1).shape == (5, 2)


def test_images_are_shown_without_ticks_frame_and_interpolation():
    _, axes = plt.subplots()
    drawn = show(axes, np.eye(3), cmap="gray")
    assert len(axes.get_xticks()) == len(axes.get_yticks()) == 0
    assert not any(spine.get_visible() for spine in axes.spines.values())
    assert drawn.get_interpolation() == "nearest"
    assert drawn.get_cmap().name == "gray"
