"""Threads, denormals and devices."""

import copy
import pickle

import pytest
import torch
from helpers import quick
from numpy.testing import assert_allclose, assert_array_equal

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.utils._devices import flushed_denormals


@pytest.mark.parametrize("before", [True, False])
def test_denormals_are_flushed_inside_only(before):
    tiny = torch.tensor(1e-40)
    torch.set_flush_denormal(before)
    try:
        with flushed_denormals():
            assert float(tiny * 1) == 0.0
        assert (float(tiny * 1) == 0.0) == before
    finally:
        torch.set_flush_denormal(False)


def test_auto_is_resolved_in_fit_and_stays_auto(fitted):
    assert fitted.device == "auto"
    assert isinstance(fitted.device_, torch.device)
    assert not hasattr(LeNet5Classifier(), "device_")


@pytest.mark.skipif(torch.cuda.is_available(), reason="shows what happens without CUDA")
@pytest.mark.parametrize("device", ["cuda", "cuda:1", torch.device("cuda")])
def test_an_unavailable_device_is_an_error(device):
    with pytest.raises(ValueError, match=r"is not available: use 'auto' or one of \["):
        quick(device=device).fit([[0.0], [1.0]], [0, 1])


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
def test_a_missing_device_warns_once(fitted):
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


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_warm_start_and_augmentation(digits):
    X, y = digits
    settings = {"device": "cuda", "lr_schedule": "constant", "augment": "elastic"}
    four = quick(max_epochs=4, warm_start=True, **settings).fit(X, y)
    two = quick(max_epochs=2, warm_start=True, **settings).fit(X, y).fit(X, y)
    assert_allclose(two.predict_proba(X), four.predict_proba(X), atol=1e-3)
    assert pickle.loads(pickle.dumps(two)).fit(X, y).n_iter_ == 6
