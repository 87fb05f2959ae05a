"""Saliency by gradient and by occlusion, compared with nets whose answer is known."""

import numpy as np
import pytest
import torch

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, SaliencyDisplay, activations
from sklearn_lenet.inspection._saliency import _has_light_ink, as_images


@pytest.mark.parametrize("method", ["gradient", "occlusion"])
def test_in_a_net_of_zero_weights_no_pixel_matters(digits, method):
    X, y = digits
    for Classifier in (LeNet5Classifier, DenseDigitClassifier):
        clf = Classifier(max_epochs=1, random_state=0).fit(X[:100], y[:100])
        with torch.no_grad():
            for weights in clf.module_.parameters():
                weights.zero_()
        display = SaliencyDisplay.from_estimator(clf, X[:3], method=method)
        assert not display.maps.any()


def test_the_gradient_is_the_slope_of_the_score(digits, net):
    X = digits[0][:1]
    target = net.predict(X)
    display = SaliencyDisplay.from_estimator(net, X, targets=target)
    column = int(target[0])
    field = torch.from_numpy(activations(net, X, "input")).double()
    module = torch.nn.Module.double(net.module_)
    try:
        for row, place in [(10, 12), (16, 15), (20, 18)]:
            step = torch.zeros_like(field)
            step[0, 0, row, place] = 1e-4
            with torch.no_grad():
                up, down = (module(field + s)[0, column] for s in (step, -step))
            slope = float(up - down) / 2e-4
            assert display.maps[0, row, place] == pytest.approx(abs(slope), rel=0.02, abs=1e-4)
    finally:
        module.float()


def test_occlusion_finds_the_only_pixel_that_matters(digits):
    X, y = digits
    clf = DenseDigitClassifier(hidden_layer_sizes=(4,), max_epochs=1, random_state=0)
    clf.fit(X[:200], y[:200])
    pixel = 3 * 8 + 4
    with torch.no_grad():
        for weights in clf.module_.parameters():
            weights.zero_()
        clf.module_.hidden1.weight[0, pixel] = 1.0
        clf.module_.hidden1.bias[0] = 5.0
        clf.module_.output.weight[2, 0] = 1.0
    bright = X[[np.flatnonzero(X[:, pixel] > 10)[0]]]
    display = SaliencyDisplay.from_estimator(clf, bright, targets=[2], method="occlusion")
    assert display.maps[0, 3, 4] == display.maps[0].max()
    assert display.maps[0, 3, 4] > 0
    assert display.maps[0].min() >= 0


def test_rows_become_square_images_with_missing_pixels_zero():
    clf = DenseDigitClassifier(max_epochs=1, random_state=0)
    clf.fit(np.arange(70.0).reshape(10, 7) % 13, [0, 1] * 5)
    images = as_images(clf, torch.arange(7.0)[None])
    assert images.tolist() == [[[0, 1, 2], [3, 4, 5], [6, 0, 0]]]
    batch = torch.rand(2, 1, 4, 4)
    assert torch.equal(as_images(clf, batch), batch[:, 0])


def test_the_background_is_in_the_corners():
    images = torch.zeros(3, 8, 8)
    images[:, 3:5] = 1.0
    assert _has_light_ink(images)
    assert not _has_light_ink(1.0 - images)
