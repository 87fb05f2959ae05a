"""Every compared model can be created and names the source of its settings."""

from comparison.models import MODELS


def test_every_model_names_the_source_of_its_settings():
    with_scores = {"svm", "svm-deskewed", "svm-augmented", "nystroem"}
    for name, spec in MODELS.items():
        assert spec.settings.endswith("."), name
        made = spec.make(7)
        assert hasattr(made, "fit")
        assert hasattr(made, "predict")
        assert (spec.sharpness is None) == (name not in with_scores)


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr("comparison.models.find_spec", lambda package: None)
    assert MODELS["keras-jax"].missing == ["keras", "jax"]
    assert MODELS["lenet"].missing == []
