"""The grid searches report their fits, their best parameters and their accuracies."""

import grid_search
import pytest
from comparison import rows
from comparison.models import RIVALS
from sklearn.model_selection import GridSearchCV


def test_a_search_reports_its_fits_and_its_best_parameters(bundled):
    data = rows.first(bundled, 200, 0)
    search = GridSearchCV(RIVALS["logistic"](0), {"logisticregression__C": [1e-6, 0.1]}, cv=2)
    found = grid_search.run_search("logistic", "GridSearchCV", search, data)
    assert found["fits"] == 4
    assert found["best"] == {"C": 0.1}
    assert found["cv_accuracy"] == max(search.cv_results_["mean_test_score"])
    assert found["test_accuracy"] == pytest.approx(search.score(data.X_test, data.y_test))
    assert found["seconds"] > 0


def test_the_table_by_hand():
    found = {"model": "SVM", "search": "GridSearchCV", "fits": 48, "best": {"C": 3, "gamma": 0.03}}
    found |= {"cv_accuracy": 0.95783, "test_accuracy": 0.9664, "seconds": 160.7}
    table = grid_search.table({"searches": [found]})
    assert table.loc["SVM"].tolist() == [
        "GridSearchCV", "48", "C=3, gamma=0.03", "95.78", "96.64", "161",
    ]  # fmt: skip


def test_the_searches_have_the_resources_that_their_names_tell():
    searches = grid_search.searches()
    assert searches["LeNet-5", "HalvingGridSearchCV over epochs"].resource.endswith("max_epochs")
    assert searches["SVM", "HalvingGridSearchCV over rows"].resource == "n_samples"
    for (model, _), search in searches.items():
        step = "lenet5classifier" if model == "LeNet-5" else "svc"
        assert step in search.estimator.named_steps
