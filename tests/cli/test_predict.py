"""`sklearn-lenet predict`: table, JSON, CSV, several digits, the default model."""

import csv
import io
import json
import re

import numpy as np
import pytest
from drawn_seven import seven
from helpers import ONE, ZERO
from PIL import Image

from sklearn_lenet import DigitStringReader, ReadSummary, cli, make_digit_lines, save_model
from sklearn_lenet.datasets import DATA_VARIABLE


def test_predict_prints_a_table(trained, files, capsys):
    assert cli.main(["predict", "--model", str(trained), str(files)]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head.split() == ["file", "digits", "confidence", "notes"]
    assert [line.split()[1] for line in lines] == ["0", "1", "2", "3", "4", "5"]
    assert all(line.split()[0].endswith(f"{k}.png") for k, line in enumerate(lines))


def test_predict_prints_json_and_csv(trained, files, capsys):
    pattern = str(files / "[0-2].png")
    assert cli.main(["predict", "--model", str(trained), "--json", pattern]) == 0
    results = json.loads(capsys.readouterr().out)
    assert [one["text"] for one in results] == ["0", "1", "2"]
    (digit,) = results[1]["digits"]
    assert sum(digit["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    assert cli.main(["predict", "--model", str(trained), "--csv", pattern]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["label"] for row in rows] == ["0", "1", "2"]
    assert float(rows[0]["p_0"]) == pytest.approx(float(rows[0]["confidence"]))


def test_the_other_files_are_read_if_one_is_broken(trained, files, capsys):
    (files / "broken.png").write_text("no picture")
    assert cli.main(["predict", "--model", str(trained), str(files)]) == 1
    printed = capsys.readouterr()
    assert "broken.png" in printed.err
    assert "is not a picture in one of the formats" in printed.err
    assert len([line for line in printed.out.splitlines() if "not read" in line]) == 1
    assert len(printed.out.splitlines()) == 8
    assert cli.main(["predict", "--model", str(trained), "--csv", str(files)]) == 1
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [bool(row["error"]) for row in rows] == [False] * 6 + [True]


def test_a_label_below_the_threshold_is_a_question_mark(trained, files, capsys):
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


def test_show_draws_the_images(trained, files, capsys):
    shown = files / "seen" / "out.png"
    shown.parent.mkdir()
    arguments = ["predict", "--model", str(trained), "--show", str(shown), str(files)]
    assert cli.main(arguments) == 0
    image = np.asarray(Image.open(shown))
    assert image.shape[1] == 4 * (2 * 112 + 24)
    assert len(np.unique(image)) > 10


def test_without_a_model_the_pretrained_one_reads(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr("socket.socket", lambda *_: pytest.fail("no network is used"))
    seven().save(tmp_path / "seven.png")
    assert cli.main(["predict", "--csv", str(tmp_path / "seven.png")]) == 0
    printed = capsys.readouterr()
    (row,) = csv.DictReader(io.StringIO(printed.out))
    assert row["label"] == "7"
    assert float(row["confidence"]) > 0.9
    assert printed.err == ""


@pytest.mark.parametrize("value", ["2", "-0.5", "sure"])
def test_a_threshold_that_is_not_a_probability(value, capsys):
    with pytest.raises(SystemExit):
        cli.main(["predict", "a.png", "--min-confidence", value])
    assert "argument --min-confidence" in capsys.readouterr().err


@pytest.fixture(scope="module")
def strings(tmp_path_factory):
    """The path of a reader of ones and zeros, and a folder with three lines."""
    folder = tmp_path_factory.mktemp("lines")
    digits = np.stack([ONE, ZERO]), ["1", "0"]
    pictures, texts = make_digit_lines(60, digits, n_digits=(1, 3), random_state=0)
    path = folder / "strings.lenet"
    model = DigitStringReader(alphabet="01", max_epochs=1, random_state=0)
    save_model(model.fit(pictures, texts), path)
    (folder / "amounts").mkdir()
    for k in range(3):
        Image.fromarray(pictures[k]).save(folder / "amounts" / f"{k}.png")
    return str(path), str(folder / "amounts")


def test_a_folder_of_amounts_becomes_csv(strings, capsys):
    model, folder = strings
    assert cli.main(["predict", "--model", model, "--csv", "--pattern", "[01]{2}", folder]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["file"].split("/")[-1] for row in rows] == ["0.png", "1.png", "2.png"]
    assert all(len(row["text"]) == 2 for row in rows)


def test_amounts_that_are_not_sure_enough_are_question_marks(strings, capsys):
    model, folder = strings
    assert cli.main(["predict", "--model", model, "--json", "--min-confidence", "1", folder]) == 0
    assert {one["text"] for one in json.loads(capsys.readouterr().out)} == {"?"}


@pytest.mark.parametrize("option", [["--split"], ["--show", "seen.png"]])
def test_options_of_single_digits_need_another_model(strings, capsys, option):
    model, folder = strings
    assert cli.main(["predict", "--model", model, *option, folder]) == 1
    assert f"{option[0]} needs a model of single digits" in capsys.readouterr().err


def test_a_pattern_needs_a_line_reader(trained, files, capsys):
    arguments = ["predict", "--model", str(trained), "--pattern", "1", str(files)]
    assert cli.main(arguments) == 1
    assert "--pattern needs a model that train --variant strings" in capsys.readouterr().err


def test_a_line_reader_finds_the_digits_of_a_page(strings, trained, capsys):
    reader, folder = strings
    arguments = ["predict", "--model", str(trained), "--split", "--reader", reader, "--json"]
    assert cli.main([*arguments, folder]) == 0
    pages = json.loads(capsys.readouterr().out)
    # This reader is hardly trained and sees little; the model decides, and digits are flagged.
    assert len(pages) == 3
    assert any("readers-disagree" in d["flags"] for page in pages for d in page["digits"])


@pytest.fixture
def asked(monkeypatch):
    """The arguments of `read_files`, which reads nothing here."""
    asked = {}

    def note(files, model, **settings):
        asked.update(settings, files=files, model=model)
        return ReadSummary(len(files), 0, 0.1)

    monkeypatch.setattr("sklearn_lenet.distributed.read_files", note)
    return asked


def test_out_reads_with_the_same_models_and_settings(strings, trained, asked, tmp_path, capsys):
    reader, folder = strings
    out = ["--out", str(tmp_path / "t")]
    arguments = ["predict", "--model", str(trained), "--split", "--reader", reader, *out]
    assert cli.main([*arguments, "--min-confidence", "0.5", folder]) == 0
    assert asked.pop("model").classes_.tolist() == list(range(10))
    assert asked.pop("reader").alphabet_ == "01"
    assert [name.split("/")[-1] for name in asked.pop("files")] == ["0.png", "1.png", "2.png"]
    assert asked == {
        "out": out[1],
        "split": True,
        "min_confidence": 0.5,
        "n_workers": None,
        "verbose": 1,
    }
    arguments = ["predict", "--model", reader, "--pattern", "1", "--min-confidence", "0.5", *out]
    assert cli.main([*arguments, "--workers", "3", folder]) == 0
    assert asked["model"].get_params()["pattern"] == "1"
    assert asked["model"].get_params()["min_confidence"] == 0.5
    assert asked["n_workers"] == 3


def test_out_and_csv_are_two_forms(capsys):
    with pytest.raises(SystemExit):
        cli.main(["predict", "a.png", "--csv", "--out", "t"])
    assert "argument --out: not allowed with argument --csv" in capsys.readouterr().err


@pytest.mark.parametrize("split", [[], ["--split"]])
def test_a_line_reader_of_a_page_is_a_line_reader(trained, files, capsys, split):
    arguments = ["predict", "--model", str(trained), *split, "--reader", str(trained)]
    assert cli.main([*arguments, str(files)]) == 1
    assert "--reader needs --split and a model that train" in capsys.readouterr().err
