"""LeNet5Classifier: its variants, its field, and how well it reads digits out of the box."""

import time

import numpy as np
import pytest
from sklearn.model_selection import cross_val_score

from sklearn_lenet import LeNet5Classifier

VARIANTS = [
    ({}, 61_706),
    ({"activation": "tanh", "pooling": "avg"}, 61_706),
    ({"input_size": None, "activation": "relu", "pooling": "avg"}, 44_426),
    ({"activation": "sigmoid"}, 61_706),
    ({"activation": "scaled_tanh"}, 61_706),
    ({"dropout": 0.5}, 61_706),
]


@pytest.mark.parametrize(("settings", "parameters"), VARIANTS)
def test_each_variant_has_its_parameters(settings, parameters):
    X, y = np.zeros((20, 28, 28)), np.arange(20) % 10
    model = LeNet5Classifier(max_epochs=1, **settings).fit(X, y)
    assert sum(p.numel() for p in model.module_.parameters() if p.requires_grad) == parameters


@pytest.mark.parametrize(("settings", "_parameters"), VARIANTS)
def test_each_variant_learns_to_read(digits, settings, _parameters):
    X, y = digits
    model = LeNet5Classifier(random_state=0, max_epochs=20, **settings).fit(X[:1200], y[:1200])
    assert model.score(X[1200:], y[1200:]) > 0.88
    assert model.loss_curve_[-1] < model.loss_curve_[0] / 4


@pytest.mark.parametrize(
    ("input_size", "pixels", "kernel"),
    [(32, 784, 5), (None, 784, 4), (16, 64, 1), (64, 784, 13), (None, 36 * 36, 6), (None, 2, 4)],
)
def test_c5_fits_the_field(input_size, pixels, kernel):
    X = np.zeros((4, pixels))
    model = LeNet5Classifier(input_size=input_size, max_epochs=1).fit(X, [0, 1, 0, 1])
    assert model.module_.c5.kernel_size == (kernel, kernel)


def test_an_even_border_changes_nothing(fitted, digits):
    # The digit that the field enlarges and centres may as well come enlarged and centred.
    X, y = digits
    images = X.reshape(-1, 8, 8).repeat(3, axis=1).repeat(3, axis=2)
    framed = np.pad(images, ((0, 0), (4, 4), (4, 4)))
    model = LeNet5Classifier(max_epochs=8, random_state=0)
    probabilities = model.fit(framed[:600], y[:600]).predict_proba(framed[600:])
    # Frames change mean and deviation of all pixels, and so the training, but not the reading.
    agreement = (probabilities.argmax(1) == fitted.predict(X[600:])).mean()
    assert agreement > 0.9


@pytest.mark.slow
def test_defaults_read_the_bundled_digits_as_well_as_an_svm(digits):
    start = time.perf_counter()
    scores = cross_val_score(LeNet5Classifier(random_state=0), *digits, cv=5, error_score="raise")
    print(f"5-fold accuracy {scores.mean():.4f} in {time.perf_counter() - start:.0f} s")
    assert scores.mean() >= 0.963  # SVC() has 0.963


@pytest.mark.slow
def test_defaults_read_mnist(mnist):
    X_train, y_train, X_test, y_test = mnist
    model = LeNet5Classifier(random_state=0).fit(X_train, y_train)
    assert model.n_iter_ <= 5
    assert model.score(X_test, y_test) >= 0.985


@pytest.mark.slow
def test_the_scale_of_mnists_pixels_does_not_matter(mnist):
    X_train, y_train, X_test, y_test = mnist
    X_train, y_train = X_train[:10_000], y_train[:10_000]
    accuracies = []
    for change in (lambda x: x, lambda x: x / 255, lambda x: (x / 255 - 0.1307) / 0.3081):
        model = LeNet5Classifier(random_state=0, max_epochs=5).fit(change(X_train), y_train)
        accuracies.append(model.score(change(X_test), y_test))
    assert max(accuracies) - min(accuracies) <= 0.003
