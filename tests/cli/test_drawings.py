"""What the command line draws."""

import numpy as np
import pytest
from PIL import Image

from sklearn_lenet import Digit
from sklearn_lenet.cli import _drawings
from sklearn_lenet.reading import Answer


def test_each_digit_is_drawn_beside_its_image_and_a_file_is_opened_once(tmp_path, monkeypatch):
    file, path = str(tmp_path / "page.png"), tmp_path / "out.png"
    page = np.full((40, 80), 255, np.uint8)
    page[5:35, 10:14] = page[5:35, 50:54] = 0
    Image.fromarray(page).save(file)
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    digits = [
        Digit("1", 0.9, (left, 5, left + 4, 35), np.array([0.9]), 0, frozenset(), image)
        for left in (10, 50)
    ]
    opened = []
    open_picture = _drawings.opened
    monkeypatch.setattr(_drawings, "opened", lambda f: opened.append(f) or open_picture(f))
    _drawings.draw_images([Answer(file, digits), Answer("broken.png", [], "broken")], str(path))
    assert opened == [file]
    drawn = np.asarray(Image.open(path).convert("L"))
    assert drawn.shape == (112 + 40, 2 * (2 * 112 + 24))
    for left in (8, 8 + 248):  # the picture, then the image enlarged four times
        assert (drawn[8:120, left : left + 112] == 0).any()
        enlarged = np.kron(image, np.ones((4, 4)))
        assert (drawn[8:120, left + 116 : left + 228] == enlarged).all()


def test_nothing_to_draw_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="no picture could be read, so there is nothing to show"):
        _drawings.draw_images([Answer("a.png", [], "broken")], str(tmp_path / "out.png"))
