"""Bad input to both classifiers: one sentence that says what was given and what would work."""

import numpy as np
import pytest
from helpers import BOTH, quick
from scipy import sparse
from sklearn.exceptions import NotFittedError

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier
from sklearn_lenet.estimators import _net_trainer

X_GOOD = np.arange(40.0).reshape(10, 4)
Y_GOOD = np.arange(10) % 2


def broken(value):
    X = X_GOOD.copy()
    X[3, 1] = value
    return X


BAD_FIT = {
    "one dimension": (X_GOOD[:, 0], Y_GOOD, ValueError, r"Reshape your data: .*\(10,\)"),
    "five dimensions": (
        np.zeros((2, 1, 1, 2, 2)),
        [0, 1],
        ValueError,
        r"\(2, 1, 1, 2, 2\), but \(n, p\)",
    ),
    "four channels": (np.zeros((2, 4, 8, 8)), [0, 1], ValueError, r"\(2, 4, 8, 8\), but \(n, p\)"),
    "NaN": (broken(np.nan), Y_GOOD, ValueError, "NaN in 1 of 10 rows"),
    "inf": (broken(np.inf), Y_GOOD, ValueError, "infinity .* in 1 of 10 rows"),
    "too large for float32": (broken(1e300), Y_GOOD, ValueError, "too large for float32"),
    "complex": (
        X_GOOD + 1j,
        Y_GOOD,
        ValueError,
        "Complex data not supported: X has the type complex128; use X.real",
    ),
    "strings": (
        X_GOOD.astype(str).astype(object) + "x",
        Y_GOOD,
        ValueError,
        "could not convert string",
    ),
    "numerals": (X_GOOD.astype(str), Y_GOOD, ValueError, "X contains strings .* use X.astype"),
    "sparse": (sparse.csr_array(X_GOOD), Y_GOOD, TypeError, "sparse csr .* X.toarray()"),
    "no rows": (X_GOOD[:0], Y_GOOD[:0], ValueError, r"0 sample\(s\)"),
    "no rows of images": (np.zeros((0, 28, 28)), [], ValueError, r"0 sample\(s\)"),
    "no columns": (X_GOOD[:, :0], Y_GOOD, ValueError, r"0 feature\(s\)"),
    "y too short": (X_GOOD, Y_GOOD[:-1], ValueError, "inconsistent numbers of samples: .10, 9"),
    "continuous y": (X_GOOD, Y_GOOD + 0.5, ValueError, "Unknown label type: continuous; "),
    "NaN in y": (X_GOOD, np.where(Y_GOOD, np.nan, 0.0), ValueError, "Input y contains NaN"),
    "two columns of y": (X_GOOD, np.c_[Y_GOOD, Y_GOOD], ValueError, "y should be a 1d array"),
    "no y": (X_GOOD, None, ValueError, "requires y to be passed"),
}


@BOTH
@pytest.mark.parametrize("case", BAD_FIT)
def test_bad_data_is_refused_before_torch_sees_it(Classifier, case, monkeypatch):
    X, y, error, message = BAD_FIT[case]
    monkeypatch.setattr(_net_trainer, "Training", lambda *_, **__: pytest.fail("torch was called"))
    with pytest.raises(error, match=message):
        quick(Classifier).fit(X, y)


BAD_WEIGHTS = {
    "negative": (-np.ones(10), "sample_weight contains -1: use 0 or more"),
    "all zero": (np.zeros(10), "sample_weight is zero for every row"),
    "too short": (np.ones(9), "inconsistent numbers of samples: .10, 9"),
    "two columns": (
        np.ones((10, 2)),
        r"sample_weight has shape \(10, 2\), but one weight per row is needed",
    ),
    "NaN": (np.full(10, np.nan), "sample_weight contains NaN"),
}


@pytest.mark.parametrize("case", BAD_WEIGHTS)
def test_bad_weights_are_refused(case):
    weights, message = BAD_WEIGHTS[case]
    with pytest.raises(ValueError, match=message):
        quick().fit(X_GOOD, Y_GOOD, sample_weight=weights)


BAD_PARAMETERS = {
    "activation": ("selu", "'activation' parameter of LeNet5Classifier must be a str among"),
    "pooling": ("sum", "'pooling' parameter .* {'avg', 'max'}|{'max', 'avg'}"),
    "input_size": (15, r"'input_size' parameter .* \[16, 1024\] or None. Got 15"),
    "dropout": (1.0, r"'dropout' parameter .* \[0.0, 1.0\). Got 1.0"),
    "lr": (0, "'lr' parameter"),
    "max_epochs": (0, "'max_epochs' parameter .* {'auto'}. Got 0"),
    "batch_size": (2.5, "'batch_size' parameter .* Got 2.5"),
    "optimizer": ("sdg", r"'optimizer' parameter .* {.*'adamw'.*} or .* 'type'. Got 'sdg'"),
    "lr_schedule": ("step", r"'lr_schedule' parameter .* {.*'one-cycle'.*}. Got 'step'"),
    "augment": ("flip", r"'augment' parameter .* {.*'affine'.*}, a callable or None. Got 'flip'"),
    "weight_decay": (-1, r"'weight_decay' parameter .* \[0.0, inf\). Got -1"),
    "label_smoothing": (1, r"'label_smoothing' parameter .* \[0.0, 1.0\). Got 1"),
    "n_iter_no_change": (0, "'n_iter_no_change' parameter .* Got 0"),
    "tol": (-1.0, "'tol' parameter .* Got -1.0"),
    "callbacks": ("all", "'callbacks' parameter .* Got 'all'"),
    "n_threads": (0, r"'n_threads' parameter .* \[1, 1024\] or None. Got 0"),
    "random_state": ("zero", "'random_state' parameter"),
    "device": ("tpu9", r"device='tpu9' is not available: use 'auto' or one of \['cpu'"),
}


@pytest.mark.parametrize("name", BAD_PARAMETERS)
def test_an_unknown_value_of_a_parameter_names_the_choices(name):
    value, message = BAD_PARAMETERS[name]
    with pytest.raises(ValueError, match=message):
        quick(**{name: value}).fit(X_GOOD, Y_GOOD)


@pytest.mark.parametrize("sizes", [(0,), (3, -1), (2.5,), ("a",), "wide"])
def test_bad_hidden_layer_sizes(sizes):
    with pytest.raises(ValueError, match="hidden_layer_sizes"):
        DenseDigitClassifier(hidden_layer_sizes=sizes).fit(X_GOOD, Y_GOOD)


def test_a_mistyped_parameter_is_answered_with_the_right_one():
    with pytest.raises(TypeError, match="unexpected keyword argument 'activaton'"):
        LeNet5Classifier(activaton="tanh")
    with pytest.raises(ValueError, match="no parameter 'activaton': did you mean 'activation'"):
        LeNet5Classifier().set_params(activaton="tanh")
    with pytest.raises(
        ValueError, match=r"no parameter 'xyz': use one of .*'activation', 'augment"
    ):
        LeNet5Classifier().set_params(xyz=1)


@pytest.mark.parametrize(
    "method", ["predict", "predict_proba", "predict_log_proba", "decision_function"]
)
def test_predict_before_fit(method):
    with pytest.raises(
        NotFittedError, match=r"^LeNet5Classifier is not fitted yet: call fit first\.$"
    ):
        getattr(LeNet5Classifier(), method)(X_GOOD)


def test_other_width_and_other_shape_at_predict(images, fitted):
    with pytest.raises(
        ValueError, match="X has 784 features, but LeNet5Classifier is expecting 64"
    ):
        fitted.predict(images[0])
    oblong = quick().fit(images[0][:, :24, :20], images[1])
    assert oblong.image_shape_ == (24, 20)
    with pytest.raises(
        ValueError, match="images of 20x24, but LeNet5Classifier was fitted on 24x20"
    ):
        oblong.predict(images[0][:, :20, :24])


def test_more_pixels_than_the_field():
    with pytest.raises(
        ValueError, match=r"1089 values per row, .*input_size=32 .* set input_size=33"
    ):
        quick().fit(np.zeros((2, 33 * 33)), [0, 1])
    assert quick(max_epochs=1, input_size=33).fit(np.zeros((2, 33 * 33)), [0, 1]).n_iter_ == 1
