"""LeNet5Classifier(init=...): all layers but the output start from a pretrained model."""

import pickle

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_digits

from sklearn_lenet import (
    DigitImageReader,
    LeNet5Classifier,
    load_model,
    load_pretrained,
    save_model,
)


@pytest.fixture(scope="module")
def letters():
    """Digits in MNIST's form, with letters as labels."""
    X, y = load_digits(return_X_y=True)
    return DigitImageReader().transform(X[:300]), np.array(list("abcdefghij"))[y[:300]]


def test_all_layers_but_the_output_start_from_the_pretrained_model(letters):
    model = LeNet5Classifier(init="digits", max_epochs=1, lr=1e-12, augment=None, random_state=0)
    model.fit(*letters)
    wanted = load_pretrained("digits").module_.state_dict()
    found = model.module_.state_dict()
    for name, weights in wanted.items():
        if name.startswith("output"):
            assert found[name].shape[0] == 10
        else:
            assert torch.allclose(found[name], weights, atol=1e-8), name
    assert model.classes_.tolist() == list("abcdefghij")
    assert model.architecture_ == load_pretrained("digits").architecture_


def test_fewer_labelled_rows_are_needed(mnist):
    *_, X, y = mnist
    names = np.array(list("abcdefghij"))[y]
    accuracies = [
        LeNet5Classifier(init=init, lr=0.003, max_epochs=60, random_state=0)
        .fit(X[:50], names[:50])
        .score(X[50:3000], names[50:3000])
        for init in (None, "digits")
    ]
    assert accuracies[1] > accuracies[0] + 0.03


def test_the_shared_model_is_not_changed(letters):
    before = load_pretrained("digits").predict_proba(letters[0])
    LeNet5Classifier(init="digits", max_epochs=2, random_state=0).fit(*letters)
    model = LeNet5Classifier(init="digits", max_epochs=1, lr=1e-12, augment=None, random_state=0)
    c1 = model.fit(*letters).module_.c1.weight
    assert torch.allclose(c1, load_pretrained("digits").module_.c1.weight, atol=1e-8)
    assert np.array_equal(load_pretrained("digits").predict_proba(letters[0]), before)


def test_it_clones_pickles_and_is_saved(letters, tmp_path):
    X, y = letters
    model = clone(LeNet5Classifier(init="mnist", max_epochs=1, random_state=0)).fit(X, y)
    save_model(model, tmp_path / "letters.lenet")
    for again in (pickle.loads(pickle.dumps(model)), load_model(tmp_path / "letters.lenet")):
        assert again.init == "mnist"
        assert np.array_equal(again.predict_proba(X), model.predict_proba(X))


def test_an_unknown_name_is_an_error_of_the_parameter(letters):
    with pytest.raises(ValueError, match="The 'init' parameter of LeNet5Classifier must be"):
        LeNet5Classifier(init="letters").fit(*letters)


def test_a_pickle_from_before_has_no_init(letters):
    model = LeNet5Classifier(max_epochs=1, random_state=0).fit(*letters)
    state = model.__getstate__()
    del state["init"]
    old = LeNet5Classifier.__new__(LeNet5Classifier)
    old.__setstate__(state)
    assert old.init is None
    assert np.array_equal(old.predict(letters[0]), model.predict(letters[0]))
