"""The compared models have the settings that were best on held-out training rows."""

import json

import numpy as np
import pytest
import tune
from _record import load
from comparison import measures
from comparison.models import MODELS, RIVALS


@pytest.mark.parametrize("name", tune.CANDIDATES)
def test_models_have_the_settings_that_were_best_on_held_out_rows(name):
    found = load(f"tune/{name}")
    assert [one["accuracy"] for one in found["tried"]] == sorted(
        (one["accuracy"] for one in found["tried"]), reverse=True
    )
    best = found["tried"][0]
    settings = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in best["settings"].items()
    }
    assert repr(RIVALS[name](0, **settings)) == repr(MODELS[name].make(0))
    assert MODELS[name].sharpness == best.get("sharpness")
    tried = [one["settings"] for one in found["tried"]]
    assert all(json.loads(json.dumps(one)) in tried for one in tune.CANDIDATES[name])
    fit_rows = 1000 if MODELS[name].most_rows else 20_000
    assert (found["fit_rows"], found["held_out_rows"]) == (fit_rows, 10_000)


def test_the_sharpness_gives_a_smaller_log_loss_than_its_neighbours():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 4, 300)
    scores = rng.normal(size=(300, 4))
    scores[np.arange(300), y] += 1
    best = tune.sharpness(scores, y)

    def loss(factor):
        return measures.log_loss(measures.likelihoods(scores, factor, 4), y)

    assert loss(best) < min(loss(0.8 * best), loss(1.2 * best))


def test_candidates_are_scored_on_the_held_out_rows_and_sorted(bundled):
    candidates = [{"C": 1e-6}, {"C": 0.1}]
    tried = tune.tuned("logistic", candidates, bundled)
    assert [one["settings"] for one in tried] == [{"C": 0.1}, {"C": 1e-6}]
    assert tried[0]["accuracy"] > 0.9 > tried[1]["accuracy"]
    model = RIVALS["logistic"](0, C=0.1).fit(bundled.X, bundled.y)
    assert tried[0]["accuracy"] == model.score(bundled.X_test, bundled.y_test)
