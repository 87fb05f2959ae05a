"""Claim: NumPy gives the command line its first answer sooner than onnxruntime and torch.

``python benchmarks/first_answer.py`` measures in new processes how long the command takes, and how
long each engine takes to start and to read a digit. The results are written to
``results/first_answer.json`` and into the guide.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

ROUNDS, DIGITS, REPEATS = 9, 256, 20
ENGINES = ["NumPy", "onnxruntime", "torch"]
GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "pretrained.rst"


def numpy_model(_):
    """Return a function that predicts rows with NumPy, as the command line does."""
    from sklearn_lenet.pretrained import QuickDigits

    return QuickDigits().predict_proba


def onnxruntime_model(folder):
    """Return a function that predicts rows with onnxruntime in one thread."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "digits.onnx", options)
    (name,) = (found.name for found in session.get_inputs())
    return lambda rows: session.run(None, {name: rows})[-1]


def torch_model(_):
    """Return a function that predicts rows with torch."""
    from sklearn_lenet import load_pretrained

    return load_pretrained("digits").set_params(n_threads=1).predict_proba


MODELS = {"NumPy": numpy_model, "onnxruntime": onnxruntime_model, "torch": torch_model}


def timed(action):
    """Return the seconds of a call, and its result."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def measure_engine(engine, folder):
    """Return the seconds until the first digit is read, and those of each of many digits."""
    import sklearn_lenet.reading  # noqa: F401 - all engines need it, so it is not counted

    if "torch" in sys.modules:
        raise RuntimeError("torch was imported before the time is taken: import it later.")
    rows = np.random.default_rng(0).integers(0, 256, (DIGITS, 784)).astype(np.float32)
    start, model = timed(lambda: MODELS[engine](folder))
    first, _ = timed(lambda: model(rows[:1]))
    model(rows)
    many = median(timed(lambda: model(rows))[0] for _ in range(REPEATS))
    return {"start": start + first, "digit": many / DIGITS}


def in_new_process(*command):
    """Return the seconds of a process, and its output."""
    run = [sys.executable, *command]
    return timed(lambda: subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def measure(folder):
    """Return the medians of all rounds, in which the engines take turns."""
    from sklearn.datasets import load_digits

    from sklearn_lenet import export_onnx, load_pretrained

    export_onnx(load_pretrained("digits"), folder / "digits.onnx")
    digit = Image.fromarray((255 - 15 * load_digits().images[0]).astype(np.uint8))
    digit.resize((200, 200)).save(folder / "photo.png")
    commands = {
        "command": ["-m", "sklearn_lenet", "predict", str(folder / "photo.png")],
        "imports": ["-c", "import sklearn_lenet.cli, sklearn_lenet.pretrained"],
    }
    seconds = {name: [] for name in commands}
    found = {engine: [] for engine in ENGINES}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            seconds[name].append(in_new_process(*command)[0])
        for engine in ENGINES:
            _, printed = in_new_process(__file__, "--engine", engine, "--folder", str(folder))
            found[engine].append(json.loads(printed))
    engines = {
        engine: {key: median(one[key] for one in rounds) for key in ("start", "digit")}
        for engine, rounds in found.items()
    }
    return {name: median(values) for name, values in seconds.items()} | {"engines": engines}


def text(result):
    """Return the lines of the guide."""
    engines = result["engines"]
    ours, other = engines["NumPy"], engines["onnxruntime"]
    as_fast = (other["start"] - ours["start"]) / (ours["digit"] - other["digit"])
    lines = [
        f"``sklearn-lenet predict photo.png`` takes {result['command']:.2f} s from start to end; "
        f"{result['imports']:.2f} s of it is the import of SciPy, scikit-learn and the package. "
        "The net runs in NumPy alone:",
        "",
        "===========  ======================================  ========================",
        "engine       from its import to the first digit, ms  each of many digits, ms",
        "===========  ======================================  ========================",
    ]
    lines += [
        f"{name:<11}  {1000 * times['start']:<38.0f}  {1000 * times['digit']:.2f}"
        for name, times in engines.items()
    ]
    return [
        *lines,
        lines[2],
        "",
        f"onnxruntime would be sooner from about {round(as_fast, -1):.0f} digits on. Finding a "
        "digit in a picture takes far longer than both.",
    ]


def main():
    """Measure, write the results, and put the table into the guide."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=ENGINES, help="measure one engine in this process")
    parser.add_argument("--folder", type=Path, help="the folder with the ONNX file")
    chosen = parser.parse_args()
    if chosen.engine:
        print(json.dumps(measure_engine(chosen.engine, chosen.folder)))
        return
    # This imports torch, which must not be here in an engine.
    from _record import environment, put_into_page, save

    with tempfile.TemporaryDirectory() as folder:
        result = {"environment": environment()} | measure(Path(folder))
    save("first_answer", result)
    put_into_page(GUIDE, "first answer", text(result))
    print("\n".join(text(result)))


if __name__ == "__main__":
    main()
