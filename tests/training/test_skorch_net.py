"""The skorch net: its parts, and what is left of it for prediction."""

import torch

from sklearn_lenet.nets import DenseNet
from sklearn_lenet.training import Settings, classification
from sklearn_lenet.training._skorch_net import skorch_net, trimmed

SETTINGS = Settings(
    lr=0.25,
    batch_size=7,
    optimizer="sgd",
    weight_decay=0.5,
    label_smoothing=0.1,
    average_weights=False,
    early_stopping=False,
    n_iter_no_change=3,
    tol=0.0,
    callbacks=None,
    verbose=0,
)


def test_the_net_has_the_settings_and_no_callbacks():
    net = skorch_net(DenseNet(4, 3), classification(3), SETTINGS, torch.device("cpu"))
    (group,) = net.optimizer_.param_groups
    assert (group["lr"], group["weight_decay"], group["momentum"]) == (0.25, 0.5, 0.9)
    assert net.criterion_.label_smoothing == 0.1
    assert list(net.callbacks_) == []
    assert net.classes_.tolist() == [0, 1, 2]


def test_a_trimmed_net_predicts_in_single_precision_and_has_no_optimizer():
    net = trimmed(
        skorch_net(DenseNet(4, 3).double(), classification(3), SETTINGS, torch.device("cpu")),
        [{"epoch": 1}],
    )
    assert next(net.module_.parameters()).dtype == torch.float32
    assert net.optimizer_ is None
    assert net.history[:, "epoch"] == [1]
    assert net.module_(torch.zeros(2, 4)).shape == (2, 3)
