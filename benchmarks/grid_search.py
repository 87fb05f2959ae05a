"""Claim: LeNet-5 works in scikit-learn's grid searches, and the searches are fast.

``python benchmarks/grid_search.py`` runs ``GridSearchCV`` and ``HalvingGridSearchCV`` on 6,000
training rows of MNIST. They search the parameters of LeNet-5 after a ``PadNormalizer``, with
``max_epochs`` as the resource, and those of an SVM. The SVM has no epochs; its resource is the
number of rows. The best model of each search is scored on the test set. The results are written
to ``results/grid_search.json``.
"""

import time

import numpy as np
import pandas as pd
from _record import environment, save
from comparison import rows
from comparison.models import svm
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - enables HalvingGridSearchCV
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LeNet5Classifier, PadNormalizer

N_ROWS = 6000
EPOCHS = 27
LENET_GRID = {
    "lenet5classifier__lr": [0.002, 0.004, 0.008],
    "lenet5classifier__pooling": ["max", "avg"],
    "lenet5classifier__label_smoothing": [0.0, 0.05],
}
SVM_GRID = {"svc__C": [1, 3, 10, 30], "svc__gamma": [0.01, 0.02, 0.03, 0.05]}


def lenet():
    """Return the pipeline whose parameters are searched."""
    return make_pipeline(
        PadNormalizer(), LeNet5Classifier(max_epochs=EPOCHS, augment=None, random_state=0)
    )


def searches():
    """Return the searches, with the names of the model and of the method as keys."""
    same = {"cv": 3, "n_jobs": 2}
    halving = {"factor": 3, "random_state": 0} | same
    epochs = {"resource": "lenet5classifier__max_epochs", "min_resources": 3}
    epochs["max_resources"] = EPOCHS
    return {
        ("LeNet-5", "GridSearchCV"): GridSearchCV(lenet(), LENET_GRID, **same),
        ("LeNet-5", "HalvingGridSearchCV over epochs"): HalvingGridSearchCV(
            lenet(), LENET_GRID, **epochs, **halving
        ),
        ("SVM", "GridSearchCV"): GridSearchCV(svm(0), SVM_GRID, **same),
        ("SVM", "HalvingGridSearchCV over rows"): HalvingGridSearchCV(
            svm(0), SVM_GRID, min_resources=600, **halving
        ),
    }


def plain(parameters):
    """Return the parameters without the names of the pipeline steps.

    >>> plain({"svc__C": 10})
    {'C': 10}
    """
    return {name.split("__")[1]: value for name, value in parameters.items()}


def run_search(name, method, search, data):
    """Return the result of a search, and how long it took."""
    start = time.perf_counter()
    search.fit(data.X, data.y)
    found = {
        "model": name,
        "search": method,
        "fits": len(search.cv_results_["params"]) * search.n_splits_,
        "best": plain(search.best_params_),
        "cv_accuracy": float(search.best_score_),
        "seconds": time.perf_counter() - start,
        "test_accuracy": float(np.mean(search.predict(data.X_test) == data.y_test)),
    }
    print(found, flush=True)
    return found


def table(result):
    """Return the results as a table."""
    frame = pd.DataFrame(result["searches"])
    shown = {
        "model": frame["model"],
        "search": frame["search"],
        "fits": frame["fits"].map(str),
        "best": [", ".join(f"{k}={v!r}" for k, v in best.items()) for best in frame["best"]],
        "cross-validated, %": (100 * frame["cv_accuracy"]).map("{:.2f}".format),
        "test, %": (100 * frame["test_accuracy"]).map("{:.2f}".format),
        "wall time, s": frame["seconds"].map("{:.0f}".format),
    }
    return pd.DataFrame(shown).set_index("model")


def main():
    """Run all searches, one after another."""
    data = rows.first(rows.mnist(), N_ROWS, seed=0)
    found = [run_search(*name, search, data) for name, search in searches().items()]
    save("grid_search", {"environment": environment(), "rows": N_ROWS, "searches": found})


if __name__ == "__main__":
    main()
