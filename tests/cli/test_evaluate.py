"""`sklearn-lenet evaluate`: the report, the confusion matrix and its plot."""

from PIL import Image

from sklearn_lenet import cli


def test_the_report_and_the_plot(trained, capsys, tmp_path):
    plot = tmp_path / "confusion.png"
    assert cli.main(["evaluate", str(trained), "--data", "digits", "--plot", str(plot)]) == 0
    printed = capsys.readouterr().out
    assert "450 test rows of scikit-learn's bundled digits" in printed
    for word in ("precision", "recall", "f1-score", "accuracy", "Confusion matrix"):
        assert word in printed
    with Image.open(plot) as drawn:
        assert drawn.size[0] > 400
