"""model=None uses the model of the provider."""

import pytest

from sklearn_lenet.reading import _default_model


def test_the_last_provider_is_asked(monkeypatch):
    monkeypatch.setattr(_default_model, "_providers", [])
    with pytest.raises(ValueError, match="model=None has no model here: pass a fitted classifier"):
        _default_model.default_model()
    _default_model.provide_default_model(lambda: "first")
    _default_model.provide_default_model(lambda: "second")
    assert _default_model.default_model() == "second"


def test_the_package_provides_one():
    from sklearn_lenet import pretrained, read_digits  # noqa: F401 - importing read_digits provides it

    assert _default_model._providers == [pretrained.default_model]
