"""What both classifiers do: inputs, labels, probabilities, reproducibility, errors."""

import copy
import pickle
import threading

import joblib
import numpy as np
import pandas as pd
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import estimator_html_repr

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, _training

BOTH = pytest.mark.parametrize("Classifier", [LeNet5Classifier, DenseDigitClassifier])


def quick(Classifier=LeNet5Classifier, **settings):
    return Classifier(**{"max_epochs": 2, "random_state": 0} | settings)


@pytest.fixture(scope="module")
def images():
    """Sixty random 28x28 uint8 digits of three kinds: a bright row, column or diagonal."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, size=60)
    X = rng.integers(0, 60, size=(60, 28, 28), dtype=np.uint8)
    X[:, :2] = X[:, -2:] = X[:, :, :2] = X[:, :, -2:] = 0
    for image, kind in zip(X, y, strict=True):
        image[
            [slice(14, 15), slice(None), np.arange(28)][kind],
            [slice(None), 14, np.arange(28)][kind],
        ] = 255
    return X, y


# Input


def test_every_accepted_shape_gives_the_same_probabilities(images):
    X, y = images
    flat = X.reshape(60, 784)
    expected = quick().fit(flat, y).predict_proba(flat)
    for other in (X, X[:, None], X[..., None], pd.DataFrame(flat), flat.tolist(), X.tolist()):
        model = quick().fit(other, y)
        if isinstance(other, pd.DataFrame):
            assert_array_equal(model.predict_proba(other), expected)
        else:
            assert_array_equal(model.predict_proba(flat), expected)
            assert_array_equal(model.predict_proba(other), expected)
        assert model.n_features_in_ == 784
        assert model.image_shape_ == (28, 28)


@BOTH
@pytest.mark.parametrize(
    "dtype",
    [np.int8, np.int16, np.int32, np.int64, np.uint16, np.float16, np.float32, np.float64, object],
)
def test_every_type_gives_the_same_probabilities(images, Classifier, dtype):
    X, y = images
    X = X.reshape(60, 784) // 2  # fits into int8
    expected = quick(Classifier).fit(X, y).predict_proba(X)
    assert_array_equal(
        quick(Classifier).fit(X.astype(dtype), y).predict_proba(X.astype(dtype)), expected
    )


@BOTH
def test_read_only_strided_and_foreign_memory_gives_the_same_probabilities(
    images, Classifier, tmp_path
):
    X, y = images
    flat = X.reshape(60, 784)
    model = quick(Classifier).fit(flat, y)
    expected = model.predict_proba(flat)
    read_only = flat.copy()
    read_only.setflags(write=False)
    joblib.dump(flat, tmp_path / "X")
    mapped = joblib.load(tmp_path / "X", mmap_mode="r")
    mirrored = np.ascontiguousarray(flat[:, ::-1])[:, ::-1]
    for other in (read_only, mapped, mirrored, np.asfortranarray(flat), torch.from_numpy(flat)):
        assert_array_equal(quick(Classifier).fit(other, y).predict_proba(other), expected)


@BOTH
def test_the_callers_arrays_stay_as_they_were(images, Classifier):
    X, y = images
    X = X.astype(np.float32)
    before, weights = X.copy(), np.arange(1.0, 61)
    quick(Classifier).fit(X, y, sample_weight=weights).predict(X)
    assert_array_equal(X, before)
    assert_array_equal(weights, np.arange(1.0, 61))


@BOTH
@pytest.mark.parametrize(
    "change", [lambda x: x / 16, lambda x: (x - 4.9) / 6.0, lambda x: x / 16 * 1.275 - 0.1]
)
def test_the_scale_of_the_pixels_does_not_matter(digits, Classifier, change):
    X, y = digits
    accuracies = [
        quick(Classifier, max_epochs=10).fit(data[:1200], y[:1200]).score(data[1200:], y[1200:])
        for data in (X, change(X))
    ]
    # One digit in 597 is 0.17 points.
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.003)


def test_black_on_white_is_as_good_as_white_on_black(digits):
    X, y = digits
    model = quick(max_epochs=10).fit(16 - X[:1200], y[:1200])
    assert model.background_ == 16
    assert model.score(16 - X[1200:], y[1200:]) > 0.9


def test_pixels_of_another_range_warn(fitted, digits):
    with pytest.warns(
        UserWarning, match=r"0 to 1, but LeNet5Classifier was fitted on 0 to 16"
    ) as record:
        fitted.predict(digits[0] / 16)
    assert record[0].filename == __file__


# Labels


LABELS = {
    "int8": np.array([3, 5, 8], dtype=np.int8),
    "int64": np.array([3, 5, 8]),
    "strings": np.array(["three", "five", "eight"]),
    "objects": np.array(["3", "5", "8"], dtype=object),
    "floats": np.array([3.0, 5.0, 8.0]),
    "negative": np.array([-1, 0, 7]),
}


@BOTH
@pytest.mark.parametrize("kind", LABELS)
def test_labels_come_back_as_they_went_in(images, Classifier, kind):
    X, codes = images
    y = LABELS[kind][codes]
    model = quick(Classifier).fit(X, y)
    reference = quick(Classifier).fit(X, np.unique(y, return_inverse=True)[1])
    predicted = model.predict(X)
    assert predicted.dtype == y.dtype
    assert_array_equal(model.classes_, np.unique(y))
    assert_array_equal(predicted, np.unique(y)[reference.predict(X)])
    assert model.score(X, y) == reference.score(X, np.unique(y, return_inverse=True)[1])
    assert model.predict_proba(X).shape == (60, 3)


def test_labels_of_pandas_and_bool(images):
    X, codes = images
    y = pd.Series(LABELS["strings"][codes]).astype("category")
    assert set(quick().fit(X, y).predict(X)) <= {"three", "five", "eight"}
    truth = codes == 1
    model = quick().fit(X, truth)
    assert model.classes_.tolist() == [False, True]
    assert model.predict(X).dtype == bool
    assert model.decision_function(X).shape == (60,)


def test_a_single_class_is_always_predicted(images):
    model = quick().fit(images[0], np.full(60, 7))
    assert set(model.predict(images[0])) == {7}
    assert_array_equal(model.predict_proba(images[0]), np.ones((60, 1)))
    assert model.decision_function(images[0]).shape == (60,)


# Probabilities


def test_probabilities_and_their_relatives_agree(fitted, digits):
    X = digits[0][600:]
    probabilities, logits = fitted.predict_proba(X), fitted.decision_function(X)
    assert probabilities.dtype == logits.dtype == np.float32
    assert_allclose(probabilities.sum(axis=1, dtype=np.float64), 1, atol=1e-6)
    exponents = np.exp(logits - logits.max(axis=1, keepdims=True), dtype=np.float64)
    assert_allclose(probabilities, exponents / exponents.sum(axis=1, keepdims=True), atol=1e-6)
    assert_allclose(fitted.predict_log_proba(X), np.log(probabilities.clip(1e-37)), atol=1e-4)
    assert_array_equal(fitted.predict(X), fitted.classes_[probabilities.argmax(axis=1)])


def test_two_classes_have_one_score(images):
    X, codes = images
    model = quick().fit(X, codes == 1)
    probabilities, score = model.predict_proba(X), model.decision_function(X)
    assert_allclose(score, np.log(probabilities[:, 1]) - np.log(probabilities[:, 0]), atol=1e-4)
    assert_array_equal(model.predict(X), score > 0)


@BOTH
@pytest.mark.filterwarnings("ignore:X ranges over:UserWarning")  # it does, on purpose
@pytest.mark.parametrize("value", [1e30, -1e30, np.finfo(np.float32).max])
def test_log_probabilities_are_finite_for_any_input(images, Classifier, value):
    model = quick(Classifier).fit(*images)
    X = np.full((1, 784), value)
    assert np.isfinite(model.predict_log_proba(X)).all()
    assert np.isfinite(model.predict_proba(X)).all()


def test_the_batch_does_not_matter(fitted, digits):
    X = digits[0]
    whole = fitted.predict_proba(X)
    one_by_one = np.concatenate([fitted.predict_proba(row[None]) for row in X[:50]])
    assert_allclose(one_by_one, whole[:50], atol=1e-6)


# Reproducible, and a good neighbour


def weights(model):
    return [value.numpy() for value in model.module_.state_dict().values()]


@BOTH
@pytest.mark.parametrize("n_rows", [50, 300])  # one batch in double precision, several in single
def test_one_seed_gives_identical_weights(digits, Classifier, n_rows):
    X, y = digits[0][:n_rows], digits[1][:n_rows]
    first, second = (quick(Classifier, dropout=0.2).fit(X, y) for _ in range(2))
    other = quick(Classifier, dropout=0.2, random_state=1).fit(X, y)
    for a, b, c in zip(weights(first), weights(second), weights(other), strict=True):
        assert a.dtype == np.float32
        assert_array_equal(a, b)
        assert not np.array_equal(a, c)


def test_a_random_state_instance_moves_on_and_none_differs(digits):
    X, y = digits[0][:50], digits[1][:50]
    state = np.random.RandomState(0)
    moving = [quick(random_state=state).fit(X, y) for _ in range(2)]
    unseeded = [quick(random_state=None).fit(X, y) for _ in range(2)]
    assert not np.array_equal(weights(moving[0])[0], weights(moving[1])[0])
    assert not np.array_equal(weights(unseeded[0])[0], weights(unseeded[1])[0])
    again = quick(random_state=np.random.RandomState(0)).fit(X, y)
    assert_array_equal(weights(moving[0])[0], weights(again)[0])


@BOTH
@pytest.mark.parametrize("random_state", [0, None])
def test_global_states_and_threads_stay_as_they_were(digits, Classifier, random_state):
    X, y = digits[0][:100], digits[1][:100]
    numpy_state, torch_state = np.random.get_state(), torch.get_rng_state()
    threads, dtype = torch.get_num_threads(), torch.get_default_dtype()
    quick(Classifier, dropout=0.5, random_state=random_state).fit(X, y).predict(X)
    assert_array_equal(np.random.get_state()[1], numpy_state[1])
    assert np.random.get_state()[2] == numpy_state[2]
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert torch.get_num_threads() == threads
    assert torch.get_default_dtype() == dtype
    assert torch.is_grad_enabled()


def test_nothing_is_printed(digits, capfd):
    quick().fit(*digits).predict(digits[0])
    assert capfd.readouterr() == ("", "")


def test_every_row_is_trained_on_once_a_pass(digits, monkeypatch):
    seen = []
    take = _training.Rows.take
    monkeypatch.setattr(
        _training.Rows, "take", lambda rows, index: seen.append(index) or take(rows, index)
    )
    model = quick(max_epochs=3).fit(*digits)
    order = torch.cat(seen).reshape(3, len(digits[0]))
    for one_pass in order:
        assert_array_equal(one_pass.sort().values, np.arange(len(digits[0])))
    assert not torch.equal(order[0], order[1])
    assert model.n_iter_ == len(model.loss_curve_) == 3


def test_ctrl_c_is_not_swallowed(digits, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_training.Rows, "take", interrupt)
    with pytest.raises(KeyboardInterrupt):
        quick().fit(*digits)


# Weights of rows


@BOTH
def test_weights_are_repeated_rows_in_one_batch(digits, Classifier):
    X, y = digits[0][:24], digits[1][:24]
    times = np.arange(24) % 4
    settings = {"max_epochs": 40}
    weighted = quick(Classifier, **settings).fit(X, y, sample_weight=times)
    repeated = quick(Classifier, **settings).fit(X.repeat(times, axis=0), y.repeat(times))
    assert set(weighted.classes_) == set(repeated.classes_)
    assert_allclose(
        weighted.decision_function(X), repeated.decision_function(X), rtol=1e-5, atol=1e-6
    )


def test_equal_weights_are_no_weights(digits):
    X, y = digits[0][:40], digits[1][:40]
    equal, none = quick().fit(X, y, np.full(40, 0.5)), quick().fit(X, y)
    assert_allclose(equal.decision_function(X), none.decision_function(X), rtol=1e-5, atol=1e-6)


def test_weights_pull_in_several_batches(digits):
    X, y = digits[0][:400], np.repeat([0, 1], 200)  # nothing to learn but how often
    heavy = np.where(y == 1, 9.0, 1.0)
    share = quick(DenseDigitClassifier).fit(X, y, heavy).predict_proba(X).mean(axis=0)[1]
    plain = quick(DenseDigitClassifier).fit(X, y).predict_proba(X).mean(axis=0)[1]
    assert plain == pytest.approx(0.5, abs=0.1)
    assert share > 0.8


# Copies


@BOTH
def test_clone_copy_pickle_joblib_and_repr(digits, Classifier, tmp_path):
    X, y = digits
    model = quick(Classifier, lr=0.003).fit(X, y)
    fresh = clone(model)
    assert fresh.get_params() == model.get_params()
    assert not hasattr(fresh, "net_")
    assert repr(Classifier(lr=0.1)) == f"{Classifier.__name__}(lr=0.1)"
    assert "lr" in estimator_html_repr(fresh)
    assert Classifier.__name__ in estimator_html_repr(model)
    joblib.dump(model, tmp_path / "model")
    expected = model.predict_proba(X)
    for other in (
        copy.copy(model),
        copy.deepcopy(model),
        pickle.loads(pickle.dumps(model)),
        joblib.load(tmp_path / "model"),
    ):
        assert_array_equal(other.predict_proba(X), expected)
        assert other.module_ is other.net_.module_


def test_a_pickle_holds_weights_and_no_training_data(digits):
    X, y = digits
    size = len(pickle.dumps(quick().fit(X, y)))
    assert 61_706 * 4 < size < 61_706 * 4 + 30_000


def test_set_params_takes_effect(digits):
    model = quick().set_params(activation="tanh", max_epochs=1).fit(digits[0][:70], digits[1][:70])
    assert isinstance(model.module_.f6_squash, torch.nn.Tanh)
    assert model.n_iter_ == 1


def test_two_threads_predict_with_one_model(fitted, digits):
    X, expected = digits[0], fitted.predict_proba(digits[0])
    results = [None] * 4

    def work(k):
        results[k] = fitted.predict_proba(X)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        assert_allclose(result, expected, atol=1e-6)


# Bad input

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
    "colour": (np.zeros((2, 3, 8, 8)), [0, 1], ValueError, r"\(2, 3, 8, 8\), but \(n, p\)"),
    "NaN": (broken(np.nan), Y_GOOD, ValueError, "NaN in 1 of 10 rows"),
    "inf": (broken(np.inf), Y_GOOD, ValueError, "infinity .* in 1 of 10 rows"),
    "too large for float32": (broken(1e300), Y_GOOD, ValueError, "too large for float32"),
    "complex": (
        X_GOOD + 1j,
        Y_GOOD,
        ValueError,
        "Complex data not supported: X came as complex128",
    ),
    "strings": (
        X_GOOD.astype(str).astype(object) + "x",
        Y_GOOD,
        ValueError,
        "could not convert string",
    ),
    "sparse": (sparse.csr_array(X_GOOD), Y_GOOD, TypeError, "sparse csr .* X.toarray()"),
    "no rows": (X_GOOD[:0], Y_GOOD[:0], ValueError, r"0 sample\(s\)"),
    "no rows of images": (np.zeros((0, 28, 28)), [], ValueError, r"0 sample\(s\)"),
    "no columns": (X_GOOD[:, :0], Y_GOOD, ValueError, r"0 feature\(s\)"),
    "y too short": (X_GOOD, Y_GOOD[:-1], ValueError, "inconsistent numbers of samples: .10, 9"),
    "continuous y": (X_GOOD, Y_GOOD + 0.5, ValueError, "Unknown label type: continuous"),
    "NaN in y": (X_GOOD, np.where(Y_GOOD, np.nan, 0.0), ValueError, "Input y contains NaN"),
    "two columns of y": (X_GOOD, np.c_[Y_GOOD, Y_GOOD], ValueError, "y should be a 1d array"),
    "no y": (X_GOOD, None, ValueError, "requires y to be passed"),
}


@BOTH
@pytest.mark.parametrize("case", BAD_FIT)
def test_bad_data_is_refused_before_torch_sees_it(Classifier, case, monkeypatch):
    X, y, error, message = BAD_FIT[case]
    monkeypatch.setattr(_training, "train", lambda *_, **__: pytest.fail("torch was called"))
    with pytest.raises(error, match=message):
        quick(Classifier).fit(X, y)


BAD_WEIGHTS = {
    "negative": (-np.ones(10), "sample_weight holds -1, but no weight may be negative"),
    "all zero": (np.zeros(10), "sample_weight is zero for every row"),
    "too short": (np.ones(9), "inconsistent numbers of samples: .10, 9"),
    "two columns": (np.ones((10, 2)), r"sample_weight came with shape \(10, 2\)"),
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
    "input_size": (15, r"'input_size' parameter .* \[16, inf\) or None. Got 15"),
    "dropout": (1.0, r"'dropout' parameter .* \[0.0, 1.0\). Got 1.0"),
    "lr": (0, "'lr' parameter"),
    "max_epochs": (0, "'max_epochs' parameter .* {'auto'}. Got 0"),
    "batch_size": (2.5, "'batch_size' parameter .* Got 2.5"),
    "random_state": ("zero", "'random_state' parameter"),
    "device": ("tpu9", r"device='tpu9' is not to be had here: use 'auto' or one of \['cpu'"),
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
    with pytest.raises(ValueError, match=r"no parameter 'xyz': it has .*'activation', 'batch"):
        LeNet5Classifier().set_params(xyz=1)


@pytest.mark.parametrize(
    "method", ["predict", "predict_proba", "predict_log_proba", "decision_function"]
)
def test_predict_before_fit(method):
    with pytest.raises(NotFittedError, match="not fitted yet"):
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
        ValueError, match=r"1089 values a row, .*input_size=32 .* set input_size=33"
    ):
        quick().fit(np.zeros((2, 33 * 33)), [0, 1])
    assert quick(max_epochs=1, input_size=33).fit(np.zeros((2, 33 * 33)), [0, 1]).n_iter_ == 1


# Devices


def test_auto_is_resolved_in_fit_and_stays_auto(fitted):
    assert fitted.device == "auto"
    assert isinstance(fitted.device_, torch.device)
    assert not hasattr(LeNet5Classifier(), "device_")


@pytest.mark.skipif(torch.cuda.is_available(), reason="shows what happens without CUDA")
@pytest.mark.parametrize("device", ["cuda", "cuda:1", torch.device("cuda")])
def test_an_absent_device_is_refused(device):
    with pytest.raises(ValueError, match=r"is not to be had here: use 'auto' or one of \["):
        quick(device=device).fit(X_GOOD, Y_GOOD)


def as_if_fitted_on_cuda(model):
    """Return what a model fitted on a GPU pickles: its device kept, its weights on the CPU."""
    state = copy.deepcopy(model).__getstate__()
    return state | {"device_": torch.device("cuda")}


@pytest.mark.skipif(torch.cuda.is_available(), reason="shows what happens without CUDA")
def test_a_model_fitted_on_cuda_unpickles_without(fitted, digits):
    model = LeNet5Classifier.__new__(LeNet5Classifier)
    model.__setstate__(as_if_fitted_on_cuda(fitted))
    assert model.device_.type == "cpu"
    assert model.device == "auto"
    assert_array_equal(model.predict_proba(digits[0]), fitted.predict_proba(digits[0]))


@pytest.mark.skipif(torch.cuda.is_available(), reason="shows what happens without CUDA")
def test_an_asked_for_device_that_is_gone_warns_once(fitted):
    model = LeNet5Classifier.__new__(LeNet5Classifier)
    with pytest.warns(UserWarning, match="fitted on cuda, .* predicts on the CPU") as record:
        model.__setstate__(as_if_fitted_on_cuda(fitted) | {"device": "cuda"})
    assert len(record) == 1


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_fits_predicts_and_pickles(digits):
    X, y = digits
    model = quick(device="cuda", max_epochs=10).fit(X, y)
    assert model.device_.type == "cuda"
    state = model.__getstate__()
    assert {value.device.type for value in state["net_"].module_.state_dict().values()} == {"cpu"}
    again = pickle.loads(pickle.dumps(model))
    assert_allclose(again.predict_proba(X), model.predict_proba(X), atol=1e-5)
    assert model.score(X, y) == pytest.approx(quick(max_epochs=10).fit(X, y).score(X, y), abs=0.01)
