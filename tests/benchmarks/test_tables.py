"""The tables of the comparison show the means, medians and targets of the results."""

import pytest
from comparison import tables
from comparison.results import Results
from comparison.run import Run


def test_the_claims_by_hand(full_results):
    full = full_results(
        lenet=[0.99, 0.992], svm=[0.985], mlp=[0.9999], forest=[0.97],
        lenet_tutorial=[0.98, 0.982], skorch=[0.98, 0.982], torch_loop=[0.9, 0.9001],
    )  # fmt: skip
    full["svm"][0] |= {"fit_seconds": 10.1, "predict_seconds": 49.0}
    table = tables.claims(full)
    assert table["measured"].tolist()[:4] == ["+0.60", "+0.60", "1/20.2", "1/98"]
    assert table["reached"].tolist()[:4] == ["yes", "yes", "yes", "**missed**"]
    reached = table["reached"].to_dict()
    assert reached["accuracy: lenet-tutorial minus skorch, points"] == "yes"
    assert reached["accuracy: lenet-tutorial minus torch-loop, points"] == "**missed**"


def test_an_overview_has_means_and_medians(full_results):
    full = full_results(lenet=[0.99, 0.992, 0.994])
    for one, seconds in zip(full["lenet"], [30.2, 20.1, 90.0], strict=True):
        one["fit_seconds"] = seconds
    line = tables.overview(full, ["lenet", "svm"]).loc["lenet"]
    assert line["accuracy, %"] == "99.20 ± 0.20"
    assert line["fit, s"] == "30"
    assert tables.overview(full, ["svm"]).loc["svm"].iloc[0] == "not run"


def test_the_errors_of_1998_are_beside_the_measured_ones(full_results):
    full = full_results(lenet=[0.99], svm=[0.985], logistic=[0.92])
    table = tables.beside_lecun_1998(full)
    assert table.loc["SVM"].tolist() == ["1.10", "svm", "1.50"]
    assert table.loc["linear classifier", "error here, %"] == "8.00"


def test_a_curve_has_a_point_for_each_number_of_rows(tmp_path):
    results = Results(tmp_path)
    for n_rows, seed, accuracy in [(100, 0, 0.5), (100, 1, 0.7), (300, 0, 0.8)]:
        one = Run("logistic", n_rows, seed, thorough=False)
        results.add(one, {"rows": n_rows, "accuracy": accuracy})
    frame = tables.curve(results)["logistic"]
    assert frame["mean"].to_dict() == pytest.approx({100: 0.6, 300: 0.8})
    assert tables.curve_table(results).loc["logistic"].tolist() == ["60.0", "80.0"]
