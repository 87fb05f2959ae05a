"""read_files after a real kill: what was written is whole, and is not read again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from worker_models import Diary

from sklearn_lenet import read_files
from sklearn_lenet.distributed import _read_files
from sklearn_lenet.distributed._answers_folder import part_of

pandas = pytest.importorskip("pandas", reason="needs the extra dask")
pytest.importorskip("distributed", reason="needs the extra dask")


@pytest.fixture
def folder(tmp_path):
    """Nine pictures of a stroke, the fourth of which is blank and the seventh is none."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for k in range(9):
        page = np.full((80, 60), 255, np.uint8)
        page[15:65, 28:32] = 255 if k == 3 else 0
        Image.fromarray(page).save(folder / f"{k}.png")
    (folder / "6.png").write_text("no picture")
    return folder


SCRIPT = """
import sys
from sklearn_lenet import read_files
from worker_models import Diary

if __name__ == "__main__":
    folder, out, diary = sys.argv[1:]
    read_files(folder, Diary(diary, 0.1), out=out, n_workers=1, block_size=2)
"""


def test_a_call_goes_on_after_a_kill(client, folder, tmp_path):
    out, diary = tmp_path / "t", tmp_path / "diary"
    (tmp_path / "script.py").write_text(SCRIPT)
    paths = [str(Path(_read_files.__file__).parents[2]), str(Path(__file__).parents[1])]
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "script.py"), str(folder), str(out), str(diary)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    deadline = time.monotonic() + 60
    while len(list(out.glob("*.parquet"))) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    parts = sorted(out.glob("*.parquet"))
    assert 2 <= len(parts) < 5, "the test should have killed it before the end"
    finished = pandas.concat([pandas.read_parquet(part) for part in parts])
    assert len(finished) == sum(1 if part == part_of(out, 4) else 2 for part in parts)
    times = [part.stat().st_mtime_ns for part in parts]

    model = Diary(str(diary), 0.1)
    diary.write_text("")
    assert read_files(str(folder), model, out=out, client=client, block_size=2)[:2] == (9, 2)
    assert diary.read_text().count("read") == 7 - finished["error"].isna().sum()
    assert [part.stat().st_mtime_ns for part in parts] == times
    again = tmp_path / "again"
    read_files(str(folder), model, out=again, client=client, block_size=2)
    pandas.testing.assert_frame_equal(pandas.read_parquet(out), pandas.read_parquet(again))
    assert [name for name in os.listdir(out) if name.startswith(".")] == []
