"""The tables of the model of scale in the README: its checks, and where workers stop paying."""

import _scale_model as scale_model


def tables(result):
    """Return the lines of two tables: the checks, and where workers stop paying."""
    lines = [
        "| workers | rows in a batch | network | predicted, s | measured, s | ratio |",
        "|---|---|---|---|---|---|",
    ]
    for row in result["checks"]:
        ours, real = row["predicted"], row["measured"]
        lines.append(
            f"| {row['workers']} | {row['batch']} | {row['network']} | {ours:.2f} | {real:.2f} "
            f"| {ours / real:.2f} |"
        )
    lines += [
        "",
        _measured_sentence(result),
        "",
        "| rows | batch | network | one worker, s | fastest, s | with workers | "
        "workers of which each is at least half used |",
        "|---|---|---|---|---|---|---|",
    ]
    for rows, rules in result["curves"].items():
        for rule, nets in rules.items():
            for net, seconds in nets.items():
                at = scale_model.fastest(seconds)
                workers = result["workers"]
                lines.append(
                    f"| {int(rows):,} | {rule} | {net} | {seconds[0]:,.1f} | {seconds[at]:,.1f} "
                    f"| {workers[at]:,} | {workers[scale_model.half_used(seconds)]:,} |"
                )
    return lines


def _measured_sentence(result):
    step, sums = result["step"], result["sums"]
    loops = ", ".join(f"{1e3 * sums[n]['all-reduce, gradients']:.2f} ms for {n}" for n in sums)
    return (
        f"A step takes one thread {1e3 * step['fixed']:.2f} ms, and "
        f"{1e6 * step['batch_row']:.1f} µs for each row of the batch and "
        f"{1e6 * step['own_row']:.1f} µs for each row of the worker. An all-reduce of "
        f"{result['message_bytes']:,} bytes over loopback took {loops} processes; two that send "
        f"each other their gradients took {1e3 * sums['2']['pair, gradients']:.2f} ms, and two "
        f"that read them in shared memory {1e3 * sums['2']['shared, gradients']:.2f} ms. Four "
        f"workers on {result['cores']} cores take turns: the prediction counts the computing of "
        "all workers of a core. For networks, the sum arrives late by the time of 2 (n - 1) "
        "messages around a ring of n workers, the algorithm of gloo; each worker makes its part of "
        "the next batch meanwhile."
    )
