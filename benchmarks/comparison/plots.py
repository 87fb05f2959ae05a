"""The plots of the comparison. They are readable in black and white and by colour-blind people."""

import io

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from . import tables
from .disturbances import DISTURBANCES
from .models import MODELS, OURS

# The colours are those of Okabe and Ito. The models of sklearn_lenet have solid lines and filled
# markers, the other models dashed lines and hollow markers.
STYLES = {
    "lenet": ("#D55E00", "o"),
    "lenet-classic": ("#CC79A7", "s"),
    "lenet-best": ("#000000", "D"),
    "lenet-unpadded": ("#E69F00", "^"),
    "lenet-pipeline": ("#56B4E9", "p"),
    "dense": ("#0072B2", "v"),
    "dense-large": ("#009E73", "P"),
    "svm": ("#0072B2", "o"),
    "svm-deskewed": ("#56B4E9", "s"),
    "svm-augmented": ("#56B4E9", ">"),
    "forest": ("#009E73", "^"),
    "forest-augmented": ("#009E73", "d"),
    "boosting": ("#E69F00", "v"),
    "neighbours": ("#CC79A7", "D"),
    "logistic": ("#000000", "X"),
    "mlp": ("#D55E00", "P"),
    "nystroem": ("#666666", "<"),
    "lenet-tutorial": ("#666666", "X"),
    "torch-loop": ("#D55E00", "*"),
    "skorch": ("#009E73", "h"),
    "keras-tensorflow": ("#000000", "p"),
    "keras-jax": ("#56B4E9", "8"),
}
RC_PARAMS = {"font.size": 9, "axes.grid": True, "grid.color": "#dddddd", "axes.axisbelow": True}
RC_PARAMS |= {"axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False}


def style(name):
    """Return the colour, line and marker of a model."""
    colour, marker = STYLES[name]
    ours = MODELS[name].family == OURS
    filled = colour if ours else "white"
    drawn = {"color": colour, "marker": marker, "markerfacecolor": filled, "markersize": 6}
    return drawn | {"linestyle": "-" if ours else "--", "linewidth": 1.6 if ours else 1.1}


def curves(frames):
    """Draw the error against the number of training rows."""
    with mpl.rc_context(RC_PARAMS):
        figure = Figure(figsize=(8, 5), layout="constrained")
        axes = figure.subplots()
        for name, frame in frames.items():
            axes.errorbar(
                frame.index, 100 * (1 - frame["mean"]), 100 * frame["std"].fillna(0),
                label=name, elinewidth=0.8, capsize=2, **style(name),
            )  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel="training rows")
        axes.set_ylabel("error on MNIST's test set, %")
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        axes.set_yticks([0.5, 1, 2, 5, 10, 20, 50])
        axes.xaxis.set_major_formatter("{x:,.0f}")
        figure.legend(loc="outside right center")
    return figure


def disturbances(frames):
    """Draw the accuracy under each disturbance, in one panel per disturbance."""
    with mpl.rc_context(RC_PARAMS):
        figure = Figure(figsize=(9, 6.2), layout="constrained")
        panels = figure.subplots(2, 3, sharey=True).ravel()
        for axes, (name, frame) in zip(panels, frames.items(), strict=False):
            for model, row in frame.iterrows():
                axes.plot(frame.columns, 100 * row, label=model, **style(model) | {"markersize": 4})
            axes.set_title(name)
            axes.set_xlabel(DISTURBANCES[name][2])
            axes.set_ylim(0, 102)
        for axes in panels[::3]:
            axes.set_ylabel("accuracy, %")
        panels[-1].axis("off")
        lines, names = panels[0].get_legend_handles_labels()
        panels[-1].legend(lines, names, loc="center", ncols=2)
    return figure


def pareto(full):
    """Draw the error against the time to fit and to predict, with the Pareto front."""
    with mpl.rc_context(RC_PARAMS):
        figure = Figure(figsize=(9.5, 4.8), layout="constrained")
        panels = figure.subplots(1, 2, sharey=True)
        measures = {
            "fit_seconds": "fit of 60,000 rows, s",
            "predict_seconds": "predict of 10,000 rows, s",
        }
        for axes, (measure, label) in zip(panels, measures.items(), strict=True):
            points = {}
            for name, runs in full.items():
                error = 100 * (1 - sum(tables.values(runs, "accuracy")) / len(runs))
                points[name] = (tables.median(runs, measure), error)
                axes.plot(*points[name], label=name, **style(name) | {"linestyle": ""})
            front = sorted(point for point in points.values() if not _is_beaten(point, points))
            axes.step(*zip(*front, strict=True), where="post", color="#999999", zorder=1)
            axes.set(xscale="log", yscale="log", xlabel=label)
            axes.set_yticks([0.5, 1, 2, 5])
            axes.yaxis.set_major_formatter("{x:g}")
            axes.yaxis.set_minor_formatter(mpl.ticker.NullFormatter())
            axes.xaxis.set_major_formatter("{x:g}")
            axes.xaxis.set_minor_formatter(mpl.ticker.NullFormatter())
        panels[0].set_ylabel("error on MNIST's test set, %")
        lines, names = panels[0].get_legend_handles_labels()
        figure.legend(lines, names, loc="outside right center")
    return figure


def _is_beaten(point, points):
    """Return whether another model is at least as fast and as accurate."""
    others = [other for other in points.values() if other != point]
    return any(other[0] <= point[0] and other[1] <= point[1] for other in others)


def save(draw, path, source):
    """Write a PNG file with the digest of its figures, unless the file has this digest already."""
    if path.exists() and digest_of(path) == source:
        return
    png = io.BytesIO()
    draw().savefig(png, dpi=130)
    info = PngInfo()
    info.add_text("Source", source)
    path.parent.mkdir(exist_ok=True)
    Image.open(png).save(path, optimize=True, pnginfo=info)


def digest_of(path):
    """Return the digest that is stored in a PNG file."""
    with Image.open(path) as picture:
        return picture.info.get("Source")
