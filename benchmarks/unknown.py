"""Claim: ``novelty_score`` separates digits from images that are no digits.

``python benchmarks/unknown.py`` trains nets on MNIST, with the defaults and with a class for
non-digits, and compares ways to tell the test digits from letters, scribbles, mirrored and turned
digits, textures and another script. One kind of images, signs, was not used while the score was
developed. The results are written to ``results/unknown.json``.
"""

import numpy as np
from _pictures import glyphs, letters, other_writers, scribbles, textures
from _record import environment, save
from joblib import Parallel, delayed
from scipy.special import logsumexp
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import NearestNeighbors

from sklearn_lenet import DigitImageReader, LeNet5Classifier, activations, fetch_mnist
from sklearn_lenet.estimators import PICTURES, VARIANTS, training_rows

SEEDS = [0, 1, 2]
NETS = {
    "defaults": {},
    "class -1": VARIANTS[PICTURES] | {"max_epochs": 30},
}
N = 400
"""The number of images of each kind."""

SCRIPT = "".join(map(chr, [*range(0x10D0, 0x10F1), *range(0x561, 0x587)]))
"""The letters of Georgian and the small letters of Armenian."""

SIGNS = "&%#@€£§?+=*<>÷±¶"

TURNABLE, MIRRORABLE = [2, 3, 4, 5, 7], [3, 4, 7]
"""Digits that are no digits when they are turned by 90 degrees, or mirrored."""

KNOWN = 0.95
"""The share of digits that are accepted where the share of accepted other images is reported."""

NEIGHBOURS, STORED = 5, 2000
"""The distance to the nearest rows: which one counts, and of how many training rows."""


def strange_images(X, y, rng):
    """Return images that are no digits, by kind; ``X`` and ``y`` are digits to make them from."""
    read = DigitImageReader().transform
    images = X.reshape(-1, 28, 28)
    turned = np.rot90(images[np.isin(y, TURNABLE)][:N], axes=(1, 2))
    mirrored = images[np.isin(y, MIRRORABLE)][:N, :, ::-1]
    return {
        "letters": read(list(letters(N, rng))),
        "scribbles": read(list(scribbles(N, rng))),
        "mirrored": mirrored.reshape(len(mirrored), -1),
        "turned": turned.reshape(len(turned), -1),
        "textures": textures(N, rng),
        "script": read(list(glyphs(N, SCRIPT, rng))),
        "signs": read(list(glyphs(N, SIGNS, rng))),
    }


def ways(model, X, y):
    """Return functions from rows to scores that are higher for stranger rows, by name."""
    features = _directions(activations(model, X, "F6"))
    digits = np.flatnonzero(model.classes_ >= 0)
    means = np.stack([features[y == label].mean(axis=0) for label in model.classes_[digits]])
    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(features[:STORED])
    found = {
        "highest probability": lambda rows: -model.predict_proba(rows)[:, digits].max(axis=1),
        "energy": lambda rows: -logsumexp(model.decision_function(rows)[:, digits], axis=1),
        "F6, class means": lambda rows: -(_f6(model, rows) @ _directions(means).T).max(axis=1),
        "F6, nearest rows": lambda rows: nearest.kneighbors(_f6(model, rows))[0][:, -1],
        "novelty_score": model.novelty_score,
    }
    if len(digits) < len(model.classes_):
        found["class -1"] = lambda rows: _margin(model.decision_function(rows), digits)
    return found


def _directions(features):
    """Return the rows divided by their lengths."""
    return features / np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-9)


def _f6(model, rows):
    return _directions(activations(model, rows, "F6"))


def _margin(logits, digits):
    """Return how much the logit of non-digits is above that of the best digit."""
    other = np.setdiff1d(np.arange(logits.shape[1]), digits)
    return logits[:, other[0]] - logits[:, digits].max(axis=1)


def separation(known, strange):
    """Return the area under the ROC curve, and the share of strange images that are accepted.

    >>> separation(np.array([0.0, 0.1, 0.2, 0.3]), np.array([0.25, 0.9]))
    {'auroc': 0.875, 'accepted': 0.5}
    """
    is_strange = np.repeat([0, 1], [len(known), len(strange)])
    threshold = np.quantile(known, KNOWN)
    return {
        "auroc": float(roc_auc_score(is_strange, np.concatenate([known, strange]))),
        "accepted": float(np.mean(strange <= threshold)),
    }


def measured(net, seed):
    """Train a net and return its figures: for each way and each kind of images."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    X_test, y_test = fetch_mnist(split="test", return_X_y=True)
    model = LeNet5Classifier(**NETS[net], random_state=seed)
    model.fit(*(training_rows(PICTURES, X, y, seed) if "-1" in net else (X, y)))
    part = np.random.default_rng(seed).permutation(len(X))[:10_000]
    kinds = strange_images(X_test, y_test, np.random.default_rng(seed))
    figures = {}
    for name, score in ways(model, X[part], y[part]).items():
        known = score(X_test)
        figures[name] = {kind: separation(known, score(rows)) for kind, rows in kinds.items()}
    scans = DigitImageReader().transform(other_writers("scans")[0])
    flagged = {"MNIST digits": X_test, "scanned digits": scans} | kinds
    shares = {
        kind: float(np.mean(model.novelty_score(rows) > model.novelty_threshold_))
        for kind, rows in flagged.items()
    }
    return {"ways": figures, "flagged": shares, "accuracy": model.score(X_test, y_test)}


def table(result):
    """Return the lines of the tables in the README: means over the seeds."""
    kinds = list(next(iter(result["nets"]["defaults"][0]["ways"].values())))
    lines = [f"| AUROC; accepted, % | {' | '.join(kinds)} |", "|---|" + "---|" * len(kinds)]
    for net, runs in result["nets"].items():
        for way in runs[0]["ways"]:
            cells = []
            for kind in kinds:
                parts = [run["ways"][way][kind] for run in runs]
                auroc, accepted = (
                    np.mean([part[name] for part in parts]) for name in ("auroc", "accepted")
                )
                cells.append(f"{auroc:.3f}; {100 * accepted:.1f}")
            lines.append(f"| {net}: {way} | {' | '.join(cells)} |")
    names = list(result["nets"]["defaults"][0]["flagged"])
    lines += ["", f"| flagged, % | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    for net, runs in result["nets"].items():
        shares = [100 * np.mean([run["flagged"][name] for run in runs]) for name in names]
        lines.append(f"| {net} | {' | '.join(f'{share:.1f}' for share in shares)} |")
    lines += [
        "",
        f"Means of {len(result['seeds'])} nets on the test set of MNIST. *Accepted* is the share "
        f"of the images that are taken for digits if {KNOWN:.0%} of the digits are accepted. "
        "*Signs* were not used in the development of the score. Measured with "
        "`make bench-unknown`; the results are in `benchmarks/results/unknown.json`.",
    ]
    return lines


def main():
    """Measure the nets, one on each core, and print and write the results."""
    measures = Parallel(n_jobs=-1)(delayed(measured)(net, seed) for net in NETS for seed in SEEDS)
    runs = iter(measures)
    nets = {net: [next(runs) for _ in SEEDS] for net in NETS}
    result = {"environment": environment(), "seeds": SEEDS, "nets": nets}
    save("unknown", result)
    print("\n".join(table(result)))


if __name__ == "__main__":
    main()
