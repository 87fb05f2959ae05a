"""The parser: version, help, mistakes and completion."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sklearn_lenet
from sklearn_lenet import cli


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["info", "nowhere.lenet"], "nowhere.lenet"),
        (["info", __file__], "is not a model file; load_model reads files that save_model wrote"),
        (["train", "--epochs", "0", "--out", "a"], "--epochs 0 is not a number of epochs"),
        (["train", "--seed", "-1", "--out", "a"], "--seed -1 is negative"),
        (["predict", "*.nothing"], "*.nothing matches no file"),
        (["predict", str(Path(__file__).parent)], "contains no picture: no name ends in .bmp"),
    ],
)
def test_mistakes_are_one_sentence(arguments, message, capsys, trained):
    if arguments[0] == "predict":
        arguments = [*arguments, "--model", str(trained)]
    assert cli.main(arguments) == 1
    printed = capsys.readouterr().err
    assert message in printed
    assert printed.startswith(f"sklearn-lenet {arguments[0]}: ")
    assert len(printed.splitlines()) == 1


def test_the_shell_completes_commands():
    pytest.importorskip("argcomplete", reason="argcomplete is an extra")
    code = "from sklearn_lenet.cli import main; main()"
    environment = {"_ARGCOMPLETE": "1", "COMP_LINE": "sklearn-lenet ev", "COMP_POINT": "16"}
    environment |= {"_ARGCOMPLETE_STDOUT_FILENAME": "/dev/stdout", "_ARGCOMPLETE_IFS": "\n"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True
    )
    assert done.stdout.split() == ["evaluate"]
