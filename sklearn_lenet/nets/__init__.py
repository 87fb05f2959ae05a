"""The networks in torch alone: LeNet-5, a dense net, and their fast forward and backward passes.

Nothing here knows scikit-learn or skorch.
"""

from ._activations import ACTIVATIONS
from ._batch_share import BatchShare
from ._dense_net import DenseNet
from ._dropout import Dropout, set_dropout
from ._initialisation import new_module
from ._largest_logit import largest_logit
from ._lenet5 import SMALLEST_INPUT, LeNet5
from ._line_net import STRIDE, STRIP_HEIGHT, LineNet
from ._passes import Criterion, Passes, passes
from ._pooling import POOLINGS

__all__ = [
    "ACTIVATIONS",
    "POOLINGS",
    "SMALLEST_INPUT",
    "STRIDE",
    "STRIP_HEIGHT",
    "BatchShare",
    "Criterion",
    "DenseNet",
    "Dropout",
    "LeNet5",
    "LineNet",
    "Passes",
    "largest_logit",
    "new_module",
    "passes",
    "set_dropout",
]
