"""Write the tables of the site, from the package and from the results of the benchmarks."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from _record import load
from comparison import words
from comparison.results import Results

from sklearn_lenet import LeNet5Classifier, layer_table

# The layers of LeCun et al. (1998): type, trainable parameters, connections.
LAYERS_1998 = {
    "C1": ("convolution 5x5", 156, 122_304),
    "S2": ("mean of 2x2, with a factor and a bias", 12, 5_880),
    "C3": ("convolution 5x5, each map sees 3 to 6 maps", 1_516, 151_600),
    "S4": ("mean of 2x2, with a factor and a bias", 32, 2_000),
    "C5": ("convolution 5x5", 48_120, 48_120),
    "F6": ("fully connected", 10_164, 10_164),
    "output": ("distances to ten fixed bitmaps", 0, 840),
}


def layers_of_1998():
    """Return the layers of LeCun et al. (1998) beside those of the LeNet-5 of textbooks."""
    ours = layer_table(LeNet5Classifier(activation="tanh", pooling="avg"))
    rows = {
        layer: {
            "in 1998": kind,
            "parameters in 1998": parameters,
            "connections in 1998": connections,
            "here": ours["type"][layer],
            "parameters here": int(ours["parameters"][layer]),
            "connections here": int(ours["connections"][layer]),
        }
        for layer, (kind, parameters, connections) in LAYERS_1998.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    numbers = [column for column in table if not isinstance(table[column].iloc[0], str)]
    sums = table[numbers].sum()
    table.loc["in all"] = {column: sums.get(column, "") for column in table}
    table[numbers] = table[numbers].map("{:,}".format)
    return table


def headline():
    """Return the most important measured figures, for the front page."""
    best = load("accuracy")["mnist"]
    scans = [100 * net["scans"] for net in load("reading")["figures"]["pictures"]]
    amounts = [100 * net["amounts"] for net in load("lines")["figures"]]
    rows = {
        "MNIST, `LeNet5Classifier()`": [100 * a for a in best["LeNet-5"]["accuracies"]],
        'MNIST, the recipe of ``load_pretrained("mnist")``': [
            100 * a for a in best["LeNet-5, best"]["accuracies"]
        ],
        '600 scans by other writers, the recipe of ``load_pretrained("digits")``': scans,
        '72 real amounts, the recipe of ``load_pretrained("strings")``': amounts,
    }
    cells = {
        name: {"right, %": f"{np.mean(v):.2f}", "seeds": f"{len(v)}, {min(v):.1f} to {max(v):.1f}"}
        for name, v in rows.items()
    }
    return pd.DataFrame.from_dict(cells, orient="index")


def advice(results):
    """Return the advice of benchmarks/README.md in reStructuredText."""
    lines = words.what_to_pick(results.full(), results)
    return "\n".join(lines).replace("`", "``") + "\n"


def write(folder):
    """Write the files that the pages include: a CSV file per table, and the advice."""
    folder.mkdir(exist_ok=True)
    results = Results()
    headline().to_csv(folder / "headline.csv", index_label="data and model")
    (folder / "advice.txt").write_text(advice(results))
    layers = layer_table(LeNet5Classifier())[["size formula", "output size", "parameter formula"]]
    layers.to_csv(folder / "layers.csv", index_label="layer")
    layers_of_1998().to_csv(folder / "layers_of_1998.csv", index_label="layer")
    words.brief_table(results.full()).to_csv(folder / "comparison.csv", index_label="model")
