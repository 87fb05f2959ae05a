"""Messages go to stderr."""

from sklearn_lenet.cli._messages import tell


def test_a_message_is_a_line_on_stderr(capsys):
    tell("Making more rows.")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Making more rows.\n")
