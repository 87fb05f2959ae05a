"""The figures in the README are those of the committed JSON, and the JSON's are consistent."""

import json

import accuracy
import numpy as np
import pytest
import speed
import tune
from _record import ROOT, between_marks, load, put_between_marks
from comparison.models import MODELS, RIVALS


@pytest.mark.parametrize(("name", "lines"), [("accuracy", accuracy.tables), ("speed", speed.table)])
def test_the_readme_says_what_was_measured(name, lines):
    readme = (ROOT / "README.md").read_text()
    assert between_marks(readme, name).splitlines() == lines(load(name))


@pytest.mark.parametrize("name", ["accuracy", "speed"])
def test_what_was_measured_is_in_the_repository(name):
    assert not load(name)["environment"]["uncommitted_changes"]


def test_accuracies_say_rightly_whether_they_hold():
    measured = load("accuracy")
    assert list(measured["mnist"]) == list(accuracy.MNIST)
    for row in [*measured["mnist"].values(), *measured["digits"].values()]:
        assert len(row["accuracies"]) == len(measured["seeds"]) == 5
        if row["reach"] is not None:
            assert row["holds"] == (np.mean(row["accuracies"]) >= row["reach"])
    for name, (cls, parameters, n_rows, reach) in accuracy.MNIST.items():
        row = measured["mnist"][name]
        assert (row["call"], row["rows"]) == (accuracy.call(cls, parameters), n_rows)
        assert row["reach"] == reach


def test_ratios_are_those_of_the_medians():
    for row in load("speed")["rows"]:
        ours, *others = (np.median(values) for values in row["rounds"].values())
        assert row["ratio"] == pytest.approx(ours / (min(others) * row["times"]))
        assert row["holds"] == (row["ratio"] <= row["reach"])


def test_a_hand_written_loop_learns_what_ours_learns(digits):
    """Whoever is compared must compute the same: one step from the same weights."""
    import torch
    from _rivals import HandWritten, standardised

    rng = np.random.default_rng(0)
    X, y = rng.integers(0, 256, (32, 784), dtype=np.uint8), rng.integers(0, 10, 32)
    nets = [HandWritten(X, y, net={}, batch_size=32, lr=0.01, how=how) for how in speed.LOOPS]
    for net in nets:
        net.epoch()
    for net in nets[1:]:
        for a, b in zip(nets[0].module.parameters(), net.module.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-3)
    assert standardised(torch.tensor([33, 255], dtype=torch.uint8)).tolist() == pytest.approx(
        [-0.0038, 2.8206], abs=1e-3
    )


def test_marks():
    text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    new = put_between_marks(text, "x", ["1", "2"])
    assert new == "a\n<!-- x -->\n1\n2\n<!-- end of x -->\nb"
    assert between_marks(new, "x") == "1\n2"


@pytest.mark.parametrize("name", tune.CANDIDATES)
def test_rivals_run_with_what_was_best_on_held_out_rows(name):
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
    assert (found["fit_rows"], found["held_out_rows"]) == (20_000, 10_000)
