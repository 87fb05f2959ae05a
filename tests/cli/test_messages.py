"""Messages go to stderr."""

import pytest

from sklearn_lenet.cli._messages import shown, tell


def test_a_message_is_a_line_on_stderr(capsys):
    tell("Making more rows.")
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "Making more rows.\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a b.png", "a b.png"),
        ("a\nb", r"a\nb"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\udcff", r"\udcff"),
        ("čtyři 四", "čtyři 四"),
        ("\u202egnp", r"\u202egnp"),
        ("\x7f\x00", r"\x7f\x00"),
    ],
)
def test_what_a_terminal_would_obey_is_escaped(name, expected, capsys):
    assert shown(name) == expected
    tell(name)
    assert capsys.readouterr().err == expected + "\n"
