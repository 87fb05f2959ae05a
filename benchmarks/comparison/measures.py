"""Measures of quality: functions of the predictions, the probabilities and the labels."""

import numpy as np
from scipy.special import log_expit, softmax
from sklearn.metrics import precision_recall_fscore_support

TARGET_ERROR = 0.005
"""The error on the rows that are not rejected, as in LeCun et al. (1998)."""

BINS = 15


def log_loss(probabilities, y):
    """Return the mean of the negative logarithm of the probability of the true label.

    >>> round(log_loss(np.array([[0.5, 0.5], [0.0, 1.0]]), np.array([0, 1])), 4)  # ln 2 / 2
    0.3466
    """
    # A probability of 0 is replaced by the epsilon of float32, so that one row cannot dominate.
    true = np.maximum(probabilities[np.arange(len(y)), y], np.finfo(np.float32).eps)
    return float(-np.log(true.astype(np.float64)).mean())


def likelihoods(scores, sharpness, n_classes):
    """Return probabilities that are computed from the scores of an SVM.

    If there is one score per class, the probabilities are the softmax of the scores multiplied by
    ``sharpness``. If there is one score per pair of classes, as SVC computes them internally, the
    logistic function turns each score into the probability that the first class of the pair wins.
    The probability of a class is proportional to the product over all its pairs.

    >>> likelihoods(np.array([[1.0, 0.0, 0.0, 0.0]]), 1.0, 4).round(3)  # per class
    array([[0.475, 0.175, 0.175, 0.175]])
    >>> likelihoods(np.array([[9.0, 9.0, 9.0, 0.0, 0.0, 0.0]]), 1.0, 4).round(3)  # per pair
    array([[1., 0., 0., 0.]])
    """
    if scores.shape[1] == n_classes:
        return softmax(sharpness * scores, axis=1)
    pairs = np.triu_indices(n_classes, 1)
    logs = np.zeros((len(scores), n_classes))
    for pair, (first, second) in enumerate(zip(*pairs, strict=True)):
        logs[:, first] += log_expit(sharpness * scores[:, pair])
        logs[:, second] += log_expit(-sharpness * scores[:, pair])
    return softmax(logs, axis=1)


def calibration_error(probabilities, y):
    """Return the expected calibration error, with 15 bins of equal width.

    >>> calibration_error(np.array([[0.8, 0.2]] * 10), np.array([0] * 8 + [1] * 2)) < 1e-9
    True
    """
    confidence = probabilities.max(1).astype(np.float64)
    right = probabilities.argmax(1) == y
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=right - confidence, minlength=BINS)
    return float(np.abs(gaps).sum() / len(y))


def rejected(probabilities, y):
    """Return the smallest share of rows to reject so that the error on the rest is 0.5 %.

    The rows with the smallest difference between the two largest probabilities are rejected first,
    as in LeCun et al. (1998).

    >>> sure, unsure = [0.9, 0.1], [0.6, 0.4]
    >>> rejected(np.array([sure] * 4 + [unsure]), np.array([0] * 4 + [1]))
    0.2
    """
    second, best = np.sort(probabilities, axis=1)[:, -2:].T
    order = np.argsort(second - best, kind="stable")
    wrong = np.cumsum((probabilities.argmax(1) != y)[order])
    kept = np.arange(1, len(y) + 1)
    enough = np.flatnonzero(wrong <= TARGET_ERROR * kept)
    return float((len(y) - 1 - enough[-1]) / len(y)) if len(enough) else 1.0


def scores(predicted, probabilities, y):
    """Return all measures of quality by name."""
    precision, recall, f1, _ = precision_recall_fscore_support(
        y, predicted, average="macro", zero_division=0
    )
    return {
        "accuracy": float(np.mean(predicted == y)),
        "precision": float(precision),
        "recall": float(recall),
        "f1": float(f1),
        "log_loss": log_loss(probabilities, y),
        "calibration_error": calibration_error(probabilities, y),
        "rejected": rejected(probabilities, y),
    }
