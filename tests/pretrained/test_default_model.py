"""The default model: the cache first, MNIST before the bundled digits, and what is said."""

import numpy as np
import pytest

from sklearn_lenet import LeNet5Classifier, save_model
from sklearn_lenet.pretrained import _default_model, default_model


@pytest.fixture
def place(tmp_path, monkeypatch, digits):
    """Set an empty cache, a quick training, and whether MNIST's files are here."""
    X, y = digits[0][:100], digits[1][:100]
    rows = np.pad(X.reshape(-1, 8, 8).astype(np.uint8) * 15, ((0, 0), (10, 10), (10, 10)))
    rows = rows.reshape(100, -1)
    here, read = {"mnist": True}, []
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    monkeypatch.setattr(_default_model, "has_local_files", lambda split: here["mnist"])

    def local_training_rows():
        name = "mnist" if here["mnist"] else "digits"
        read.append(name)
        return name, rows, y

    monkeypatch.setattr(_default_model, "local_training_rows", local_training_rows)
    # The nines stand for non-digits, so that the class -1 of the recipe is there.
    monkeypatch.setattr(
        _default_model, "training_rows", lambda name, X, y, seed: (X, y - (y == 9) * 10)
    )
    monkeypatch.setattr(_default_model, "EPOCHS", {"mnist": 1, "digits": 1})
    return here, read, rows, y, tmp_path


def test_a_model_is_trained_once_and_mnist_is_not_read_again(place, recwarn):
    here, read, rows, _, _ = place
    with pytest.warns(UserWarning, match="No model given: training a small model on MNIST and"):
        first = default_model()
    again = default_model()
    assert read == ["mnist"]
    assert np.array_equal(first.predict_proba(rows), again.predict_proba(rows))
    here["mnist"] = False  # a cached model of MNIST is better than one of the digits
    assert np.array_equal(first.predict_proba(rows), default_model().predict_proba(rows))


def test_a_cache_that_cannot_be_written_is_noticed_and_the_model_is_used(place, monkeypatch):
    _, _, rows, _, _ = place

    def refuse(path):
        raise PermissionError(f"{path.parent} cannot be written.")

    monkeypatch.setattr(_default_model, "check_writable", refuse)
    monkeypatch.setattr(_default_model, "save_model", lambda *_: pytest.fail("it is not saved"))
    with pytest.warns(UserWarning, match=r"on MNIST, which cannot be cached: .* cannot be written"):
        model = default_model()
    assert model.predict(rows).shape == (100,)


def test_a_model_of_the_digits_is_used_until_mnist_is_here(place):
    here, read, *_ = place
    here["mnist"] = False
    messages = []
    default_model(messages.append)
    default_model(messages.append)
    assert read == ["digits"]
    assert messages[0].startswith("No --model given: training a small model on scikit-learn's")
    here["mnist"] = True
    default_model(messages.append)
    assert read == ["digits", "mnist"]
    assert len(messages) == 2


def test_a_damaged_cache_is_replaced(place):
    _, read, rows, y, cache = place
    messages = []
    default_model(messages.append)
    (path,) = cache.glob("default-*.lenet")
    path.write_bytes(b"damaged")
    default_model(messages.append)
    assert messages[1].startswith(f"The cached model {path} cannot be used (")
    assert read == ["mnist", "mnist"]
    save_model(LeNet5Classifier(max_epochs=1).fit(rows, y), path)
    default_model(messages.append)
    assert len(messages) == 2
