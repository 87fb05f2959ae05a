"""Results on disk: a run that is done is kept, and a damaged file is ignored."""

import pytest
from comparison.models import MODELS
from comparison.results import Results
from comparison.run import Run

ONE = Run("logistic", 200, 0, thorough=True)


def test_a_run_that_is_written_is_done(tmp_path):
    results = Results(tmp_path)
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)
    assert not results.has(ONE._replace(seed=1))
    results.add(ONE._replace(seed=1), {"accuracy": 0.6})
    results.add(ONE, {"accuracy": 0.7})
    assert [kept["accuracy"] for kept in results.of("logistic")] == [0.7, 0.6]
    assert [path.name for path in tmp_path.iterdir()] == ["logistic.json"]


@pytest.mark.parametrize(
    "text", ["", '{"model": "logistic", "runs": [{"call"', "[]", '{"runs": [{}]}', '{"runs": 3}']
)
def test_runs_in_a_damaged_file_are_repeated(tmp_path, text):
    results = Results(tmp_path)
    (tmp_path / "logistic.json").write_text(text)
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)


def test_runs_with_an_error_or_other_settings_are_repeated(tmp_path, monkeypatch):
    results = Results(tmp_path)
    results.add(ONE, {"error": "MemoryError"})
    assert not results.has(ONE)
    results.add(ONE, {"accuracy": 0.5})
    assert results.has(ONE)
    monkeypatch.setitem(MODELS, "logistic", MODELS["neighbours"])
    assert not results.has(ONE)


def test_all_rows_count_as_the_largest_number(tmp_path):
    results = Results(tmp_path)
    for n_rows, accuracy in [(None, 0.9), (200, 0.5)]:
        results.add(ONE._replace(n_rows=n_rows), {"accuracy": accuracy})
    assert [kept["accuracy"] for kept in results.full()["logistic"]] == [0.9]
