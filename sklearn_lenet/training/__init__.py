"""The training engine: loop, batches, loss, optimizers, schedules, augmentation, callbacks."""

from ._augmentation import AUGMENTATIONS, Augment
from ._batches import Rows
from ._class_weight import check_class_weight, weights_of_rows
from ._divergence import DivergedError
from ._inference import PREDICT_BATCH, logits
from ._length import epochs_for
from ._loop import Training
from ._optimizers import OPTIMIZERS, check_optimizer
from ._samples import encoded, split_off
from ._schedules import SCHEDULES
from ._settings import Settings
from ._sklearn_callbacks import CallbackSupportMixin, EpochTasks, with_callbacks
from ._standardise import standardise, to_tensor

__all__ = [
    "AUGMENTATIONS",
    "OPTIMIZERS",
    "PREDICT_BATCH",
    "SCHEDULES",
    "Augment",
    "CallbackSupportMixin",
    "DivergedError",
    "EpochTasks",
    "Rows",
    "Settings",
    "Training",
    "check_class_weight",
    "check_optimizer",
    "encoded",
    "epochs_for",
    "logits",
    "split_off",
    "standardise",
    "to_tensor",
    "weights_of_rows",
    "with_callbacks",
]
