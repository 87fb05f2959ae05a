"""Every numeric parameter takes every number of Python and NumPy, and refuses what is none."""

import contextlib

import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_array_equal
from skorch.callbacks import EarlyStopping

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    DivergedError,
    LeNet5Classifier,
    NoDigitFoundError,
    PadNormalizer,
)

INTEGERS = {
    "batch_size": 16,
    "max_epochs": 2,
    "n_iter_no_change": 1,
    "n_threads": 1,
    "verbose": 0,
    "random_state": 3,
    "input_size": 20,
    "hidden_layer_sizes": 6,
}
REALS = {
    "lr": 0.015625,
    "weight_decay": 0.125,
    "label_smoothing": 0.0625,
    "dropout": 0.25,
    "tol": 0.0078125,
    "validation_fraction": 0.25,
}
"""Values that every floating-point type has exactly."""

INTEGER_TYPES = [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]
REAL_TYPES = [np.float16, np.float32, np.float64, np.longdouble]

X, Y = np.random.default_rng(0).random((40, 64)), np.arange(40) % 2


def fitted(Classifier, **parameters):
    settings = {"early_stopping": True, "validation_fraction": 0.25} | parameters
    return quick(Classifier, **settings).fit(X, Y)


@BOTH
@pytest.mark.parametrize(
    ("table", "types"), [(INTEGERS, INTEGER_TYPES), (REALS, REAL_TYPES)], ids=["integers", "reals"]
)
def test_every_number_is_taken(Classifier, table, types):
    for name in table.keys() & Classifier().get_params().keys():
        expected = fitted(Classifier, **{name: table[name]}).predict_proba(X)
        for kind in types:
            model = fitted(Classifier, **{name: kind(table[name])})
            assert_array_equal(model.predict_proba(X), expected, err_msg=f"{name} {kind}")


def test_the_tables_have_all_numeric_parameters():
    from sklearn.utils._param_validation import Interval

    for Classifier in (LeNet5Classifier, DenseDigitClassifier):
        numeric = {
            name
            for name, constraints in Classifier._parameter_constraints.items()
            if any(isinstance(constraint, Interval) for constraint in constraints)
        }
        assert numeric <= INTEGERS.keys() | REALS.keys()


@pytest.mark.parametrize("kind", INTEGER_TYPES)
def test_numbers_of_transformers(kind):
    assert_array_equal(
        PadNormalizer(size=kind(20)).fit_transform(X), PadNormalizer(size=20).fit_transform(X)
    )
    assert_array_equal(
        DigitImageReader(stroke_width=kind(3)).fit_transform(X),
        DigitImageReader(stroke_width=3).fit_transform(X),
    )


@BOTH
def test_no_number_is_true_or_false(Classifier):
    for name in (INTEGERS | REALS).keys() - {"verbose", "random_state"}:
        if name in Classifier().get_params():
            with pytest.raises((TypeError, ValueError), match=rf"{name}.*(boolean|True)"):
                fitted(Classifier, **{name: True})


@BOTH
@pytest.mark.parametrize("size", [2**31, 2**63, 2**64, 10**30])
def test_a_huge_batch_holds_all_rows(Classifier, size):
    model = quick(Classifier, batch_size=size).fit(X, Y)
    assert_array_equal(
        model.predict_proba(X), quick(Classifier, batch_size=40).fit(X, Y).predict_proba(X)
    )


HUGE = {
    "threads": ({"n_threads": 10**9}, r"'n_threads' parameter .* \[1, 1024\]"),
    "layers": ({"hidden_layer_sizes": (2**62, 2**62)}, "gives a net of .* weights: use values"),
    "wide layer": ({"hidden_layer_sizes": 2**40}, "gives a net of .* weights: use values"),
    "field": ({"input_size": 10**6}, r"'input_size' parameter .* \[16, 1024\]"),
    "number": ({"callbacks": [1]}, "callbacks contains 1, which is not a callback"),
    "sparse gradients": ({"optimizer": torch.optim.SparseAdam}, "SparseAdam needs sparse"),
    "closure": ({"optimizer": torch.optim.LBFGS}, "LBFGS needs a closure"),
    "not a number": ({"lr": float("nan")}, "'lr' parameter"),
    "infinite": ({"lr": float("inf")}, "'lr' parameter"),
    "early stopping": (
        {"callbacks": [EarlyStopping()]},
        "EarlyStopping monitors 'valid_loss', but there are no validation rows: pass X_val",
    ),
}


@pytest.mark.parametrize("case", HUGE)
def test_what_cannot_be_trained_is_refused_before_training(case):
    parameters, message = HUGE[case]
    Classifier = DenseDigitClassifier if "hidden_layer_sizes" in parameters else LeNet5Classifier
    with pytest.raises((TypeError, ValueError), match=message):
        quick(Classifier, **parameters).fit(X, Y)


@BOTH
@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop"])
@pytest.mark.parametrize("lr", [1e3, 1e10, 1e20, 1e30, 1e38, 1e100, 1e300])
@pytest.mark.parametrize("n_rows", [10, 40])
def test_no_fitted_estimator_answers_nan(Classifier, optimizer, lr, n_rows):
    model = quick(Classifier, lr=lr, optimizer=optimizer, batch_size=20)
    with contextlib.suppress(DivergedError):
        model.fit(X[:n_rows], Y[:n_rows])
    for pixels in (X, np.zeros((1, 64)), np.ones((1, 64)), np.full((1, 64), 0.5)):
        assert np.isfinite(model.predict_proba(pixels)).all()
        assert np.isfinite(model.decision_function(pixels)).all()


@BOTH
@pytest.mark.parametrize("scale", [1e-320, 1e-45, 1e-38, 1e-20, 1.0, 1e20, 1e38, 3e38])
@pytest.mark.filterwarnings("error")
def test_finite_pixels_of_any_scale_give_finite_probabilities(Classifier, scale):
    for pixels in (X * scale, (X - 0.5) * scale, -X * scale, np.full_like(X, scale)):
        model = quick(Classifier).fit(pixels, Y)
        assert np.isfinite(model.predict_proba(pixels)).all()
        fields = PadNormalizer(scale="unit").fit_transform(pixels)
        assert np.isfinite(fields).all()
        for how in ("standard", "lecun"):
            assert np.isfinite(PadNormalizer(scale=how).fit_transform(pixels)).all()
            small = pixels.astype(np.float32)
            assert np.isfinite(PadNormalizer(scale=how).fit_transform(small)).all()


PICTURE = np.zeros((40, 40))
PICTURE[8:32, 18:22] = 1


@pytest.mark.parametrize("scale", [1e-320, 1e-45, 1e-20, 1.0, 1e20, 3.4e38, 1e300, 1.7e308])
def test_finite_pixels_give_no_warning(scale):
    """The rows are read, or refused in one sentence; every warning is an error here."""
    normalizer = PadNormalizer(scale="unit").fit(X)
    for pixels in (X * scale, (X - 0.5) * 2 * scale, (X * min(scale, 3.4e38)).astype(np.float32)):
        for read in (DigitImageReader().transform, normalizer.transform, PadNormalizer().fit):
            try:
                read(pixels)
            except (NoDigitFoundError, ValueError) as error:
                text = str(error)
                assert "too large for float32" in text or "is blank" in text
    for picture in (PICTURE * scale, (PICTURE * 2 - 1) * scale, np.dstack([PICTURE] * 3) * scale):
        with contextlib.suppress(NoDigitFoundError):
            assert DigitImageReader().transform([picture]).shape == (1, 784)
