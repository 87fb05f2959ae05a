"""Pictures of single digits, step by step, and what is said of those that are none."""

import contextlib
import io
import itertools
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw
from scipy import ndimage
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DigitImageReader,
    LeNet5Classifier,
    NoDigitFoundError,
    PadNormalizer,
    UnreadableImageError,
)
from sklearn_lenet.images import _binarize, _ink, _mnist_form, _open_picture, _stroke_width
from sklearn_lenet.images._read_digit import read_digit


def seven(size=(120, 160), ink=0, paper=255, width=9, mode="L", at=(40, 25)):
    """Return a drawn 7, 60 pixels high."""
    page = Image.new(mode, (size[1], size[0]), paper)
    left, top = at
    points = [(left, top), (left + 45, top), (left + 15, top + 60)]
    ImageDraw.Draw(page).line(points, ink, width, joint="curve")
    return page


def read(source):
    return DigitImageReader().transform([source])[0].reshape(28, 28)


PLAIN = read(seven())


def same(digit, other=None, tolerance=12):
    """Return whether two digits differ by little: a mean of so many of 255 levels."""
    other = PLAIN if other is None else other
    return np.abs(digit.astype(int) - other).mean() < tolerance


# As MNIST has it


def test_a_digit_has_mnists_measures():
    rows, columns = np.nonzero(PLAIN > 127)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
    assert ndimage.center_of_mass(PLAIN) == pytest.approx((13.5, 13.5), abs=0.1)
    assert PLAIN.max() == 255
    assert PLAIN[0].max() == PLAIN[:, 0].max() == PLAIN[:, -1].max() == 0


def stroke_of(digit):
    """Return the width of a digit's strokes in pixels of 28x28."""
    return (
        _stroke_width.stroke_width(ndimage.zoom(digit / 255, _mnist_form.FINE, order=1) > 0.5)
        / _mnist_form.FINE
    )


@pytest.mark.parametrize(("width", "becomes"), [(2, 2.6), (4, 2.6), (7, 2.6), (15, 3.5), (18, 3.5)])
def test_strokes_become_as_wide_as_mnists(width, becomes):
    assert stroke_of(read(seven(width=width))) == pytest.approx(becomes, abs=0.5)


def test_wider_strokes_of_mnists_range_are_left_as_they_are():
    widths = [stroke_of(read(seven(width=width))) for width in (8, 9, 11, 12)]
    assert all(wide > slim + 0.05 for slim, wide in itertools.pairwise(widths))
    assert widths[-1] > 1.2 * widths[0]


def test_mnists_own_strokes_have_that_width(mnist):
    widths = []
    for row in mnist[0][:300]:
        ink = row.reshape(28, 28).astype(np.float32) / 255
        fine = (
            _mnist_form.resized(
                _mnist_form.cropped(ink, ink > 0.5), _mnist_form.BOX * _mnist_form.FINE
            )
            > 0.5
        )
        widths.append(_stroke_width.stroke_width(fine) / _mnist_form.FINE)
    assert np.median(widths) == pytest.approx(_stroke_width.STROKE, abs=0.1)


def test_another_width_can_be_asked_for():
    wide = DigitImageReader(stroke_width=4).transform([seven()])
    assert wide.astype(int).sum() > 1.2 * PLAIN.astype(int).sum()


@pytest.mark.parametrize("value", [0, 9, "wide", None])
def test_a_width_that_is_none(value):
    with pytest.raises(ValueError, match="'stroke_width' parameter"):
        DigitImageReader(stroke_width=value).transform([seven()])


# The same digit, whatever it is drawn on


VARIANTS = {
    "white on black": seven(ink=255, paper=0),
    "grey on grey": seven(ink=90, paper=170),
    "blue on white": seven(mode="RGB", ink=(60, 90, 230), paper=(255, 255, 255)),
    "yellow on white": seven(mode="RGB", ink=(250, 240, 40), paper=(255, 255, 255)),
    "red on green": seven(mode="RGB", ink=(200, 40, 40), paper=(120, 200, 120)),
    "transparent": seven(mode="RGBA", ink=(0, 0, 0, 255), paper=(0, 0, 0, 0)),
    "one bit": seven().convert("1"),
    "palette": seven(mode="RGB", ink=(9, 9, 99), paper=(250, 250, 250)).quantize(8),
    "CMYK": seven(mode="RGB", ink=(0, 0, 0), paper=(255, 255, 255)).convert("CMYK"),
    "16 bit": Image.fromarray(np.asarray(seven(), np.uint16) * 257),
    "floats": np.asarray(seven(), dtype=np.float64) / 255,
    "negative floats": np.asarray(seven(), dtype=np.float64) / 100 - 3,
    "booleans": np.asarray(seven()) > 127,
    "colour array": np.asarray(seven(mode="RGB", ink=(0, 0, 0), paper=(255, 255, 255))),
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
def test_the_same_digit_comes_of(name):
    source = VARIANTS[name]
    assert same(read(_page(name) if source is None else source))


def test_exif_says_how_to_hold_it(tmp_path):
    page = seven().transpose(Image.Transpose.ROTATE_90)
    exif = page.getexif()
    exif[0x0112] = 6  # turn it by 90 degrees to the right
    page.save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert same(read(tmp_path / "a.jpg"))


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tiff", "webp", "gif"])
def test_files_of_every_kind(ending, tmp_path):
    seven().save(tmp_path / f"a.{ending}")
    assert same(read(tmp_path / f"a.{ending}"))
    assert same(read(str(tmp_path / f"a.{ending}")))


def test_noise_is_no_ink():
    rng = np.random.default_rng(0)
    page = np.asarray(seven()) + rng.normal(0, 20, (120, 160))
    assert same(read(np.clip(page, 0, 255).astype(np.uint8)), tolerance=16)


@pytest.mark.slow
def test_mnist_comes_through(mnist):
    X, y, X_test, _ = mnist
    model = LeNet5Classifier(max_epochs=2, random_state=0).fit(X, y)
    again = DigitImageReader().transform(list(X_test[:2000].reshape(-1, 28, 28)))
    assert np.mean(model.predict(again) == model.predict(X_test[:2000])) >= 0.995


# In a pipeline


@pytest.mark.slow
def test_from_paths_to_labels(tmp_path, digits):
    X, y = digits
    pipe = make_pipeline(DigitImageReader(), PadNormalizer(), LeNet5Classifier(random_state=0))
    pages = [_framed(x, 9) for x in X[:1000]]
    pipe.fit(pages, y[:1000])
    paths = []
    for k in range(1000, 1100):
        paths.append(tmp_path / f"{k}.png")
        Image.fromarray(255 - _framed(X[k], 11)).save(paths[-1])
    assert pipe.score(paths, y[1000:1100]) > 0.85


def _framed(row, factor):
    """Return a digit of 8x8 enlarged, with a margin, white on black."""
    image = np.kron(row.reshape(8, 8) * 15, np.ones((factor, factor)))
    return np.pad(ndimage.gaussian_filter(image, factor / 3), 2 * factor).astype(np.uint8)


def test_steps_can_be_looked_at():
    (steps,) = DigitImageReader().return_steps([seven(mode="RGB", paper="white", ink="blue")])
    assert steps.picture.shape == (120, 160, 3)
    assert steps.ink.shape == steps.mask.shape == (120, 160)
    assert 0 <= steps.ink.min() < 0.1 < 0.8 < steps.ink.max() <= 1
    assert max(steps.stroke.shape) == pytest.approx(_mnist_form.BOX * _mnist_form.FINE, abs=12)
    assert np.array_equal(
        steps.digit, DigitImageReader().transform([seven()])[0].reshape(28, 28)
    ) or same(steps.digit)


def test_a_single_picture_is_a_list_of_one(tmp_path):
    seven().save(tmp_path / "a.png")
    for source in (tmp_path / "a.png", str(tmp_path / "a.png"), seven()):
        assert DigitImageReader().transform(source).shape == (1, 784)
    stack = np.stack([np.asarray(seven())] * 3)
    assert DigitImageReader().transform(stack).shape == (3, 784)
    assert DigitImageReader().transform([]).shape == (0, 784)


def test_rows_are_pictures_too(digits):
    X = digits[0][:20]
    rows = DigitImageReader().fit_transform(X)
    large = X.reshape(-1, 8, 8).repeat(3, 1).repeat(3, 2) * 255 / X.max(axis=1)[:, None, None]
    images = DigitImageReader().transform(list(np.pad(large, ((0, 0), (2, 2), (2, 2))).astype(int)))
    assert all(same(a, b) for a, b in zip(rows, images, strict=True))
    with pytest.raises(ValueError, match="expecting 64 features"):
        DigitImageReader().fit(X).transform(X[:, :60])


# What is no digit


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_page_has_no_digit(value):
    with pytest.raises(NoDigitFoundError, match="picture 1 is blank: no ink stands out"):
        DigitImageReader().transform([seven(), np.full((50, 60), value, np.uint8)])


def test_a_page_of_faint_noise_has_no_digit():
    rng = np.random.default_rng(0)
    page = np.clip(rng.normal(250, 3, (100, 100)), 0, 255).astype(np.uint8)
    with pytest.raises(NoDigitFoundError, match="blank"):
        DigitImageReader().transform([page])


def _svg(path):
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>')


def _truncated(path):
    whole = io.BytesIO()
    seven().save(whole, "png")
    path.write_bytes(whole.getvalue()[:200])


def _without_header(path):
    whole = io.BytesIO()
    seven().save(whole, "png")
    content = bytearray(whole.getvalue()[:16])
    content[11] = 0  # the length of its header
    path.write_bytes(content)


def _animated(path):
    seven().save(path, "gif", save_all=True, append_images=[seven(width=3)])


def _huge(path):
    Image.new("1", (20_000, 20_000), 1).save(path, "png")


BROKEN = {
    "empty.png": (lambda path: path.write_bytes(b""), "is empty: 0 bytes are no picture"),
    "text.png": (lambda path: path.write_text("seven"), "is no picture that can be read"),
    "drawing.svg": (_svg, r"is a drawing of lines \(SVG\): save it as PNG"),
    "cut.png": (_truncated, "is cut short or damaged"),
    "headless.png": (_without_header, "is cut short or damaged"),
    "dot.png": (lambda path: Image.new("L", (1, 1)).save(path), "is 1x1 pixels: 6 a side"),
    "huge.png": (_huge, "400,000,000 pixels, more than 64 million: shrink it"),
    "moves.gif": (_animated, "is an animation of 2 frames: save the one"),
    "blank.png": (lambda path: Image.new("L", (50, 50)).save(path), "is blank"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_say_what_they_are(name, tmp_path):
    make, message = BROKEN[name]
    make(tmp_path / name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((UnreadableImageError, NoDigitFoundError), match=message) as told:
            DigitImageReader().transform([tmp_path / name])
    assert name in str(told.value) or "picture 0" in str(told.value)


HUGE = """
import resource, sys
from sklearn_lenet import DigitImageReader, UnreadableImageError
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
before = peak()
try:
    DigitImageReader().transform([sys.argv[1]])
except UnreadableImageError:
    print(peak() - before)
"""


def test_a_huge_picture_is_refused_before_it_is_unpacked(tmp_path):
    _huge(tmp_path / "a.png")
    command = [sys.executable, "-c", HUGE, str(tmp_path / "a.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 30_000  # kB; the picture has 400 million pixels


def test_what_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"a\.png does not exist"):
        DigitImageReader().transform([tmp_path / "a.png"])
    with pytest.raises(IsADirectoryError, match="is a folder: name the pictures in it"):
        DigitImageReader().transform([tmp_path])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (np.zeros((2, 3, 4, 5)), r"has shape \(2, 3, 4, 5\): a picture is \(height, width\)"),
        (np.zeros((0, 5)), r"has shape \(0, 5\)"),
        (np.full((9, 9), np.nan), "holds NaN or infinity"),
        (np.array([["a"]]), "is ndarray of <U1: pass a path, a PIL image or an array of numbers"),
        ("seven", "does not exist"),
    ],
)
def test_arrays_that_are_no_pictures(source, message):
    with pytest.raises((UnreadableImageError, FileNotFoundError), match=message):
        DigitImageReader().transform([source])


def test_what_is_no_sequence():
    with pytest.raises((UnreadableImageError, ValueError), match=r"X is int|Reshape your data"):
        DigitImageReader().transform(7)


# Anything at all


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(arrays.arrays(
    st.sampled_from([np.uint8, np.uint16, np.int64, np.float32, np.bool_]),
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
))  # fmt: skip
def test_any_array_is_read_or_refused(values):
    try:
        digit = read_digit(values).digit
    except (NoDigitFoundError, UnreadableImageError):
        return
    assert digit.shape == (28, 28)
    assert digit.dtype == np.uint8
    assert digit.max() > 0


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), ending=st.sampled_from(["png", "jpg", "gif", "bmp", "tiff", "webp"]))
def test_any_damage_to_a_file_is_read_or_refused(data, ending, tmp_path_factory):
    whole = io.BytesIO()
    seven().save(whole, {"jpg": "jpeg"}.get(ending, ending))
    content = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = Path(tmp_path_factory.mktemp("damaged")) / f"a.{ending}"
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders grumble; what counts is how it ends
        with contextlib.suppress(NoDigitFoundError, UnreadableImageError):
            assert read_digit(path).digit.shape == (28, 28)


# Step by step


def test_otsu_parts_two_heaps():
    ink = np.array([0.1] * 80 + [0.8] * 20, dtype=np.float32)
    assert 0.1 < _binarize.threshold(ink) < 0.8


def test_a_dotted_stroke_is_one_digit():
    mask = np.zeros((60, 60), dtype=bool)
    mask[10:50:3, 30] = True
    mask[55, 3] = True
    kept = _binarize.without_specks(mask)
    assert kept[:50].sum() == mask[:50].sum()


def test_the_paper_under_the_ink():
    page = np.asarray(seven(), dtype=np.float32) / 255
    light = np.linspace(0.5, 1, 160, dtype=np.float32)[None, :]
    assert np.abs(_ink.paper_of(page * light) - light).mean() < 0.03


def test_large_pictures_are_shrunk_by_a_whole_factor():
    picture, factor = _open_picture.opened(np.zeros((5000, 100), np.uint8))
    assert factor == 3
    assert picture.shape == (1667, 34, 3)
