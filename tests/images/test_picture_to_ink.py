"""The same digit in any colours, on any background, in any light."""

import numpy as np
import pytest
from drawn_seven import read, same, seven
from PIL import Image

from sklearn_lenet.images._picture_to_ink import background_of

VARIANTS = {
    "white on black": seven(ink=255, background=0),
    "grey on grey": seven(ink=90, background=170),
    "blue on white": seven(mode="RGB", ink=(60, 90, 230), background=(255, 255, 255)),
    "yellow on white": seven(mode="RGB", ink=(250, 240, 40), background=(255, 255, 255)),
    "red on green": seven(mode="RGB", ink=(200, 40, 40), background=(120, 200, 120)),
    "transparent": seven(mode="RGBA", ink=(0, 0, 0, 255), background=(0, 0, 0, 0)),
    "one bit": seven().convert("1"),
    "palette": seven(mode="RGB", ink=(9, 9, 99), background=(250, 250, 250)).quantize(8),
    "CMYK": seven(mode="RGB", ink=(0, 0, 0), background=(255, 255, 255)).convert("CMYK"),
    "16 bit": Image.fromarray(np.asarray(seven(), np.uint16) * 257),
    "floats": np.asarray(seven(), dtype=np.float64) / 255,
    "negative floats": np.asarray(seven(), dtype=np.float64) / 100 - 3,
    "booleans": np.asarray(seven()) > 127,
    "colour array": np.asarray(seven(mode="RGB", ink=(0, 0, 0), background=(255, 255, 255))),
    "grey and alpha": np.dstack([np.zeros((120, 160), np.uint8), 255 - np.asarray(seven())]),
    "far larger": seven().resize((3200, 2400)),
    "elsewhere": seven(at=(8, 6)),
    "to the edge": seven(at=(5, 4), size=(70, 55)),
    "specks": None,
    "gradient": None,
    "spot of light": None,
}  # fmt: skip


def _page(name):
    page = np.asarray(seven(), dtype=np.float64)
    if name == "specks":
        page = page.copy()
        page[100:102, 140:142] = page[10, 10] = page[60:62, 8] = 0
        return page.astype(np.uint8)
    down, across = np.mgrid[0:1:120j, 0:1:160j]
    light = 0.5 + 0.5 * down * across
    if name == "spot of light":
        light = 0.45 + 0.55 * np.exp(-4 * ((down - 0.5) ** 2 + (across - 0.5) ** 2))
    return (page * light).astype(np.uint8)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_digit_is_the_same_in_any_picture(name):
    source = VARIANTS[name]
    assert same(read(_page(name) if source is None else source))


def test_noise_is_not_ink():
    rng = np.random.default_rng(0)
    page = np.asarray(seven()) + rng.normal(0, 20, (120, 160))
    assert same(read(np.clip(page, 0, 255).astype(np.uint8)), tolerance=16)


def test_the_background_under_the_ink():
    page = np.asarray(seven(), dtype=np.float32) / 255
    light = np.linspace(0.5, 1, 160, dtype=np.float32)[None, :]
    assert np.abs(background_of(page * light) - light).mean() < 0.03
