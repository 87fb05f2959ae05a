"""The form of MNIST: a box of 20 pixels, the centre of mass in the middle."""

import numpy as np
import pytest
from drawn_seven import PLAIN
from scipy import ndimage

from sklearn_lenet import DigitImageReader, LeNet5Classifier
from sklearn_lenet.images._mnist_form import BOX, FINE, centred, cropped, resized


def test_a_digit_has_mnists_measures():
    rows, columns = np.nonzero(PLAIN > 127)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
    assert ndimage.center_of_mass(PLAIN) == pytest.approx((13.5, 13.5), abs=0.1)
    assert PLAIN.max() == 255
    assert PLAIN[0].max() == PLAIN[:, 0].max() == PLAIN[:, -1].max() == 0


@pytest.mark.slow
def test_digits_of_mnist_keep_their_label(mnist):
    X, y, X_test, _ = mnist
    model = LeNet5Classifier(max_epochs=2, random_state=0).fit(X, y)
    again = DigitImageReader().transform(list(X_test[:2000].reshape(-1, 28, 28)))
    assert np.mean(model.predict(again) == model.predict(X_test[:2000])) >= 0.995


def test_the_steps_by_hand():
    mask = np.zeros((9, 9), dtype=bool)
    mask[2:5, 3:8] = True
    assert cropped(np.arange(81).reshape(9, 9), mask).tolist() == [
        list(range(start, start + 5)) for start in (21, 30, 39)
    ]
    assert resized(np.ones((10, 5), np.float32), 20).shape == (20, 10)
    image = centred(np.ones((BOX * FINE, 2 * FINE), dtype=bool))  # a stroke of 20x2
    assert image[4:24, 13:15].min() == 255
    assert image.sum() == 255 * 40
