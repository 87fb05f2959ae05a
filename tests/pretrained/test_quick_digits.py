"""QuickDigits gives the answers of the pretrained model without torch."""

import subprocess
import sys
import time

import numpy as np
import pytest
from drawn_seven import seven
from numpy.testing import assert_allclose

from sklearn_lenet import add_non_digits, load_pretrained, read_digits
from sklearn_lenet.datasets._drawn_digits import drawn_digits
from sklearn_lenet.pretrained import QuickDigits


@pytest.fixture(scope="module")
def rows():
    """Drawn digits and rows that are no digits, more than one batch."""
    X, y = drawn_digits(np.array(list("0123456789") * 30), np.random.RandomState(0))
    return add_non_digits(X, y.astype(int), random_state=0)[0]


def test_probabilities_and_novelty_are_those_of_the_model(rows):
    quick, model = QuickDigits(), load_pretrained("digits")
    assert len(rows) > 256
    assert quick.classes_.tolist() == model.classes_.tolist()
    assert quick.novelty_threshold_ == model.novelty_threshold_
    assert_allclose(quick.predict_proba(rows), model.predict_proba(rows), atol=2e-6)
    assert_allclose(quick.novelty_score(rows), model.novelty_score(rows), atol=2e-6)


def test_no_rows_have_no_probabilities():
    assert QuickDigits().predict_proba(np.empty((0, 784))).shape == (0, 11)


def test_a_page_is_read_as_by_the_model():
    page = seven(size=(160, 320))
    page.paste(seven(size=(120, 110)), (150, 20))
    quick, slow = (read_digits(page, model) for model in (QuickDigits(), load_pretrained()))
    assert [digit.label for digit in quick] == [7, 7]
    for one, other in zip(quick, slow, strict=True):
        assert (one.label, one.box, one.flags) == (other.label, other.box, other.flags)


def test_the_command_line_reads_without_torch_and_within_seconds(tmp_path):
    seven().save(tmp_path / "seven.png")
    program = (
        "import sys; from sklearn_lenet.cli import main; "
        "sys.exit(main(sys.argv[1:]) or 'torch' in sys.modules)"
    )
    command = [sys.executable, "-c", program, "predict", "--split", str(tmp_path / "seven.png")]
    start = time.perf_counter()
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[1].split()[1] == "7"
    assert seconds < 10  # 1.6 s on an idle machine; tests run beside each other
