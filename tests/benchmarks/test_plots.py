"""The plots of the comparison show every model, and are redrawn only when their figures change."""

import numpy as np
import pandas as pd
import pytest
from comparison.disturbances import DISTURBANCES
from comparison.models import MODELS

plots = pytest.importorskip("comparison.plots", reason="plots need the extra plots")


def test_styles_can_be_told_apart_without_colour():
    assert list(plots.STYLES) == list(MODELS)
    looks = [(plots.style(name)["marker"], MODELS[name].family) for name in MODELS]
    assert len(set(plots.STYLES.values())) == len(MODELS)
    assert len(set(looks)) == len(MODELS)


def test_plots_show_every_model(tmp_path, full_results):
    full = full_results(lenet=[0.99, 0.992], svm=[0.985], forest=[0.97])
    frame = pd.DataFrame({"mean": [0.8, 0.9], "std": [0.01, np.nan]}, index=[100, 1000])
    disturbed = {
        name: pd.DataFrame([[0.9] * 5], ["svm"], s) for name, (_, s, _) in DISTURBANCES.items()
    }
    drawn = {
        "a": lambda: plots.curves({"lenet": frame, "svm": frame}),
        "b": lambda: plots.disturbances(disturbed),
        "c": lambda: plots.pareto(full),
    }
    for name, draw in drawn.items():
        path = tmp_path / f"{name}.png"
        plots.save(draw, path, "12ab")
        assert plots.digest_of(path) == "12ab"
        before = path.stat().st_mtime_ns
        plots.save(draw, path, "12ab")  # the same figures: nothing is written
        assert path.stat().st_mtime_ns == before
    legend = plots.pareto(full).legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["lenet", "svm", "forest"]


def test_the_pareto_front_leaves_out_models_that_are_beaten():
    points = {"quick": (1, 5), "good": (9, 1), "worse": (9, 2), "slow": (20, 1)}
    beaten = {name for name, point in points.items() if plots._is_beaten(point, points)}
    assert beaten == {"worse", "slow"}
