"""The progress bar over files."""

from sklearn_lenet.cli._progress import with_progress


def test_without_a_terminal_there_is_no_bar(capsys):
    assert list(with_progress(range(50), 50)) == list(range(50))
    assert capsys.readouterr().err == ""
