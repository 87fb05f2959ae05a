"""`sklearn-lenet predict --out FOLDER --workers N|SCHEDULER`."""

import subprocess
import sys

import pytest

from sklearn_lenet import cli
from sklearn_lenet.cli import _workers

pandas = pytest.importorskip("pandas", reason="needs the extra dask")
distributed = pytest.importorskip("distributed", reason="needs the extra dask")


def test_two_processes_write_a_folder_of_parquet(trained, files, tmp_path, capsys):
    (files / "broken.png").write_text("no picture")
    out = str(tmp_path / "results.parquet")
    arguments = ["predict", str(files), "--model", str(trained), "--out", out, "--workers", "2"]
    assert cli.main(arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"The answers for 7 pictures are in {out}. 1 could not be read: see the column error.\n"
    )
    table = pandas.read_parquet(out)
    assert table["label"].fillna("none").tolist() == ["0", "1", "2", "3", "4", "5", "none"]
    # The model is loaded from its file again, and is known to be the same.
    assert cli.main(arguments) == 1
    assert cli.main([*arguments, "--min-confidence", "0.5"]) == 1
    assert "was begun with another min_confidence" in capsys.readouterr().err


@pytest.fixture
def scheduler():
    """A cluster in this process that answers at an address."""
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
    ) as cluster:
        yield cluster.scheduler


def test_a_scheduler_is_an_address_or_a_file(scheduler, files, tmp_path, capsys):
    named = tmp_path / "scheduler.json"
    named.write_text(f'{{"address": "{scheduler.address}"}}')
    for k, where in enumerate([scheduler.address, str(named)]):
        out = str(tmp_path / f"{k}.parquet")
        assert cli.main(["predict", str(files), "--split", "--out", out, "--workers", where]) == 0
        assert capsys.readouterr().err == f"The answers for 6 pictures are in {out}.\n"
        assert len(pandas.read_parquet(out)) == 6


def test_a_scheduler_that_does_not_answer_is_an_error(files, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(_workers, "WAIT", 0.2)
    where = "tcp://127.0.0.1:9"
    out = tmp_path / "t"
    assert cli.main(["predict", str(files), "--out", str(out), "--workers", where]) == 1
    assert capsys.readouterr().err == (
        f"sklearn-lenet predict: no scheduler answers at {where}: start one with `dask scheduler`, "
        "or name a number of processes.\n"
    )
    assert not out.exists()


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many"])
def test_what_names_no_workers(value, capsys):
    with pytest.raises(SystemExit):
        cli.main(["predict", "a.png", "--out", "t", f"--workers={value}"])
    assert (
        f"argument --workers: {value} is neither a number of processes, nor an address such as "
        "tcp://10.0.0.1:8786, nor the file of a scheduler"
    ) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", "2"], "--workers needs --out, the folder to write the answers to."),
        (
            ["--out", "t", "--show", "seen.png"],
            "--show draws the images of a few pictures: leave it out with --out.",
        ),
        (
            ["--out", "t", "--pattern", "1"],
            "--pattern needs a model that train --variant strings has made.",
        ),
    ],
)
def test_options_that_do_not_fit(files, capsys, arguments, message):
    assert cli.main(["predict", str(files), *arguments]) == 1
    assert capsys.readouterr().err == f"sklearn-lenet predict: {message}\n"


def test_without_out_no_dask_is_imported(files):
    code = (
        "import sys\n"
        "from sklearn_lenet import cli\n"
        f"cli.main(['predict', {str(files / '1.png')!r}])\n"
        "print([name for name in ('dask', 'distributed') if name in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
