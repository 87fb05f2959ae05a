"""From a path, a PIL image or an array to an upright picture in RGB: pure, one at a time."""

from __future__ import annotations

import os
import re
import warnings
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from ._errors import UnreadableImageError

Picture = NDArray[np.float32]
"""A picture of height x width x 3, 0 to 1."""

MOST_PIXELS = 64_000_000
"""More than a phone's camera takes; what is larger is refused before it is unpacked."""

LONGEST = 2048
"""Larger pictures are shrunk by a whole factor when they are opened: digits need no more."""


class Opened(NamedTuple):
    """A picture, and by what factor it was shrunk."""

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
        raise IsADirectoryError(f"{path} is a folder: name the pictures in it.")
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise UnreadableImageError(f"{path} is empty: 0 bytes are no picture.")
    if b"<svg" in start or start.lstrip().startswith(b"<?xml"):
        raise UnreadableImageError(f"{path} is a drawing of lines (SVG): save it as PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # our own limit is below
            with Image.open(path) as image:
                return _from_image(image, str(path))
    except (UnreadableImageError, MemoryError):
        raise
    except UnidentifiedImageError as error:
        raise UnreadableImageError(
            f"{path} is no picture that can be read: save it as PNG or JPEG."
        ) from error
    except Image.DecompressionBombError as error:
        (pixels,) = re.findall(r"\((\d+) pixels\)", str(error)) or ("0",)
        raise UnreadableImageError(_too_large(str(path), f"{int(pixels):,} pixels")) from error
    except Exception as error:  # on a damaged file decoders raise anything, TypeErrors too
        raise UnreadableImageError(
            f"{path} is cut short or damaged ({error}): save or send it again."
        ) from error


def _from_image(image: Image.Image, name: str) -> Opened:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise UnreadableImageError(_too_large(name, f"{width}x{height} pixels"))
    frames = getattr(image, "n_frames", 1)
    if frames > 1 and image.format in ("GIF", "WEBP", "PNG"):
        raise UnreadableImageError(
            f"{name} is an animation of {frames} frames: save the one with the digit."
        )
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image)
        return _grey(values.astype(np.uint16) if image.mode.startswith("I;16") else values)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    image, factor = image.convert("RGB"), _factor(image.size)
    if factor > 1:
        image = image.reduce(factor)
    return Opened(np.asarray(image, dtype=np.float32) / np.float32(255), factor)


def _from_array(source: Any, name: str) -> Opened:
    values = np.asarray(source)
    if values.dtype.kind not in "buif":
        raise UnreadableImageError(
            f"{name} is {type(source).__name__} of {values.dtype}: pass a path, a PIL image or an "
            "array of numbers."
        )
    if values.size > 4 * MOST_PIXELS:
        raise UnreadableImageError(_too_large(name, f"shape {values.shape}"))
    if not np.isfinite(values).all():
        raise UnreadableImageError(f"{name} holds NaN or infinity: pass finite pixels.")
    if values.ndim == 3 and values.shape[2] in (1, 2, 3, 4) and values.size:
        values = _bytes(values)
        if values.shape[2] == 1:
            return _from_image(Image.fromarray(values[:, :, 0]), name)
        if values.shape[2] == 2:  # grey and alpha
            values = values[:, :, [0, 0, 0, 1]]
        return _from_image(Image.fromarray(values), name)
    if values.ndim != 2 or not values.size:
        raise UnreadableImageError(
            f"{name} has shape {values.shape}: a picture is (height, width), grey, or "
            "(height, width, 3 or 4)."
        )
    return _grey(values)


def _grey(values: NDArray[Any]) -> Opened:
    """Return grey values as a picture: by their type's range, or stretched by their own."""
    lowest = min(float(values.min()), 0.0)
    grey = ((values - lowest) / (_full(values) - lowest)).astype(np.float32)
    factor = _factor(grey.shape)
    if factor > 1:
        grey = np.asarray(Image.fromarray(grey).reduce(factor))
    return Opened(np.repeat(grey[:, :, None], 3, axis=2), factor)


def _factor(size: tuple[int, ...]) -> int:
    return -(-max(size) // LONGEST)


def _bytes(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return colour values as bytes."""
    if values.dtype == np.uint8:
        return values
    shares: NDArray[np.float64] = np.clip(values, 0, None) / _full(values)
    return np.asarray(np.rint(255 * shares), dtype=np.uint8)


def _full(values: NDArray[Any]) -> float:
    """Return what stands for white."""
    if values.dtype.kind in "bu" and values.dtype.itemsize <= 2:
        return {"bool": 1.0, "uint8": 255.0}.get(values.dtype.name, 65535.0)
    return max(1.0, float(values.max()))


def _too_large(name: str, size: str) -> str:
    return f"{name} has {size}, more than {MOST_PIXELS // 10**6} million: shrink it or cut it out."
