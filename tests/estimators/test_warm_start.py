"""partial_fit and warm_start: training that goes on from what is there."""

import copy
import pickle

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_lenet import DenseDigitClassifier


def steady(Classifier, **settings):
    return quick(Classifier, **{"lr_schedule": "constant", "dropout": 0.1} | settings)


def kept_state(model):
    optimizer = getattr(model.net_, "optimizer_", None)
    return 0 if optimizer is None else len(optimizer.state)


@BOTH
@pytest.mark.parametrize("n_rows", [50, 300])
@pytest.mark.parametrize("through", ["as it is", "pickle", "deepcopy"])
def test_two_and_two_passes_are_four(digits, Classifier, n_rows, through):
    X, y = digits[0][:n_rows], digits[1][:n_rows]
    settings = {"warm_start": True, "augment": "shift"}
    four = steady(Classifier, max_epochs=4, **settings).fit(X, y)
    two = steady(Classifier, max_epochs=2, **settings).fit(X, y)
    if through == "pickle":
        two = pickle.loads(pickle.dumps(two))
    elif through == "deepcopy":
        two = copy.deepcopy(two)
    two.fit(X, y)
    assert (two.n_iter_, four.n_iter_) == (2, 4)  # of the last fit, as in MLPClassifier
    assert len(two.history_) == 4
    assert two.loss_curve_ == four.loss_curve_
    for a, b in zip(two.module_.parameters(), four.module_.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_warm_start_with_a_cycle_begins_the_cycle_anew(digits):
    X, y = digits[0][:300], digits[1][:300]
    model = quick(warm_start=True, max_epochs=3).fit(X, y)
    first = model.loss_curve_[-1]
    model.fit(X, y)
    assert (model.n_iter_, len(model.history_)) == (3, 6)
    assert model.loss_curve_[-1] < first
    assert model.history_[2]["lr"] == pytest.approx(model.history_[5]["lr"])


def test_a_cold_start_begins_anew(digits):
    X, y = digits[0][:300], digits[1][:300]
    model = quick(warm_start=True).fit(X, y)
    fresh = quick().fit(X, y).predict_proba(X)
    model.set_params(warm_start=False).fit(X, y)
    assert model.n_iter_ == 2
    assert_array_equal(model.predict_proba(X), fresh)
    assert kept_state(model) == 0


def test_only_what_goes_on_keeps_its_optimiser(digits):
    X, y = digits[0][:300], digits[1][:300]
    assert kept_state(quick().fit(X, y)) == 0
    assert kept_state(quick(warm_start=True).fit(X, y)) == 10
    assert kept_state(quick().partial_fit(X, y, classes=range(10))) == 10


def test_settings_of_a_warm_start_may_change(digits):
    X, y = digits[0][:300], digits[1][:300]
    model = steady(DenseDigitClassifier, warm_start=True).fit(X, y)
    before = model.module_.hidden1.weight.clone()
    model.set_params(lr=1e-12).fit(X, y)
    assert torch.allclose(model.module_.hidden1.weight, before, atol=1e-7)
    assert model.history_[-1]["lr"] == 1e-12


def test_a_warm_start_with_unknown_labels_is_an_error_that_names_them(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, warm_start=True).fit(X[y < 8], y[y < 8])
    with pytest.raises(
        ValueError, match=r"y contains \[8, 9\], but warm_start=True continues with a net for \[0, "
    ):
        model.fit(X, y)
    assert model.score(X[y < 8], y[y < 8]) > 0.5


@BOTH
def test_a_warm_start_with_a_part_of_the_labels_keeps_them_all(digits, Classifier):
    X, y = digits[0][:300], digits[1][:300]
    model = quick(Classifier, warm_start=True, class_weight={9: 0.5}).fit(X, y)
    model.set_params(lr=1e-12).fit(X[y < 2], y[y < 2])
    assert model.classes_.tolist() == list(range(10))
    assert model.predict_proba(X).shape == (300, 10)
    assert len(np.unique(model.predict(X))) > 5


@BOTH
def test_partial_fit_is_one_pass_each(digits, Classifier):
    X, y = digits[0][:300], digits[1][:300]
    parts = steady(Classifier)
    for _ in range(3):
        assert parts.partial_fit(X, y, classes=np.arange(10)) is parts
    whole = steady(Classifier, max_epochs=3, warm_start=True).fit(X, y)
    assert (parts.n_iter_, len(parts.history_)) == (1, 3)
    assert parts.loss_curve_ == whole.loss_curve_
    assert_array_equal(parts.predict_proba(X), whole.predict_proba(X))


@BOTH
def test_partial_fit_learns_from_a_stream(digits, Classifier):
    X, y = digits
    labels = np.array(list("abcdefghij"))[y]
    model = quick(Classifier)
    for _ in range(4):
        for start in range(0, 1500, 300):
            part = slice(start, start + 300)
            model.partial_fit(X[part], labels[part], classes=list("abcdefghij"))
    assert model.score(X[1500:], labels[1500:]) > 0.8


def test_the_first_part_may_lack_classes(digits):
    X, y = digits
    model = quick(DenseDigitClassifier).partial_fit(X[y < 3], y[y < 3], classes=range(10))
    assert model.classes_.tolist() == list(range(10))
    scale = model.pixel_scale_
    model.partial_fit(X[y > 6], y[y > 6])
    assert model.predict_proba(X).shape == (len(X), 10)
    assert model.pixel_scale_ == scale


def test_partial_fit_goes_on_from_a_fit(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, max_epochs=10).fit(X[:1000], y[:1000])
    before = model.score(X[1000:], y[1000:])
    model.partial_fit(X[:1000], y[:1000])
    assert (model.n_iter_, len(model.history_)) == (1, 11)
    assert model.score(X[1000:], y[1000:]) > before - 0.03


def test_weights_in_partial_fit_are_repeated_rows(digits):
    X, y = digits[0][:40], digits[1][:40]
    times = np.arange(40) % 4
    weighted, repeated = quick(), quick()
    for _ in range(5):
        weighted.partial_fit(X, y, classes=range(10), sample_weight=times)
        repeated.partial_fit(X.repeat(times, 0), y.repeat(times), classes=range(10))
    # Each call scales by what it got first, the same for both; single precision remains.
    assert_allclose(
        weighted.decision_function(X), repeated.decision_function(X), rtol=1e-3, atol=1e-3
    )


def test_bad_partial_fits(digits):
    X, y = digits
    with pytest.raises(
        ValueError, match=r"classes is missing: the first partial_fit of LeNet5Classifier needs"
    ):
        quick().partial_fit(X, y)
    with pytest.raises(
        ValueError, match=r"y contains the labels \[9\], but the classes of LeNet5.* are \[0, 1, 2"
    ):
        quick().partial_fit(X, y, classes=range(9))
    model = quick(DenseDigitClassifier).partial_fit(X, y, classes=range(10))
    with pytest.raises(ValueError, match=r"y contains the labels \[11\]"):
        model.partial_fit(X[:1], [11])
    with pytest.raises(ValueError, match="differs from the first call of partial_fit"):
        model.partial_fit(X, y, classes=range(11))
    with pytest.raises(ValueError, match="class_weight='balanced' needs all rows"):
        quick(class_weight="balanced").partial_fit(X, y, classes=range(10))
    assert model.n_iter_ == 1
