"""Opening pictures: kinds of files, EXIF rotation, broken files, arrays."""

import contextlib
import io
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
from drawn_seven import read, same, seven
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageOps

from sklearn_lenet import DigitImageReader, NoDigitFoundError, UnreadableImageError
from sklearn_lenet.images import _open_picture
from sklearn_lenet.images._open_picture import opened
from sklearn_lenet.images._reading_steps import read_digit


def test_exif_rotation(tmp_path):
    page = seven().transpose(Image.Transpose.ROTATE_90)
    exif = page.getexif()
    exif[0x0112] = 6  # rotate it by 90 degrees to the right
    page.save(tmp_path / "a.jpg", exif=exif, quality=95)
    assert same(read(tmp_path / "a.jpg"))


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tiff", "webp", "gif"])
def test_files_of_every_kind(ending, tmp_path):
    seven().save(tmp_path / f"a.{ending}")
    assert same(read(tmp_path / f"a.{ending}"))
    assert same(read(str(tmp_path / f"a.{ending}")))


def test_large_pictures_are_shrunk_by_an_integer_factor():
    picture, factor = opened(np.zeros((5000, 100), np.uint8))
    assert factor == 3
    assert picture.shape == (1667, 34, 3)


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
    "empty.png": (lambda path: path.write_bytes(b""), "is empty: it has 0 bytes"),
    "text.png": (lambda path: path.write_text("seven"), "is not a picture in one of the formats"),
    "drawing.svg": (_svg, r"is a vector drawing \(SVG\); save it as PNG"),
    "cut.png": (_truncated, "is incomplete or damaged"),
    "headless.png": (_without_header, "is incomplete or damaged"),
    "dot.png": (
        lambda path: Image.new("L", (1, 1)).save(path),
        "has 1x1 pixels; at least 6 on each side",
    ),
    "huge.png": (_huge, "400,000,000 pixels, more than 64 million; shrink it"),
    "moves.gif": (_animated, "is an animation of 2 frames; save the frame"),
    "blank.png": (lambda path: Image.new("L", (50, 50)).save(path), "is blank"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_errors_of_broken_files(name, tmp_path):
    make, message = BROKEN[name]
    make(tmp_path / name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises((UnreadableImageError, NoDigitFoundError), match=message) as caught:
            DigitImageReader().transform([tmp_path / name])
    assert name in str(caught.value) or "picture 0" in str(caught.value)


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


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path):
    _huge(tmp_path / "a.png")
    command = [sys.executable, "-c", HUGE, str(tmp_path / "a.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 30_000  # kB; the picture has 400 million pixels


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"a\.png does not exist"):
        DigitImageReader().transform([tmp_path / "a.png"])
    with pytest.raises(IsADirectoryError, match="is a folder; pass the pictures in it"):
        DigitImageReader().transform([tmp_path])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            np.zeros((2, 3, 4, 5)),
            r"has shape \(2, 3, 4, 5\); pass a grey picture of shape \(height, width\)",
        ),
        (np.zeros((0, 5)), r"has shape \(0, 5\)"),
        (np.full((9, 9), np.nan), "contains NaN or infinity; pass finite pixels"),
        (np.array([["a"]]), "has type ndarray and dtype <U1; pass a path, a PIL image"),
        ("seven", "does not exist"),
    ],
)
def test_arrays_that_are_not_pictures(source, message):
    with pytest.raises((UnreadableImageError, FileNotFoundError), match=message):
        DigitImageReader().transform([source])


def test_only_named_formats_are_opened(tmp_path):
    """Pillow would start Ghostscript for EPS, under any name."""
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n"
    for name in ("a.eps", "a.png"):
        (tmp_path / name).write_bytes(eps)
        with pytest.raises(UnreadableImageError, match="in one of the formats PNG, JPEG, GIF"):
            DigitImageReader().transform([tmp_path / name])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1"])
def test_a_large_picture_is_the_whole_one_shrunk(mode, orientation, tmp_path, monkeypatch):
    monkeypatch.setattr(_open_picture, "LARGEST_SIDE", 40)
    monkeypatch.setattr(_open_picture, "STRIP", 3)
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (99, 150), dtype=np.uint8))
    image = image.convert(mode)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    image.save(tmp_path / "a.png", exif=exif)
    picture, factor = _open_picture.opened(tmp_path / "a.png")
    whole = image.convert("RGB").reduce(4)
    whole.getexif()[ExifTags.Base.Orientation] = orientation
    whole = ImageOps.exif_transpose(whole)
    assert factor == 4
    assert picture.shape == (*whole.size[::-1], 3)
    np.testing.assert_allclose(picture, np.asarray(whole) / 255, atol=1e-6)


def test_a_large_picture_of_16_bits_is_the_whole_one_shrunk(monkeypatch):
    monkeypatch.setattr(_open_picture, "LARGEST_SIDE", 40)
    monkeypatch.setattr(_open_picture, "STRIP", 3)
    values = np.random.default_rng(0).integers(0, 65536, (99, 150), dtype=np.uint16)
    picture, factor = _open_picture.opened(values)
    whole = np.asarray(Image.fromarray((values / 65535).astype(np.float32)).reduce(4))
    assert factor == 4
    np.testing.assert_allclose(picture[:, :, 0], whole, atol=1e-6)


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
        warnings.simplefilter("ignore")  # decoders may warn; only the result counts
        with contextlib.suppress(NoDigitFoundError, UnreadableImageError):
            assert read_digit(path).digit.shape == (28, 28)
