"""The pictures of the benchmarks: scans, digits on pages, strings, letters, scribbles, textures."""

import os
from pathlib import Path
from string import ascii_uppercase

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

FOLDER_VARIABLE = "SKLEARN_LENET_DIGITS"
"""The environment variable that names the folder with digits of other people."""


def other_writers(kind):
    """Return paths and labels of digits of other people; a file name begins with its label."""
    paths = sorted((Path(os.environ[FOLDER_VARIABLE]) / kind).rglob("*.png"))
    return paths, np.array([int(path.name[0]) for path in paths])


def placed(digit, rng):
    """Return an MNIST digit on an RGBA page of 400x300 pixels, black on white.

    Position and size are random. A grey gradient covers the background of the page.
    """
    side = int(rng.integers(56, 240))
    ink = Image.fromarray(digit.reshape(28, 28)).resize((side, side), Image.Resampling.BICUBIC)
    left, top = int(rng.integers(0, 400 - side)), int(rng.integers(0, 300 - side))
    angle = rng.uniform(0, 2 * np.pi)
    slope = (
        np.cos(angle) * np.linspace(-1, 1, 400) + np.sin(angle) * np.linspace(-1, 1, 300)[:, None]
    )
    background = 255 - rng.uniform(20, 90) * (slope - slope.min()) / np.ptp(slope)
    share = np.zeros((300, 400))
    share[top : top + side, left : left + side] = np.asarray(ink) / 255
    grey = np.rint(background * (1 - share)).astype(np.uint8)
    page = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return Image.fromarray(page)


def string_of(paths, rng, gaps=(2, 13)):
    """Return a page with scanned digits `side_by_side`."""
    return side_by_side([Image.open(path) for path in paths], rng, gaps)


def side_by_side(pictures, rng, gaps=(2, 13)):
    """Return a page with pictures of digits side by side.

    The gaps between their ink are random, from ``gaps[0]`` to ``gaps[1] - 1`` pixels. With a
    negative gap, two digits overlap.
    """
    cutouts = []
    for picture in pictures:
        image = np.asarray(picture.convert("RGB"))
        rows, columns = np.nonzero(image.min(axis=2) < 190)
        cutouts.append(image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    gaps = rng.integers(*gaps, len(cutouts) - 1)
    height = max(len(image) for image in cutouts) + 40
    page = np.full(
        (height, sum(i.shape[1] for i in cutouts) + int(gaps.sum()) + 40, 3), 255, np.uint8
    )
    left = 20
    for image, gap in zip(cutouts, [*gaps, 0], strict=True):
        top = (height - len(image)) // 2 + int(rng.integers(-4, 5))
        region = page[top : top + len(image), left : left + image.shape[1]]
        np.minimum(region, image, out=region)
        left += image.shape[1] + int(gap)
    return page


def letters(n, rng):
    """Yield ``n`` pictures of capital letters that do not resemble a digit, slightly rotated."""
    chosen = [letter for letter in ascii_uppercase if letter not in "BDGIOQSZL"]
    for _ in range(n):
        page = Image.new("L", (120, 120), 255)
        font = ImageFont.load_default(int(rng.integers(50, 90)))
        ImageDraw.Draw(page).text((60, 60), rng.choice(chosen), 0, font=font, anchor="mm")
        yield page.rotate(rng.uniform(-12, 12), fillcolor=255)


def scribbles(n, rng):
    """Yield ``n`` pictures with a line along a random walk."""
    for _ in range(n):
        steps = rng.normal(size=(int(rng.integers(12, 40)), 2)).cumsum(axis=0)
        steps -= steps.min(axis=0)
        points = 15 + 90 * steps / steps.max()
        page = Image.new("L", (120, 120), 255)
        line = [tuple(point) for point in points.tolist()]
        ImageDraw.Draw(page).line(line, 0, int(rng.integers(2, 7)), joint="curve")
        yield page


def glyphs(n, characters, rng):
    """Yield ``n`` pictures of printed characters in DejaVu Sans, slightly rotated."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # also in Debian's fonts-dejavu
    names = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"]
    for _ in range(n):
        page = Image.new("L", (140, 140), 255)
        font = ImageFont.truetype(folder / rng.choice(names), int(rng.integers(50, 90)))
        character = rng.choice(list(characters))
        ImageDraw.Draw(page).text((70, 70), character, 0, font=font, anchor="mm")
        yield page.rotate(rng.uniform(-12, 12), fillcolor=255)


def textures(n, rng):
    """Return ``n`` rows of blurred noise, grey or black and white, with and without a border."""
    images = []
    for k in range(n):
        image = ndimage.gaussian_filter(rng.normal(size=(28, 28)), rng.uniform(0.5, 3))
        threshold = np.quantile(image, rng.uniform(0.4, 0.85))
        grey = np.clip((image - threshold) / (image.max() - threshold), 0, 1)
        image = 255 * (grey if k % 2 else image > threshold)
        if k % 3:
            image = np.pad(image[4:-4, 4:-4], 4)
        images.append(image.astype(np.uint8).ravel())
    return np.stack(images)


def tdts_pair(left, right, rng):
    """Return two touching MNIST digits on 32x40 pixels, built by the rule of TDTS.

    The rule is that of the published test set TDTS-TS: the boxes of 20x20 pixels of two digits,
    the left one at the left edge, the right one 14 to 19 pixels further and at any height, on 20
    to 120 specks. The published set drew its specks without a seed, so it cannot be built again
    exactly.
    """
    page = np.zeros((32, 40), dtype=np.uint8)
    n_specks = rng.integers(20, 121)
    specks = rng.integers(0, 32, n_specks), rng.integers(0, 40, n_specks)
    page[specks] = rng.integers(12, 256, n_specks)
    page[6:26, :20] = _boxed(left)
    x, y = rng.integers(14, 20), rng.integers(0, 12)
    region = page[y : y + 20, x : x + 20]
    digit = _boxed(right)
    over_left = np.zeros((20, 20), dtype=bool)
    over_left[max(6 - y, 0) : 26 - y, : 20 - x] = True
    region[...] = np.where(over_left, np.maximum(region, digit), digit)
    return page


def _boxed(row):
    """Return the box of 20x20 pixels around an MNIST digit."""
    image = row.reshape(28, 28)
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    ink = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][:20, :20]
    box = np.zeros((20, 20), dtype=np.uint8)
    top, left = (20 - ink.shape[0]) // 2, (20 - ink.shape[1]) // 2
    box[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return box
