"""
Early stopping and learning curves
==================================

How many epochs are enough, and would more training rows help?
"""

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits
from sklearn.model_selection import LearningCurveDisplay, train_test_split

from sklearn_lenet import LeNet5Classifier, TrainingCurveDisplay, fetch_mnist

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:3000], y[:3000]
except OSError:
    X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)

# %%
# Early stopping
# --------------
# A stratified tenth of the rows is held back and scored after each epoch. The training stops when
# the score has not improved for ``n_iter_no_change`` epochs. The weights of the best epoch are
# kept.

clf = LeNet5Classifier(
    early_stopping=True, n_iter_no_change=5, max_epochs=40, lr_schedule="constant", lr=0.002,
    random_state=0,
)  # fmt: skip
clf.fit(X_train, y_train)
TrainingCurveDisplay.from_estimator(clf)
plt.show()

print(f"{clf.n_iter_} of 40 epochs; test accuracy {clf.score(X_test, y_test):.1%}")

# %%
# Without early stopping
# ----------------------
# By default no rows are held back. The net is trained on all rows, at a learning rate that falls to
# almost zero. The number of epochs depends on the number of rows.

plain = LeNet5Classifier(random_state=0).fit(X_train, y_train)
print(f"{plain.n_iter_} epochs; test accuracy {plain.score(X_test, y_test):.1%}")

# %%
# Would more rows help?
# ---------------------
# scikit-learn's ``LearningCurveDisplay`` draws the accuracy against the number of training rows. If
# there is a gap between the two curves, more rows are likely to help.

figure, ax = plt.subplots(figsize=(5.4, 3.6), layout="constrained")
LearningCurveDisplay.from_estimator(
    LeNet5Classifier(max_epochs=12, random_state=0),
    X,
    y,
    train_sizes=[0.1, 0.2, 0.4, 0.7, 1.0],
    cv=3,
    score_type="both",
    score_name="accuracy",
    line_kw={"marker": "o"},
    ax=ax,
)
ax.set_xlabel("training rows")
ax.grid(alpha=0.3)
plt.show()
