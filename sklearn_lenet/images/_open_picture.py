"""From a path, a PIL image or an array to an upright picture in RGB."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ._errors import UnreadableImageError

Picture = NDArray[np.float32]
"""A picture has shape (height, width, 3) and values from 0 to 1."""

MOST_PIXELS = 64_000_000
"""A picture with more pixels is refused before it is decoded; phones' cameras take fewer."""

LARGEST_SIDE = 2048
"""A picture with a longer side is shrunk by a whole factor when it is opened."""


STRIP = 64
"""Rows of the shrunk picture that are made at a time."""

TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, for each value of EXIF's orientation."""

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")
"""The formats that are opened. Pillow knows more, some of which start other programs."""


class Opened(NamedTuple):
    """A picture, and the whole factor by which it was shrunk."""

    picture: Picture
    factor: int = 1


def opened(source: Any, name: str = "the picture") -> Opened:
    """Return any source as an upright RGB picture of moderate size.

    >>> picture, factor = opened(np.zeros((4000, 5), dtype=np.uint8))
    >>> picture.shape, factor
    ((2000, 3, 3), 2)
    """
    if isinstance(source, str | os.PathLike):
        return _from_path(Path(source))
    if isinstance(source, Image.Image):
        return _from_image(source, name)
    return _from_array(source, name)


def _from_path(path: Path) -> Opened:
    if not path.exists():
        raise FileNotFoundError(f"{path} does not exist.")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; pass the pictures in it.")
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise UnreadableImageError(f"{path} is empty: it has 0 bytes.")
    if b"<svg" in start or start.lstrip().startswith(b"<?xml"):
        raise UnreadableImageError(f"{path} is a vector drawing (SVG); save it as PNG.")
    try:
        with warnings.catch_warnings():
            # MOST_PIXELS is our own limit.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path, formats=FORMATS) as image:
                return _from_image(image, str(path))
    except (UnreadableImageError, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise UnreadableImageError(
            f"{path} is not a picture in one of the formats {', '.join(FORMATS)}; save it as PNG."
        ) from error
    except Image.DecompressionBombError as error:
        (pixels,) = re.findall(r"\((\d+) pixels\)", str(error)) or ("0",)
        raise UnreadableImageError(_too_large(str(path), f"{int(pixels):,} pixels")) from error
    except Exception as error:  # decoders raise any type of error on a damaged file
        raise UnreadableImageError(
            f"{path} is incomplete or damaged ({error}); save or copy it again."
        ) from error


def _from_image(image: Image.Image, name: str) -> Opened:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise UnreadableImageError(_too_large(name, f"{width}x{height} pixels"))
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format in ("GIF", "WEBP", "PNG"):
        raise UnreadableImageError(
            f"{name} is an animation of {frames} frames; save the frame with the digit."
        )
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(ImageOps.exif_transpose(image))
        return _grey(values.astype(np.uint16) if image.mode.startswith("I;16") else values)
    factor = _shrink_factor(image.size)
    small = _in_colour(image) if factor == 1 else _shrunk(image, factor)
    turn = TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    small = small if turn is None else small.transpose(turn)
    return Opened(np.asarray(small, dtype=np.float32) / np.float32(255), factor)


def _in_colour(image: Image.Image) -> Image.Image:
    """Return an image in RGB, on white where it is transparent."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        background = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(background, image)
    return image.convert("RGB")


def _shrunk(image: Image.Image, factor: int) -> Image.Image:
    """Return an image in RGB, shrunk strip by strip, so that the strips need little memory."""
    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    step = STRIP * factor
    for top in range(0, height, step):
        strip = image.crop((0, top, width, min(top + step, height)))
        small.paste(_in_colour(strip).reduce(factor), (0, top // factor))
    return small


def _from_array(source: Any, name: str) -> Opened:
    values = np.asarray(source)
    if values.dtype.kind not in "buif":
        raise UnreadableImageError(
            f"{name} has type {type(source).__name__} and dtype {values.dtype}; pass a path, a PIL "
            "image or an array of numbers."
        )
    if values.size > 4 * MOST_PIXELS:
        raise UnreadableImageError(_too_large(name, f"shape {values.shape}"))
    if values.size and not np.isfinite([values.min(), values.max()]).all():
        raise UnreadableImageError(f"{name} contains NaN or infinity; pass finite pixels.")
    if values.ndim == 3 and values.shape[2] in (1, 2, 3, 4) and values.size:
        values = _bytes(values)
        if values.shape[2] == 1:
            return _from_image(Image.fromarray(values[:, :, 0]), name)
        if values.shape[2] == 2:  # grey and alpha
            values = values[:, :, [0, 0, 0, 1]]
        return _from_image(Image.fromarray(values), name)
    if values.ndim != 2 or not values.size:
        raise UnreadableImageError(
            f"{name} has shape {values.shape}; pass a grey picture of shape (height, width) or a "
            "colour picture of shape (height, width, 3 or 4)."
        )
    return _grey(values)


def _grey(values: NDArray[Any]) -> Opened:
    """Return grey values as a picture, scaled by the range of their type or by their own range."""
    black = min(float(values.min()), 0.0)
    half_span = _white(values) / 2 - black / 2  # halves, as the span may be too large
    factor = _shrink_factor(values.shape)
    strips = []
    for top in range(0, len(values), STRIP * factor):
        strip = values[top : top + STRIP * factor].astype(np.float64)
        image = Image.fromarray(((strip / 2 - black / 2) / half_span).astype(np.float32))
        strips.append(np.asarray(image.reduce(factor)))
    grey = np.concatenate(strips)
    return Opened(np.repeat(grey[:, :, None], 3, axis=2), factor)


def _shrink_factor(size: tuple[int, ...]) -> int:
    return -(-max(size) // LARGEST_SIDE)


def _bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return colour values as bytes from 0 to 255."""
    if values.dtype == np.uint8:
        return values
    shares: NDArray[np.float64] = np.clip(values, 0, None) / _white(values)
    return np.asarray(np.rint(255 * shares), dtype=np.uint8)


def _white(values: NDArray[Any]) -> float:
    """Return the value of white: the maximum of small integer types, else of the values."""
    if values.dtype.kind in "bu" and values.dtype.itemsize <= 2:
        return {"bool": 1.0, "uint8": 255.0}.get(values.dtype.name, 65535.0)
    return max(1.0, float(values.max()))


def _too_large(name: str, size: str) -> str:
    limit = f"{MOST_PIXELS // 10**6} million"
    return f"{name} has {size}, more than {limit}; shrink it or cut the digit out."
