"""
Early stopping and learning curves
==================================

How many passes are enough, and whether more rows would help.
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
# A stratified tenth is held back and scored after each pass. The training ends when the score
# has not improved for ``n_iter_no_change`` passes, and the weights of the best pass are kept.

clf = LeNet5Classifier(
    early_stopping=True, n_iter_no_change=5, max_epochs=40, lr_schedule="constant", lr=0.002,
    random_state=0,
)  # fmt: skip
clf.fit(X_train, y_train)
TrainingCurveDisplay.from_estimator(clf)
plt.show()

print(f"{clf.n_iter_} of 40 passes were made; {clf.score(X_test, y_test):.1%} right on test rows")

# %%
# Without it
# ----------
# The default holds nothing back: it learns from every row, for as many passes as the number of
# rows calls for, at a rate that falls to nothing.

plain = LeNet5Classifier(random_state=0).fit(X_train, y_train)
print(f"{plain.n_iter_} passes, {plain.score(X_test, y_test):.1%} right on test rows")

# %%
# Would more rows help?
# ---------------------
# scikit-learn's own learning curve: as long as the curves are apart, more rows close the gap.

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
