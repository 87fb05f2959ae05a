"""How both classifiers behave: seeds, rows, row weights and copies."""

import copy
import pickle
import threading

import joblib
import numpy as np
import pytest
import torch
from helpers import BOTH, quick
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone
from sklearn.utils import estimator_html_repr

from sklearn_lenet import DenseDigitClassifier

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


@BOTH
@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "scaled_tanh"])
def test_predictions_do_not_depend_on_other_rows(digits, Classifier, activation):
    X, y = digits[0][:32], digits[1][:32]
    model = quick(Classifier, activation=activation, max_epochs=3).fit(X, y)
    scores = model.decision_function(X)
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(32)[: seed + 13]
        assert_array_equal(model.decision_function(X[order]), scores[order])
    assert_array_equal(model.decision_function(X[:1]), scores[:1])


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


def test_equal_weights_change_nothing(digits):
    X, y = digits[0][:40], digits[1][:40]
    equal, none = quick().fit(X, y, np.full(40, 0.5)), quick().fit(X, y)
    assert_allclose(equal.decision_function(X), none.decision_function(X), rtol=1e-5, atol=1e-6)


def test_weights_count_in_several_batches(digits):
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
    model = quick().fit(X, y)
    arrays = 61_706 * 4 + model.prototypes_.nbytes
    assert arrays < len(pickle.dumps(model)) < arrays + 30_000


def test_set_params_takes_effect(digits):
    model = quick().set_params(activation="tanh", max_epochs=1).fit(digits[0][:70], digits[1][:70])
    assert isinstance(model.module_.f6_activation, torch.nn.Tanh)
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
