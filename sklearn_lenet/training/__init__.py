"""The training engine: loop, loss, optimizers, schedules, augmentation, calibration, callbacks."""

from ._augmentation import (
    AUGMENTATIONS,
    AUTO,
    Augment,
    Augmentation,
    augmentation_for,
    displacement_for,
)
from ._batches import Batches, Rows
from ._calibration import (
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    calibration,
    calibration_sample,
    distorted,
)
from ._class_weight import check_class_weight, row_weights
from ._ctc_loss import BLANK
from ._divergence import DivergedError, is_usable
from ._inference import PREDICT_BATCH, Inference
from ._length import fit_length, line_length
from ._lines import Lines, padded
from ._loop import Observer, Training
from ._loss import WeightedCrossEntropy
from ._novelty import novelty
from ._optimizers import OPTIMIZERS, check_optimizer
from ._peers import Peers
from ._probabilities import probabilities
from ._samples import Samples, encode
from ._schedules import SCHEDULES
from ._settings import Plan, Settings
from ._sklearn_callbacks import CallbackSupportMixin, EpochTasks, with_callbacks
from ._skorch_events import check_callbacks, epoch_line, set_callback_parameter
from ._skorch_net import skorch_net, trimmed, without_durations
from ._standardise import LIMIT as PIXEL_LIMIT
from ._standardise import standardise, to_tensor
from ._tasks import READING, Task, classification

__all__ = [
    "AUGMENTATIONS",
    "AUTO",
    "BLANK",
    "HIGHEST_TEMPERATURE",
    "LOWEST_TEMPERATURE",
    "OPTIMIZERS",
    "PIXEL_LIMIT",
    "PREDICT_BATCH",
    "READING",
    "SCHEDULES",
    "Augment",
    "Augmentation",
    "Batches",
    "CallbackSupportMixin",
    "DivergedError",
    "EpochTasks",
    "Inference",
    "Lines",
    "Observer",
    "Peers",
    "Plan",
    "Rows",
    "Samples",
    "Settings",
    "Task",
    "Training",
    "WeightedCrossEntropy",
    "augmentation_for",
    "calibration",
    "calibration_sample",
    "check_callbacks",
    "check_class_weight",
    "check_optimizer",
    "classification",
    "displacement_for",
    "distorted",
    "encode",
    "epoch_line",
    "fit_length",
    "is_usable",
    "line_length",
    "novelty",
    "padded",
    "probabilities",
    "row_weights",
    "set_callback_parameter",
    "skorch_net",
    "standardise",
    "to_tensor",
    "trimmed",
    "with_callbacks",
    "without_durations",
]
