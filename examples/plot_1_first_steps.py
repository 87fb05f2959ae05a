"""
First steps
===========

Fit LeNet-5, measure its accuracy, look at its mistakes, and save it to a file.
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
# This example uses the 28x28 pixels of MNIST if it is on your machine, and otherwise the 8x8 digits
# that scikit-learn contains. The rows of pixels do not have to be reshaped, padded or scaled.

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
# `LeNet5Classifier` is used like any other classifier. No parameter has to be set. With the same
# ``random_state``, two fits give the same net.

clf = LeNet5Classifier(random_state=0).fit(X_train, y_train)
print(f"{clf.score(X_test, y_test):.1%} of {len(y_test)} digits are classified correctly")

# %%
# The confusion matrix
# --------------------
# The rows are the true digits, the columns the predicted ones.

figure, ax = plt.subplots(figsize=(5.4, 5), layout="constrained")
ConfusionMatrixDisplay.from_estimator(clf, X_test, y_test, cmap="Blues", colorbar=False, ax=ax)
ax.set_title("True and predicted digits")
plt.show()

# %%
# The mistakes with the highest confidence are worth a look: some of these digits are hard to read
# for people too.

display = MistakesDisplay.from_estimator(clf, X_test, y_test, n_shown=10)
plt.show()

# %%
# Save and load the model
# -----------------------
# A model file contains weights and settings. Loading it runs no code.

with TemporaryDirectory() as folder:
    path = Path(folder) / "digits.lenet"
    save_model(clf, path)
    loaded = load_model(path)
    print(
        f"{path.stat().st_size:,} bytes; same predictions:",
        (loaded.predict(X_test) == clf.predict(X_test)).all(),
    )
