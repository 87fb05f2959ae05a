"""DigitStringReader as an estimator: fit, predict, score, clone, pickle, search, errors."""

import pickle

import numpy as np
import pytest
from helpers import ONE, ZERO, clean_lines
from PIL import Image
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV

from sklearn_lenet import DigitStringReader

DIGITS = np.stack([ONE, ZERO]), ["1", "0"]


def test_it_learns_to_read_lines(reader):
    pictures, texts = clean_lines(60, seed=1)
    assert reader.score(pictures, texts) > 0.9
    read = reader.predict(pictures)
    assert read.shape == (60,)
    assert read.dtype.kind == "U"
    assert reader.score(pictures, read) == 1


def test_score_takes_weights(reader, bits):
    pictures, texts = bits[0][:4], reader.predict(bits[0][:4])
    wrong = np.array([texts[0] + "1", *texts[1:]])
    assert reader.score(pictures, wrong) == 0.75
    assert reader.score(pictures, wrong, sample_weight=[3, 1, 1, 1]) == 0.5


def test_paths_images_and_arrays_are_read_alike(reader, bits, tmp_path):
    arrays = bits[0][:3]
    paths = [tmp_path / f"{k}.png" for k in range(3)]
    for path, array in zip(paths, arrays, strict=True):
        Image.fromarray(array).save(path)
    expected = reader.predict(arrays).tolist()
    assert reader.predict(paths).tolist() == expected
    assert reader.predict([str(path) for path in paths]).tolist() == expected
    assert reader.predict([Image.open(path) for path in paths]).tolist() == expected
    assert reader.predict(np.array(paths, dtype=object)).tolist() == expected


def test_a_seed_gives_the_same_weights(bits):
    few = bits[0][:60], bits[1][:60]
    one, same, other = (
        DigitStringReader(alphabet="01", max_epochs=2, random_state=seed).fit(*few)
        for seed in (0, 0, 1)
    )
    weights = [model.module_.state_dict() for model in (one, same, other)]
    assert all((weights[0][name] == weights[1][name]).all() for name in weights[0])
    assert any((weights[0][name] != weights[2][name]).any() for name in weights[0])


def test_without_pictures_it_trains_on_synthetic_lines():
    settings = {"alphabet": "01", "n_lines": 40, "max_epochs": 1, "random_state": 0}
    alone = DigitStringReader(**settings).fit(digits=DIGITS)
    assert alone.n_iter_ == 1
    assert alone.alphabet_ == "01"
    processes = DigitStringReader(**settings, n_jobs=2).fit(digits=DIGITS)
    weights = (model.module_.state_dict().values() for model in (alone, processes))
    assert all((one == other).all() for one, other in zip(*weights, strict=True))


def test_lines_of_your_own_are_joined_by_synthetic_ones(bits):
    seen = []

    class Count:
        def on_epoch_end(self, net, dataset_train=None, **_):
            seen.append(len(dataset_train))

    from skorch.callbacks import Callback

    counting = type("Counting", (Count, Callback), {})()
    model = DigitStringReader(alphabet="01", n_lines=40, max_epochs=1, callbacks=[counting])
    model.fit(bits[0][:10], bits[1][:10], digits=DIGITS)
    assert seen == [50]


def test_pickles_and_clones(reader, bits):
    again = pickle.loads(pickle.dumps(reader))
    assert again.predict(bits[0][:20]).tolist() == reader.predict(bits[0][:20]).tolist()
    assert len(pickle.dumps(reader)) < 800_000
    copy = clone(reader)
    assert copy.get_params() == reader.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(bits[0][:1])


def test_integers_give_integers_back(bits):
    numbers = np.array([int(text) for text in bits[1][:60]])
    model = DigitStringReader(alphabet="01", max_epochs=1, random_state=0).fit(
        bits[0][:60], numbers
    )
    assert model.predict(bits[0][:3]).dtype.kind == "i"
    assert 0 <= model.score(bits[0][:60], numbers) <= 1


def test_a_grid_search_over_lines(bits):
    few = bits[0][:40], bits[1][:40]
    model = DigitStringReader(alphabet="01", max_epochs=1, random_state=0)
    search = GridSearchCV(model, {"batch_size": [8, 20]}, cv=2).fit(*few)
    assert search.best_params_["batch_size"] in (8, 20)
    assert search.predict(few[0][:2]).shape == (2,)


def test_warm_start_goes_on_from_the_weights(bits):
    few = bits[0][:60], bits[1][:60]
    model = DigitStringReader(
        alphabet="01", max_epochs=2, warm_start=True, lr_schedule="constant", random_state=0
    ).fit(*few)
    before = model.loss_
    model.fit(*few)
    assert model.loss_ < before
    assert len(model.loss_curve_) == 4
    assert model.n_iter_ == 2


def test_early_stopping_counts_lines_that_are_all_right(bits):
    model = DigitStringReader(
        alphabet="01", max_epochs=3, early_stopping=True, batch_size=32, random_state=0
    ).fit(*bits)
    assert len(model.validation_scores_) == 3
    assert model.best_validation_score_ == max(model.validation_scores_)
    whole = {score * 40 for score in model.validation_scores_}
    assert all(number == pytest.approx(round(number)) for number in whole)


@pytest.mark.parametrize(
    ("settings", "arguments", "message"),
    [
        ({}, ([np.zeros((9, 9))], None), "y is missing: lines need pictures X and their texts y"),
        ({}, (None, ["1"]), "X is missing: lines need pictures X and their texts y"),
        ({}, ([], []), "X contains no picture: pass at least one"),
        ({}, ([np.zeros((9, 9))], ["1", "0"]), "X has 1 pictures and y has 2 texts"),
        ({}, ([np.zeros((9, 9))], ["1a"]), "y contains '1a', whose 'a' is not in the alphabet"),
        ({"alphabet": "010"}, ([np.zeros((9, 9))], ["1"]), "alphabet='010' has '0' twice"),
        ({"alphabet": ""}, ([np.zeros((9, 9))], ["1"]), "alphabet='' is empty"),
        ({"early_stopping": True}, ([np.zeros((9, 9))], ["1"]), "early_stopping=True needs valid"),
        ({"min_confidence": 2}, ([np.zeros((9, 9))], ["1"]), "'min_confidence' parameter"),
        ({"lr": -1}, ([np.zeros((9, 9))], ["1"]), "'lr' parameter"),
    ],
)
def test_errors(settings, arguments, message):
    with pytest.raises(ValueError, match=message):
        DigitStringReader(**settings).fit(*arguments)


def test_another_alphabet_needs_a_new_net(bits):
    few = bits[0][:10], bits[1][:10]
    model = DigitStringReader(alphabet="01", max_epochs=1, warm_start=True).fit(*few)
    with pytest.raises(ValueError, match="alphabet='012' needs a new net, but warm_start=True"):
        model.set_params(alphabet="012").fit(*few)


def test_an_unknown_parameter_is_named():
    with pytest.raises(ValueError, match="has no parameter 'alphabte': did you mean 'alphabet'"):
        DigitStringReader().set_params(alphabte="01")
