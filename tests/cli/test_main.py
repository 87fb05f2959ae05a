"""The command line."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import sklearn_lenet
from sklearn_lenet import cli
from sklearn_lenet.cli import _demo, _formats
from sklearn_lenet.datasets._official_files import DATA_VARIABLE
from sklearn_lenet.estimators import _variants
from sklearn_lenet.pretrained import _default_model
from sklearn_lenet.reading._digit import Digit
from sklearn_lenet.reading._read_files import Answer


def test_version(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"sklearn-lenet {sklearn_lenet.__version__}\n"


def test_help_does_not_wait_for_torch():
    code = "import sys; from sklearn_lenet.cli import main\n"
    code += "try: main(['--help'])\nexcept SystemExit: print('torch' in sys.modules)"
    command, seconds = [sys.executable, "-c", code], []
    for _ in range(3):  # the quickest, because other work on the machine only slows it down
        start = time.perf_counter()
        out = subprocess.run(command, capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - start)
    assert "demo" in out.stdout
    assert out.stdout.endswith("False\n")
    assert min(seconds) < 1


def test_an_unknown_command_names_the_known_ones(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["train-a-whale"])
    assert stop.value.code == 2
    assert "demo" in capsys.readouterr().err


def test_demo_without_mnist_runs_on_the_bundled_digits(monkeypatch, tmp_path, capsys):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    assert cli.main(["demo"]) == 0
    title, _, _, *lines = capsys.readouterr().out.splitlines()
    assert title == "scikit-learn's 8x8 digits: 1,347 training rows, 450 test rows"
    accuracies = {line[:24].strip(): float(line[24:34].rstrip("% ")) for line in lines}
    assert list(accuracies) == list(_demo.demo_models(0))
    assert min(accuracies.values()) > 95


def test_demo_takes_mnist_where_it_is(mnist):
    title, X, X_test, y, y_test = _demo.demo_data(0)
    assert title == "MNIST"
    assert (len(X), len(y), len(X_test), len(y_test)) == (10_000, 10_000, 10_000, 10_000)


# Train, evaluate, predict, info, export


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "digits.lenet"
    assert cli.main(["train", "--data", "digits", "--epochs", "12", "--out", str(path)]) == 0
    return path


@pytest.fixture
def files(tmp_path, digits):
    X, y = digits
    for k in range(6):
        page = 255 - np.kron(X[k].reshape(8, 8) * 15, np.ones((9, 9))).astype(np.uint8)
        Image.fromarray(page).save(tmp_path / f"{y[k]}.png")
    return tmp_path


def test_train_says_what_it_does(tmp_path, capsys):
    path = tmp_path / "a.lenet"
    arguments = ["train", "--data", "digits", "--variant", "dense", "--epochs", "2", "--seed", "3"]
    assert cli.main([*arguments, "--device", "cpu", "--out", str(path)]) == 0
    said = capsys.readouterr()
    assert "DenseDigitClassifier on 1,347 rows of scikit-learn's bundled digits" in said.err
    assert re.search(r"a\.lenet: \d\d\.\d\d% right on 450 other rows", said.out)
    assert "epoch" in said.out.lower()
    again = sklearn_lenet.load_model(path)
    assert (again.random_state, again.verbose, again.n_iter_) == (3, 0, 2)


def test_the_variant_for_pictures_knows_what_is_no_digit(tmp_path, capsys):
    path = tmp_path / "a.lenet"
    arguments = ["train", "--data", "digits", "--variant", "pictures", "--epochs", "2"]
    assert cli.main([*arguments, "--out", str(path)]) == 0
    said = capsys.readouterr()
    assert "Drawing more rows" in said.err
    rows = int(re.search(r"on ([\d,]+) rows", said.err)[1].replace(",", ""))
    assert rows > 1.4 * 1347
    again = sklearn_lenet.load_model(path)
    assert again.classes_.tolist() == [-1, *range(10)]
    assert again.class_weight == {-1: 0.2}
    assert cli.main(["evaluate", str(path), "--data", "digits"]) == 0
    assert "450 test rows" in capsys.readouterr().out


@pytest.mark.parametrize("variant", _variants.VARIANTS)
def test_every_variant_can_be_made(variant):
    assert _variants.make_variant(variant, max_epochs=1)._validate_params() is None


def test_evaluate(trained, capsys, tmp_path):
    plot = tmp_path / "confusion.png"
    assert cli.main(["evaluate", str(trained), "--data", "digits", "--plot", str(plot)]) == 0
    said = capsys.readouterr().out
    assert "450 test rows of scikit-learn's bundled digits" in said
    for word in ("precision", "recall", "f1-score", "accuracy", "Confusion matrix"):
        assert word in said
    with Image.open(plot) as drawn:
        assert drawn.size[0] > 400


def test_predict_prints_a_table(trained, files, capsys):
    assert cli.main(["predict", "--model", str(trained), str(files)]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["file", "digits", "confidence", "else"]
    assert [line.split()[1] for line in lines] == ["0", "1", "2", "3", "4", "5"]
    assert all(line.split()[0].endswith(f"{k}.png") for k, line in enumerate(lines))


def test_predict_prints_json_and_csv(trained, files, capsys):
    pattern = str(files / "[0-2].png")
    assert cli.main(["predict", "--model", str(trained), "--json", pattern]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in told] == ["0", "1", "2"]
    (digit,) = told[1]["digits"]
    assert sum(digit["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert cli.main(["predict", "--model", str(trained), "--csv", pattern]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["label"] for row in rows] == ["0", "1", "2"]
    assert float(rows[0]["p_0"]) == pytest.approx(float(rows[0]["confidence"]))


def test_what_may_be_two_digits_is_said():
    one = {"box": (1, 2, 3, 4), "probabilities": np.array([0.02, 0.98]), "line": 0, "image": None}
    surely = Digit(label=1, confidence=0.98, touching=False, **one)
    answers = [Answer("a.png", [surely, surely._replace(touching=True)]), Answer("b.png", [surely])]
    classes = np.array([0, 1])
    first, second = _formats.as_table(answers, classes).splitlines()[1:]
    assert first.split() == ["a.png", "11", "98.0%", "touching:", "1"]
    assert second.split() == ["b.png", "1", "98.0%"]
    rows = list(csv.DictReader(io.StringIO(_formats.as_csv(answers, classes))))
    assert [row["touching"] for row in rows] == ["False", "True", "False"]
    assert [row["bottom"] for row in rows] == ["4"] * 3
    assert json.loads(_formats.as_json(answers, classes))[0]["digits"][1]["touching"] is True


def test_one_bad_file_does_not_keep_the_others_from_being_read(trained, files, capsys):
    (files / "broken.png").write_text("no picture")
    assert cli.main(["predict", "--model", str(trained), str(files)]) == 1
    said = capsys.readouterr()
    assert "broken.png" in said.err
    assert "is no picture that can be read" in said.err
    assert len([line for line in said.out.splitlines() if "not read" in line]) == 1
    assert len(said.out.splitlines()) == 8
    assert cli.main(["predict", "--model", str(trained), "--csv", str(files)]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [bool(row["error"]) for row in rows] == [False] * 6 + [True]


def test_what_is_not_sure_is_a_question_mark(trained, files, capsys):
    arguments = ["predict", "--model", str(trained), "--min-confidence", "1", str(files / "3.png")]
    assert cli.main(arguments) == 0
    assert re.search(r"3\.png +\? +\d\d\.\d% +3 \d\d\.\d% or", capsys.readouterr().out)


def test_several_digits_in_a_picture(trained, files, capsys):
    page = np.full((120, 300), 255, np.uint8)
    for place, name in enumerate("204"):
        page[20:92, 20 + 90 * place : 92 + 90 * place] = np.asarray(
            Image.open(files / f"{name}.png")
        )
    Image.fromarray(page).save(files / "line.png")
    assert cli.main(["predict", "--model", str(trained), "--split", str(files / "line.png")]) == 0
    assert capsys.readouterr().out.splitlines()[1].split()[1] == "204"


def test_what_the_model_saw_is_drawn(trained, files, capsys):
    shown = files / "seen" / "out.png"
    shown.parent.mkdir()
    arguments = ["predict", "--model", str(trained), "--show", str(shown), str(files)]
    assert cli.main(arguments) == 0
    image = np.asarray(Image.open(shown))
    assert image.shape[1] == 4 * (2 * 112 + 24)
    assert len(np.unique(image)) > 10


def test_without_a_model_one_is_trained_once(files, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path / "cache")
    monkeypatch.setitem(_default_model.PASSES, "digits", 12)
    assert cli.main(["predict", str(files / "0.png")]) == 0
    said = capsys.readouterr()
    assert "No model was named: training a small one on digits once, kept in" in said.err
    assert "12/12" in said.err
    assert said.out.splitlines()[1].split()[1] == "0"
    assert cli.main(["predict", str(files / "0.png")]) == 0
    assert "training" not in capsys.readouterr().err
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(b"rubbish")
    assert cli.main(["predict", str(files / "0.png")]) == 0
    assert "cannot be used" in capsys.readouterr().err


def test_info(trained, capsys):
    assert cli.main(["info", str(trained)]) == 0
    said = capsys.readouterr().out
    for word in ("LeNet5Classifier(", "61,706", "12 passes", "28x28", "format 1", "torch"):
        assert word in said


def test_export(trained, tmp_path, capsys):
    pytest.importorskip("onnx", reason="onnx is an extra")
    assert cli.main(["export", str(trained), "--onnx", str(tmp_path / "a.onnx")]) == 0
    assert (tmp_path / "a.onnx").stat().st_size > 200_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["info", "nowhere.lenet"], "nowhere.lenet"),
        (["info", __file__], "is no model file: load_model reads what save_model wrote"),
        (["train", "--epochs", "0", "--out", "a"], "--epochs 0 is no number of passes"),
        (["train", "--seed", "-1", "--out", "a"], "--seed -1 is negative"),
        (["predict", "*.nothing"], "*.nothing matches no file"),
        (["predict", str(Path(__file__).parent)], "holds no pictures: none ends in .bmp"),
    ],
)
def test_mistakes_are_one_sentence(arguments, message, capsys, trained):
    if arguments[0] == "predict":
        arguments = [*arguments, "--model", str(trained)]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert message in said
    assert said.startswith(f"sklearn-lenet {arguments[0]}: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("value", ["2", "-0.5", "sure"])
def test_a_confidence_that_is_none(value, capsys):
    with pytest.raises(SystemExit):
        cli.main(["predict", "a.png", "--min-confidence", value])
    assert "argument --min-confidence" in capsys.readouterr().err


def test_the_shell_is_told_what_can_come_next():
    pytest.importorskip("argcomplete", reason="argcomplete is an extra")
    code = "from sklearn_lenet.cli import main; main()"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": "sklearn-lenet ev", "COMP_POINT": "16"}
    asked |= {"_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout", "_ARGCOMPLETE_IFS": "\n"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | asked, capture_output=True, text=True
    )
    assert done.stdout.split() == ["evaluate"]
