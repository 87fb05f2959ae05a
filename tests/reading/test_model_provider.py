"""model=None uses the model of the provider."""

import pytest

from sklearn_lenet.reading import _model_provider


def test_the_last_provider_is_asked(monkeypatch):
    monkeypatch.setattr(_model_provider, "_providers", [])
    with pytest.raises(ValueError, match="model=None has no model here: pass a fitted classifier"):
        _model_provider.default_model()
    _model_provider.provide_default_model(lambda: "first")
    _model_provider.provide_default_model(lambda: "second")
    assert _model_provider.default_model() == "second"


def test_the_package_provides_one_that_is_loaded_once():
    from sklearn_lenet import load_pretrained, read_digits  # noqa: F401 - importing read_digits provides it

    model = _model_provider.default_model()
    assert _model_provider.default_model() is model
    assert type(model) is type(load_pretrained())
    assert load_pretrained() is not model
