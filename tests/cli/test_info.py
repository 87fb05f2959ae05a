"""`sklearn-lenet info`: the contents of a model file."""

from sklearn_lenet import cli


def test_info_prints_the_model(trained, capsys):
    assert cli.main(["info", str(trained)]) == 0
    printed = capsys.readouterr().out
    for word in ("LeNet5Classifier(", "61,706", "12 epochs", "28x28", "format 1", "torch"):
        assert word in printed
