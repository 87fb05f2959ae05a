"""load_pretrained and list_pretrained: independent, quick to load, with figures and cards."""

import statistics
import time

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DigitImageReader,
    LeNet5Classifier,
    ModelFileError,
    add_non_digits,
    list_pretrained,
    load_pretrained,
    make_digit_lines,
    read_digits,
)
from sklearn_lenet.datasets._drawn_digits import drawn_digits
from sklearn_lenet.datasets._stroke_styles import GENERAL
from sklearn_lenet.pretrained import NAMES, _model_files, card_of, path_of


def drawn_rows():
    """Return digits that are drawn from strokes, in MNIST's form, and their labels."""
    X, y = drawn_digits(np.array(list("0123456789") * 20), np.random.RandomState(0))
    return X, y.astype(int)


@pytest.fixture(scope="module")
def drawn():
    """Digits in all styles of the package."""
    return drawn_rows()


@pytest.mark.parametrize("name", ["digits", "mnist"])
def test_a_classifier_reads_digits_without_data(name, monkeypatch):
    # Without the curls of the styles after fonts, which are unknown to the model "mnist".
    monkeypatch.setattr("sklearn_lenet.datasets._drawn_digits.STYLES", GENERAL)
    model = load_pretrained(name)
    assert isinstance(model, LeNet5Classifier)
    assert model.score(*drawn_rows()) > 0.9


def test_only_the_model_for_pictures_knows_what_is_no_digit(drawn):
    X, y = add_non_digits(*drawn, random_state=0)
    strange = X[y == -1]
    assert np.mean(load_pretrained("digits").predict(strange) == -1) > 0.8
    assert -1 not in load_pretrained("mnist").classes_


def test_the_reader_reads_lines(drawn):
    X, y = drawn
    pictures, texts = make_digit_lines(100, (X, y.astype(str)), n_digits=(2, 4), random_state=7)
    assert load_pretrained("strings").score(pictures, texts) > 0.6


def test_two_models_are_independent(drawn):
    X, y = drawn
    one, other = load_pretrained(), load_pretrained()
    before = other.predict_proba(X)
    one.set_params(warm_start=True, max_epochs=1, random_state=0).fit(X, y)
    assert not np.array_equal(one.predict_proba(X), before)
    assert np.array_equal(load_pretrained().predict_proba(X), before)


@pytest.mark.parametrize("name", NAMES)
def test_loading_is_quick(name):
    load_pretrained(name)
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        load_pretrained(name)
        seconds.append(time.perf_counter() - start)
    assert statistics.median(seconds) < 0.05


def test_an_unknown_name_names_the_known_ones():
    with pytest.raises(ValueError, match=r"'typo' is not .*: use 'digits', 'mnist' or 'strings'"):
        load_pretrained("typo")


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    content = bytearray(path_of("digits").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "digits.lenet").write_bytes(content)
    monkeypatch.setattr(_model_files, "FOLDER", tmp_path)
    with pytest.raises(ModelFileError, match=r"was changed after it was saved|is truncated or"):
        load_pretrained("digits")


def test_the_table_has_the_figures_of_the_cards():
    table = list_pretrained()
    assert table.index.tolist() == list(NAMES)
    for name in NAMES:
        first = card_of(name)["figures"][0]
        assert table.loc[name, "accuracy, %"] == round(100 * first["accuracy"], 2)
        assert table.loc[name, "kB"] < 1000


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_how_the_model_was_made(name):
    card, model = card_of(name), load_pretrained(name)
    assert card["estimator"] == type(model).__name__
    assert card["parameters"] == sum(w.numel() for w in model.module_.parameters())
    assert card["seed"] == model.random_state == 0
    assert card["limits"]
    assert "BSD" in card["licence"]
    assert "CC BY-SA" in card["licence"]
    assert len(card["data"]) == 2
    assert not card["environment"]["uncommitted_changes"]
    for figure in card["figures"]:
        assert 0.5 < figure["accuracy"] <= 1
        assert figure["n"] >= 72


def test_no_model_means_the_pretrained_one(drawn):
    image = 255 - drawn[0][0].reshape(28, 28)
    page = np.pad(np.kron(image, np.ones((3, 3), np.uint8)), 30, constant_values=255)
    (digit,) = read_digits(page)
    (same,) = read_digits(page, load_pretrained())
    assert digit.label == same.label == drawn[1][0]
    assert np.array_equal(digit.probabilities, same.probabilities)


def test_a_pipeline_reads_pictures(drawn):
    image = 255 - drawn[0][3].reshape(28, 28)
    pipeline = make_pipeline(DigitImageReader(), load_pretrained())
    assert pipeline.predict([image]).tolist() == [drawn[1][3]]


def test_the_card_has_the_accuracy_on_mnist(mnist):
    *_, X, y = mnist
    for name in ("digits", "mnist"):
        card = {figure["data"]: figure["accuracy"] for figure in card_of(name)["figures"]}
        (accuracy,) = (value for data, value in card.items() if data.startswith("MNIST"))
        assert load_pretrained(name).score(X, y) == pytest.approx(accuracy, abs=2e-4)
