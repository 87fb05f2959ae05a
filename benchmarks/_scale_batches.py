"""The part of the benchmark of scale that looks for the learning rate of larger batches.

A fit on k workers equals one in one process with the same batches. So a batch of k times 128 rows
in one process tells the accuracy of k workers with 128 rows each. The rates are compared on 10,000
training rows that are held out; the test set is not read.
"""

import math
import statistics

from _scale_model import BATCH
from sklearn.model_selection import train_test_split

from sklearn_lenet import LeNet5Classifier

LR = 0.006
"""The default rate, for batches of 128."""

MOST = 4
"""The linear rule raises the rate to no more than four times the default."""

RULES = {
    "the same rate": lambda _: LR,
    "rate times root of k": lambda k: LR * math.sqrt(k),
    "rate times k, at most 4": lambda k: LR * min(k, MOST),
}

HELD_OUT = 1 / 6
"""10,000 of 60,000 rows."""


def batch(size):
    """Measure the accuracy on held-out rows for each size of the batch and each rule."""
    known = size.data()
    X, X_out, y, y_out = train_test_split(
        known.X, known.y, test_size=HELD_OUT, stratify=known.y, random_state=0
    )
    seen, runs = {}, []
    for k in size.shares:
        for name, rule in RULES.items():
            lr = rule(k)
            if (k, lr) not in seen:  # two rules may have the same rate
                seen[k, lr] = [
                    LeNet5Classifier(
                        batch_size=k * BATCH,
                        lr=lr,
                        max_epochs=size.max_epochs,
                        calibrate=False,
                        random_state=seed,
                    )
                    .fit(X, y)
                    .score(X_out, y_out)
                    for seed in size.batch_seeds
                ]
                print(f"  {k} times {BATCH} rows, lr {lr:.4f}: {seen[k, lr]}", flush=True)
            runs.append({"shares": k, "rule": name, "lr": lr, "accuracies": seen[k, lr]})
    return {
        "held_out": len(X_out),
        "seeds": list(size.batch_seeds),
        "runs": runs,
        "best": best(runs),
    }


def best(runs):
    """Return the rule with the highest mean accuracy over all sizes of the batch.

    >>> best([{"rule": "a", "accuracies": [0.9, 0.8]}, {"rule": "b", "accuracies": [0.9]}])
    'b'
    """
    values = {}
    for run in runs:
        values.setdefault(run["rule"], []).append(statistics.mean(run["accuracies"]))
    return max(values, key=lambda rule: statistics.mean(values[rule]))


def table(result):
    """Return the lines of the table of batches."""
    shares = sorted({run["shares"] for run in result["runs"]})
    heads = [f"{k * BATCH:,}" for k in shares]
    lines = [f"| rows in a batch | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for rule in RULES:
        values = [run["accuracies"] for run in result["runs"] if run["rule"] == rule]
        cells = [f"{100 * statistics.mean(v):.2f}" for v in values]
        lines.append(f"| {rule} | {' | '.join(cells)} |")
    n_seeds = len(result["seeds"])
    seeds = "one seed" if n_seeds == 1 else f"mean of {n_seeds} seeds"
    return [
        *lines,
        "",
        f"Accuracy in percent on {result['held_out']:,} held-out training rows, {seeds}; k is the "
        f"number of rows over {BATCH}, or the number of workers. The best rule, by the mean over "
        f"all sizes: {result['best']}.",
    ]
