"""Claim: no other recipe for LeNet-5 is better than ``VARIANTS["best"]`` on held-out rows.

``python benchmarks/ablation.py`` trains each recipe on 50,000 training rows of MNIST and scores it
on the other 10,000. The test set is not read. The results are written to
``results/ablation.json``.
"""

import time

import numpy as np
import torch
from _record import environment, load, save
from comparison.measures import calibration_error, log_loss
from comparison.tables import spread
from joblib import Parallel, delayed
from sklearn.model_selection import train_test_split

from sklearn_lenet import LeNet5Classifier, activations, fetch_mnist
from sklearn_lenet.estimators import VARIANTS
from sklearn_lenet.training import AUGMENTATIONS, Augment, displacement_for

BEST = VARIANTS["best"]
SEEDS = {"best": [0, 1, 2, 3, 4]}
"""The seeds of a recipe, if there is more than one."""


def elastic_and_affine(images):
    """Return a batch of which the first half is distorted by "elastic", the second by "affine"."""
    half = len(images) // 2
    draw = lambda *shape: 2 * torch.rand(shape) - 1  # noqa: E731 - the form of `Draw`
    parts = (
        AUGMENTATIONS["elastic"](images[:half], draw),
        AUGMENTATIONS["affine"](images[half:], draw),
    )
    return torch.cat(parts)


RECIPES = {
    "best": {},
    "100 epochs, lr 0.0015": {"max_epochs": 100, "lr": 0.0015},
    "20 epochs": {"max_epochs": 20},
    "averaged weights": {"average_weights": True},
    "averaged weights, constant lr": {"average_weights": True, "lr_schedule": "constant"},
    "affine": {"augment": "affine"},
    "half elastic, half affine": {"augment": elastic_and_affine},
    "no label smoothing": {"label_smoothing": 0.0},
    "label smoothing 0.1": {"label_smoothing": 0.1},
    "max pooling": {"pooling": "max"},
    "weight decay 3e-4": {"weight_decay": 3e-4},
    "dropout 0.1": {"dropout": 0.1},
}
"""What each recipe changes in ``VARIANTS["best"]``."""

ENSEMBLE, DISTILLED = "mean of the five nets of the best recipe", "distilled from these five nets"


def split():
    """Return 50,000 training rows of MNIST and the 10,000 held-out ones."""
    X, y = fetch_mnist(split="train", return_X_y=True)
    return train_test_split(X, y, test_size=10_000, stratify=y, random_state=0)


def scores(probabilities, y):
    """Return accuracy, log loss and calibration error."""
    return {
        "accuracy": float(np.mean(probabilities.argmax(axis=1) == y)),
        "log_loss": log_loss(probabilities, y),
        "calibration_error": calibration_error(probabilities, y),
    }


def measured(name, seed):
    """Return the name of a recipe, its scores on the held-out rows, and the net."""
    X, X_test, y, y_test = split()
    start = time.perf_counter()
    model = LeNet5Classifier(**BEST | RECIPES[name], random_state=seed).fit(X, y)
    seconds = time.perf_counter() - start
    result = scores(model.predict_proba(X_test), y_test) | {"seconds": seconds, "seed": seed}
    print(f"{name}, seed {seed}: {result}", flush=True)
    return name, result, model


def distilled(teachers):
    """Return the scores of a net that learns the mean probabilities of the teachers."""
    X, X_test, y, y_test = split()
    start = time.perf_counter()
    inputs = torch.from_numpy(activations(teachers[0], X, "input"))
    student = LeNet5Classifier(**BEST | {"max_epochs": 1}, random_state=0).fit(X[:1000], y[:1000])
    net = student.module_.train()
    nets = [teacher.module_.eval() for teacher in teachers]
    temperatures = [teacher.temperature_ for teacher in teachers]
    generator = torch.Generator().manual_seed(0)
    distort = Augment("elastic", inputs.shape[2:], generator, displacement_for(len(X)))
    batches = -(-len(X) // BEST["batch_size"])
    optimizer = torch.optim.Adam(net.parameters(), BEST["lr"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, BEST["lr"], total_steps=batches * BEST["max_epochs"]
    )
    for _ in range(BEST["max_epochs"]):
        for index in torch.randperm(len(X), generator=generator).split(BEST["batch_size"]):
            batch = distort(inputs[index])
            with torch.no_grad():
                taught = [
                    (one(batch) / t).softmax(1) for one, t in zip(nets, temperatures, strict=True)
                ]
            loss = torch.nn.functional.cross_entropy(net(batch), sum(taught) / len(taught))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    seconds = time.perf_counter() - start
    with torch.no_grad():
        logits = net.eval()(torch.from_numpy(activations(teachers[0], X_test, "input")))
    return scores(logits.double().softmax(1).numpy(), y_test) | {"seconds": seconds, "seed": 0}


def table(result):
    """Return the lines of the table in the README."""
    lines = ["| recipe | accuracy, % | log loss | calibration error, % | nets |"]
    lines += ["|---|---|---|---|---|"]
    for name, runs in result["recipes"].items():
        accuracies, losses, errors = (
            [run[key] for run in runs] for key in ("accuracy", "log_loss", "calibration_error")
        )
        cells = [
            spread(accuracies, factor=100),
            spread(losses, digits=4),
            spread(errors, factor=100),
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {len(runs)} |")
    return lines


def main():
    """Measure the recipes, two nets at a time, and write the results after each of them."""
    recipes, best = {}, []
    runs = [(name, seed) for name in RECIPES for seed in SEEDS.get(name, [0])]
    parallel = Parallel(n_jobs=2, return_as="generator")
    for name, result, model in parallel(delayed(measured)(*run) for run in runs):
        recipes.setdefault(name, []).append(result)
        best += [model] if name == "best" else []
        keep(recipes)
    _, X_test, _, y_test = split()
    mean = np.mean([model.predict_proba(X_test) for model in best], axis=0)
    recipes[ENSEMBLE] = [scores(mean, y_test)]
    recipes[DISTILLED] = [distilled(best)]
    keep(recipes)
    print("\n".join(table(load("ablation"))))


def keep(recipes):
    """Write the results."""
    save("ablation", {"environment": environment(), "recipes": recipes})


if __name__ == "__main__":
    main()
