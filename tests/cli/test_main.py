"""The parser: version, help, mistakes and completion."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sklearn_lenet
from sklearn_lenet import cli
from sklearn_lenet.cli import _info


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


def test_ctrl_c_is_one_line_and_130(monkeypatch, capsys, trained):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(_info, "as_info", stop)
    assert cli.main(["info", str(trained)]) == 130
    assert capsys.readouterr() == ("", "sklearn-lenet info: interrupted\n")


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes only on POSIX")
def test_any_name_of_a_file_is_shown_on_an_ascii_terminal(trained, files):
    strange = [b"\xff.png", b"a\nb.png", b"\x1b[31m.png", "čtyři.png".encode()]
    content = (files / "1.png").read_bytes()
    folder = files / "strange"
    folder.mkdir()
    for name in strange:
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_bytes(content)
    (folder / "broken\n.png").write_bytes(b"")
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "sklearn_lenet", "predict", str(folder), "--model", trained]
    for form in ([], ["--json"], ["--csv"]):
        done = subprocess.run([*command, *form], capture_output=True, env=environment, check=False)
        assert done.returncode == 1, done.stderr  # one of the files is empty
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout + done.stderr
        assert b"udcff" in done.stdout
    assert done.stderr.count(b"\n") == 1
    assert rb"broken\n.png is empty" in done.stderr


def test_a_path_that_cannot_be_written_is_noticed_before_training(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sklearn_lenet.datasets.split_rows", lambda _: pytest.fail("too late"))
    assert cli.main(["train", "--out", str(tmp_path / "nowhere" / "a.lenet")]) == 1
    assert "nowhere is not a folder: create it" in capsys.readouterr().err
