"""Claim: scikit-learn's models are compared with settings that were tuned for MNIST.

``python benchmarks/tune.py`` fits every candidate of every model on 20,000 training rows, or on
1,000 rows and their distorted copies, and scores it on 10,000 held-out training rows. It writes
``results/tune/MODEL.json`` with the best candidate first. The test set of MNIST is not read.
``comparison/models.py`` uses the best candidates; a test checks that they agree.
"""

import argparse
import time

import numpy as np
from _record import environment, save
from comparison import models, rows
from comparison.measures import likelihoods, log_loss
from comparison.run import scores_of
from scipy.optimize import minimize_scalar

FEW_ROWS = 1000
"""The number of training rows for the models that are given distorted copies of them."""

CANDIDATES = {
    "svm": [{"C": 10, "gamma": g} for g in (0.02, 0.03, 0.04)]
    + [{"C": c, "gamma": 0.03} for c in (3, 30)],
    "svm-deskewed": [{"C": 10, "gamma": g} for g in (0.03, 0.04, 0.05)]
    + [{"C": c, "gamma": 0.04} for c in (3, 30)],
    "svm-augmented": [{"C": 10, "gamma": g} for g in (0.02, 0.03, 0.04, 0.05)]
    + [{"C": c, "gamma": 0.04} for c in (3, 30)]
    + [{"C": 10, "gamma": 0.04, "augment": "affine"}],
    "forest": [{"max_features": f} for f in ("sqrt", 0.06, 0.1)],
    "forest-augmented": [{"max_features": f} for f in ("sqrt", 0.06, 0.1)]
    + [{"max_features": 0.1, "augment": "affine"}],
    # Without regularization, the values of leaves grow without bound once all training rows are
    # classified correctly.
    "boosting": [
        {
            "learning_rate": rate,
            "max_iter": n,
            "max_leaf_nodes": leaves,
            "max_features": 0.1,
            "l2_regularization": 1.0,
        }
        for rate, n, leaves in ((0.2, 200, 15), (0.2, 100, 31))
    ],
    "neighbours": [
        {"n_neighbors": k, "weights": w} for k in (1, 3, 4, 5) for w in ("uniform", "distance")
    ],
    "logistic": [{"C": c} for c in (0.003, 0.01, 0.03, 0.1, 1)],
    "mlp": [
        {"hidden_layer_sizes": sizes, "alpha": alpha}
        for sizes in ((512,), (1024,), (512, 256))
        for alpha in (1e-4, 0.1)
    ],
    "nystroem": [{"nystroem__gamma": 0.02, "linearsvc__C": c} for c in (1, 10, 30)]
    + [{"nystroem__gamma": g, "linearsvc__C": 10} for g in (0.015, 0.03)],
}


def sharpness(scores, y):
    """Return the factor for the scores of an SVM that gives the smallest log loss."""
    best = minimize_scalar(
        lambda log_factor: log_loss(likelihoods(scores, np.exp(log_factor), len(np.unique(y))), y),
        bounds=(-3, 4),
        method="bounded",
    )
    return round(float(np.exp(best.x)), 2)


def tuned(name, candidates, data):
    """Return every candidate with its accuracy on the held-out rows, the best first."""
    tried = []
    for settings in candidates:
        model = models.RIVALS[name](0, **settings)
        start = time.perf_counter()
        model.fit(data.X, data.y)
        seconds = time.perf_counter() - start
        accuracy = float(np.mean(model.predict(data.X_test) == data.y_test))
        tried.append({"settings": settings, "accuracy": accuracy, "fit_seconds": seconds})
        if not hasattr(model, "predict_proba"):
            tried[-1]["sharpness"] = sharpness(scores_of(model, data.X_test), data.y_test)
        print(f"{name} {settings}: {accuracy:.4f}, {seconds:.0f} s", flush=True)
    return sorted(tried, key=lambda result: -result["accuracy"])


def main():
    """Tune the models that are given, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=CANDIDATES, default=list(CANDIDATES))
    every_row = rows.held_out()
    for name in parser.parse_args().only:
        few = models.MODELS[name].most_rows is not None
        data = rows.first(every_row, FEW_ROWS if few else None, seed=0)
        tried = tuned(name, CANDIDATES[name], data)
        result = {"fit_rows": len(data.X), "held_out_rows": len(data.X_test), "tried": tried}
        save(f"tune/{name}", {"environment": environment(), **result})


if __name__ == "__main__":
    main()
