"""One answer per file; an error does not stop the rest."""

import numpy as np
from PIL import Image

from sklearn_lenet.reading._answers import answers_of_files


class Fours:
    """A model that predicts a 4 for everything."""

    classes_ = np.arange(10)

    def predict_proba(self, rows):
        return np.tile(np.eye(10)[4], (len(rows), 1))


def test_errors_are_answers(tmp_path):
    page = np.full((60, 100), 255, np.uint8)
    page[10:50, 20:25] = page[10:50, 70:75] = 0
    Image.fromarray(page).save(tmp_path / "page.png")
    Image.fromarray(np.full((60, 100), 255, np.uint8)).save(tmp_path / "blank.png")
    files = [str(tmp_path / name) for name in ("missing.png", "blank.png", "page.png")]
    missing, blank, page = answers_of_files(files, Fours(), split=True, min_confidence=0.0)
    assert missing.error == f"{files[0]} does not exist."
    assert blank.error.startswith(f"{files[1]}: the picture is blank")
    assert (missing.digits, blank.digits) == ([], [])
    assert (page.file, page.error) == (files[2], None)
    assert [digit.label for digit in page.digits] == [4, 4]
    (whole,) = answers_of_files(files[2:], Fours(), split=False, min_confidence=0.0)
    assert [digit.box for digit in whole.digits] == [(20, 10, 75, 50)]
