"""Every example runs offline on the bundled digits, without a warning, in under a minute."""

import runpy
import time
from pathlib import Path

import matplotlib
import pytest
from matplotlib import pyplot as plt

from sklearn_lenet.datasets._official_files import DATA_VARIABLE

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("plot_*.py"))
# Example -> the number of figures that it draws.
FIGURES = {
    "plot_1_first_steps": 2,
    "plot_2_layer_by_layer": 4,
    "plot_3_against_svm_and_forest": 1,
    "plot_4_pipeline_and_grid_search": 1,
    "plot_5_your_own_handwriting": 3,
    "plot_6_early_stopping_and_learning_curves": 2,
    "plot_7_lenet_features_into_an_svm": 1,
    "plot_8_what_fools_it": 4,
    "plot_9_reading_amounts": 2,
    "plot_10_fine_tuning": 3,
    "plot_11_more_rows_than_memory": 1,
}


def test_every_example_is_tested():
    assert [path.stem for path in EXAMPLES] == sorted(FIGURES)


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(path, tmp_path, monkeypatch, record_property):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    # An empty cache: the examples must not find MNIST on this machine.
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    monkeypatch.setattr(plt, "show", lambda: None)
    matplotlib.use("Agg")
    plt.close("all")
    start = time.perf_counter()
    try:
        names = runpy.run_path(str(path), run_name="__main__")
        assert len(plt.get_fignums()) == FIGURES[path.stem]
    finally:
        plt.close("all")
    seconds = time.perf_counter() - start
    print(f"{path.stem}: {seconds:.1f} s")
    assert seconds < 60
    if path.stem == "plot_9_reading_amounts":  # a reader that learns nothing draws as many figures
        assert names["reader"].score(names["X_test"], names["y_test"]) > 0.6
