"""`sklearn-lenet demo`: on the bundled digits, and on MNIST where it is."""

from sklearn_lenet import cli
from sklearn_lenet.cli import _demo
from sklearn_lenet.datasets import DATA_VARIABLE


def test_demo_without_mnist_uses_the_bundled_digits(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    models = _demo.demo_models(0)
    models["LeNet5Classifier"].set_params(max_epochs=15)
    models["random forest"].set_params(n_estimators=100)
    monkeypatch.setattr(_demo, "demo_models", lambda seed: models)
    assert cli.main(["demo"]) == 0
    title, _, _, *lines = capsys.readouterr().out.splitlines()
    assert title == "scikit-learn's 8x8 digits: 1,347 training rows, 450 test rows"
    accuracies = {line[:24].strip(): float(line[24:34].rstrip("% ")) for line in lines}
    assert list(accuracies) == list(models)
    assert min(accuracies.values()) > 95


def test_the_models_of_the_demo_are_seeded():
    for model in _demo.demo_models(3).values():
        if "random_state" in model.get_params(deep=False):
            assert model.random_state == 3


def test_demo_uses_mnist_where_it_is(mnist):
    title, X, X_test, y, y_test = _demo.demo_data(0)
    assert title == "MNIST"
    assert (len(X), len(y), len(X_test), len(y_test)) == (10_000, 10_000, 10_000, 10_000)
