"""
First steps
===========

Fit LeNet-5, see how good it is and where it errs, and keep it in a file.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import matplotlib.pyplot as plt
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.model_selection import train_test_split

from sklearn_lenet import LeNet5Classifier, MistakesDisplay, fetch_mnist, load_model, save_model

# %%
# The digits
# ----------
# 28x28 pixels of MNIST where it is at hand; else the 8x8 pixels that scikit-learn brings along.
# Rows of pixels go in as they are: nothing has to be reshaped, padded or scaled.

try:
    X, y = fetch_mnist(return_X_y=True, download_if_missing=False)
    X, y = X[:8000], y[:8000]
except OSError:
    X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0, stratify=y)
X_train.shape, X_train.dtype

# %%
# Fit and score
# -------------
# Like any other classifier. No parameter has to be set; a seed makes two fits equal.

clf = LeNet5Classifier(random_state=0).fit(X_train, y_train)
print(f"{clf.score(X_test, y_test):.1%} of {len(y_test)} digits are right")

# %%
# Where it errs
# -------------
# A row for each digit, a column for what it was taken for.

figure, ax = plt.subplots(figsize=(5.4, 5), layout="constrained")
ConfusionMatrixDisplay.from_estimator(clf, X_test, y_test, cmap="Blues", colorbar=False, ax=ax)
ax.set_title("What each digit was taken for")
plt.show()

# %%
# The mistakes that it was surest of are worth a look: some of them are hard for us as well.

display = MistakesDisplay.from_estimator(clf, X_test, y_test, n_shown=10)
plt.show()

# %%
# Keep it
# -------
# A model file holds weights and settings, and runs no code when it is loaded.

with TemporaryDirectory() as folder:
    path = Path(folder) / "digits.lenet"
    save_model(clf, path)
    again = load_model(path)
    print(
        f"{path.stat().st_size:,} bytes; the same answers:",
        (again.predict(X_test) == clf.predict(X_test)).all(),
    )
