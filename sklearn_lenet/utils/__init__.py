"""What all folders share: geometry, validation, pixel scale, devices, threads, optional packages.

Nothing here is about digits, nets or files of models, and importing it loads no torch.
"""

from ._by_block import by_block, is_lazy
from ._conversion import as_array, as_numpy, first_value
from ._devices import draw_seed, flushed_denormals, resolve_device
from ._doc_link import DocLinkMixin
from ._first_use import loaded_on_first_use
from ._geometry import (
    LARGEST_SIDE,
    Field,
    Pixels,
    Shape,
    background,
    background_of,
    check_fits,
    corner_values,
    corners_of,
    enlargement,
    field_corner,
    image_shape,
    lay_on_field,
    smallest_square,
    take_from_field,
)
from ._kept_memory import kept_memory
from ._novelty_weight import NON_DIGIT_WEIGHT
from ._optional_packages import extra_module
from ._pixel_scale import (
    PixelScale,
    PixelSummary,
    learn_scale,
    merged,
    scale_of,
    summarise,
    warn_of_other_range,
)
from ._polarity import NEAR, are_images, inverted_rows, other_end, warn_of_inverted
from ._progress import progress_bar
from ._threads import threads, whole_worker
from ._validation import (
    LARGEST_PIXEL,
    PIXEL_TYPES,
    check_fitted,
    check_images,
    check_labels,
    check_sample_weight,
    check_validation_rows,
)
from ._write_whole import check_writable, write_whole

__all__ = [
    "LARGEST_PIXEL",
    "LARGEST_SIDE",
    "NEAR",
    "NON_DIGIT_WEIGHT",
    "PIXEL_TYPES",
    "DocLinkMixin",
    "Field",
    "PixelScale",
    "PixelSummary",
    "Pixels",
    "Shape",
    "are_images",
    "as_array",
    "as_numpy",
    "background",
    "background_of",
    "by_block",
    "check_fits",
    "check_fitted",
    "check_images",
    "check_labels",
    "check_sample_weight",
    "check_validation_rows",
    "check_writable",
    "corner_values",
    "corners_of",
    "draw_seed",
    "enlargement",
    "extra_module",
    "field_corner",
    "first_value",
    "flushed_denormals",
    "image_shape",
    "inverted_rows",
    "is_lazy",
    "kept_memory",
    "lay_on_field",
    "learn_scale",
    "loaded_on_first_use",
    "merged",
    "other_end",
    "progress_bar",
    "resolve_device",
    "scale_of",
    "smallest_square",
    "summarise",
    "take_from_field",
    "threads",
    "warn_of_inverted",
    "warn_of_other_range",
    "whole_worker",
    "write_whole",
]
