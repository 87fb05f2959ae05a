"""What all folders share: geometry, validation, pixel scale, devices, threads, optional packages.

Nothing here is about digits, nets or files of models, and importing it loads no torch.
"""

from ._conversion import first_value
from ._devices import draw_seed, flushed_denormals, resolve_device
from ._doc_link import DocLinkMixin
from ._geometry import (
    LARGEST_SIDE,
    Field,
    Pixels,
    Shape,
    background,
    check_fits,
    corners_of,
    enlargement,
    field_corner,
    image_shape,
    lay_on_field,
    smallest_square,
    take_from_field,
)
from ._optional_packages import extra_module
from ._pixel_scale import PixelScale, learn_scale, warn_of_other_range
from ._polarity import NEAR, are_images, inverted_rows, other_end, warn_of_inverted
from ._progress import progress_bar
from ._threads import threads
from ._validation import (
    LARGEST_PIXEL,
    PIXEL_TYPES,
    check_fitted,
    check_images,
    check_labels,
    check_sample_weight,
)
from ._write_whole import check_writable, write_whole

__all__ = [
    "LARGEST_PIXEL",
    "LARGEST_SIDE",
    "NEAR",
    "PIXEL_TYPES",
    "DocLinkMixin",
    "Field",
    "PixelScale",
    "Pixels",
    "Shape",
    "are_images",
    "background",
    "check_fits",
    "check_fitted",
    "check_images",
    "check_labels",
    "check_sample_weight",
    "check_writable",
    "corners_of",
    "draw_seed",
    "enlargement",
    "extra_module",
    "field_corner",
    "first_value",
    "flushed_denormals",
    "image_shape",
    "inverted_rows",
    "lay_on_field",
    "learn_scale",
    "other_end",
    "progress_bar",
    "resolve_device",
    "smallest_square",
    "take_from_field",
    "threads",
    "warn_of_inverted",
    "warn_of_other_range",
    "write_whole",
]
