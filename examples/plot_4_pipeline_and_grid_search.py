"""
In a pipeline and a grid search
===============================

All parameters are flat keywords, so that every search of scikit-learn can set them.
"""

import matplotlib.pyplot as plt
import pandas as pd
from sklearn.datasets import load_digits
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - enables HalvingGridSearchCV
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline

from sklearn_lenet import LeNet5Classifier, PadNormalizer, fetch_mnist

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:2000], y[:2000]
except OSError:
    X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)

# %%
# A pipeline
# ----------
# `PadNormalizer` pads digits to 32x32 pixels and scales them as LeCun et al. (1998) did. The
# classifier also pads and scales, but does not invert images. A separate step can be used with an
# SVM too.

pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=6, random_state=0))
pipe

# %%
# A grid search
# -------------
# The search runs two fits at a time. In its workers, each net uses only its share of the cores.

grid = {
    "lenet5classifier__pooling": ["max", "avg"],
    "lenet5classifier__lr": [0.001, 0.004, 0.016],
}
search = GridSearchCV(pipe, grid, cv=2, n_jobs=2).fit(X_train, y_train)
print(f"best: {search.best_params_}")
print(f"{search.score(X_test, y_test):.1%} accuracy on rows that the search has not seen")

results = pd.DataFrame(search.cv_results_)
table = results.pivot_table(
    index="param_lenet5classifier__pooling",
    columns="param_lenet5classifier__lr",
    values="mean_test_score",
)
(100 * table).round(1)

# %%
figure, ax = plt.subplots(figsize=(5, 3.2), layout="constrained")
for pooling, style, colour in [("max", "o-", "#0072B2"), ("avg", "s--", "#D55E00")]:
    ax.plot(
        table.columns, 100 * table.loc[pooling], style, color=colour, label=f"{pooling} pooling"
    )
ax.set(xscale="log", xlabel="learning rate", ylabel="accuracy, %")
ax.set_xticks(table.columns, [f"{lr:g}" for lr in table.columns])
ax.minorticks_off()
ax.legend(frameon=False)
ax.grid(alpha=0.3)
plt.show()

# %%
# Halving, with epochs as the resource
# ------------------------------------
# All candidates are trained for a few epochs, and the better ones for more. This makes a search
# over many candidates cheap.

halving = HalvingGridSearchCV(
    LeNet5Classifier(random_state=0),
    {"lr": [0.001, 0.002, 0.004, 0.008], "pooling": ["max", "avg"]},
    resource="max_epochs",
    min_resources=1,
    max_resources=9,
    factor=3,
    cv=2,
    random_state=0,
).fit(X_train, y_train)
rounds = pd.DataFrame(halving.cv_results_).groupby("iter")
rounds.agg(
    candidates=("iter", "size"), epochs=("n_resources", "first"), best=("mean_test_score", "max")
)
