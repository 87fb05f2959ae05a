"""The plot of the time of an epoch against the number of workers."""

import matplotlib as mpl
from _scale_model import ONE_MACHINE, fastest
from comparison.plots import RC_PARAMS
from matplotlib.figure import Figure

STYLES = {
    ONE_MACHINE: ("#000000", "-"),
    "10 Gbit/s, 50 µs": ("#0072B2", "--"),
    "1 Gbit/s, 200 µs": ("#D55E00", "-."),
    "100 Mbit/s, 2 ms": ("#009E73", ":"),
}
"""The colour and the line of each network."""


def draw(result):
    """Draw a panel for each rule of the batch; a ring marks where more workers save no time."""
    workers, rules = result["workers"], result["curves"]["60000"]
    with mpl.rc_context(RC_PARAMS):
        figure = Figure(figsize=(9.5, 4.6), layout="constrained")
        panels = figure.subplots(1, len(rules), sharey=True)
        for axes, (rule, nets) in zip(panels, rules.items(), strict=True):
            for net, seconds in nets.items():
                colour, line = STYLES[net]
                axes.plot(workers, seconds, color=colour, linestyle=line, label=net)
                at = fastest(seconds)
                axes.plot(workers[at], seconds[at], "o", color=colour, markerfacecolor="white")
            ideal = [nets[ONE_MACHINE][0] / n for n in workers]
            axes.plot(workers, ideal, color="#999999", linewidth=0.8, label="time of one / workers")
            axes.set(xscale="log", yscale="log", xlabel="workers of one thread", title=rule)
            axes.set_ylim(bottom=min(map(min, nets.values())) / 3)
            for axis in (axes.xaxis, axes.yaxis):
                axis.set_major_formatter("{x:g}")
                axis.set_minor_formatter(mpl.ticker.NullFormatter())
        panels[0].set_ylabel("epoch of 60,000 rows, s")
        lines, names = panels[0].get_legend_handles_labels()
        figure.legend(lines, names, loc="outside lower center", ncols=len(names))
    return figure
