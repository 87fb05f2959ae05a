"""`sklearn-lenet train`: variants, messages and the file."""

import re

import sklearn_lenet
from sklearn_lenet import cli
from sklearn_lenet.cli import _train
from sklearn_lenet.estimators import VARIANTS


def test_the_listed_variants_are_those_of_the_package():
    assert list(_train.VARIANTS) == [*VARIANTS, _train.STRINGS]


def test_train_prints_rows_epochs_and_accuracy(tmp_path, capsys):
    path = tmp_path / "a.lenet"
    arguments = ["train", "--data", "digits", "--variant", "dense", "--epochs", "2", "--seed", "3"]
    assert cli.main([*arguments, "--device", "cpu", "--out", str(path)]) == 0
    printed = capsys.readouterr()
    assert "DenseDigitClassifier on 1,347 rows of scikit-learn's bundled digits" in printed.err
    assert re.search(r"a\.lenet: \d\d\.\d\d% accuracy on 450 test rows", printed.out)
    assert "epoch" in printed.out.lower()
    again = sklearn_lenet.load_model(path)
    assert (again.random_state, again.verbose, again.n_iter_) == (3, 0, 2)


def test_the_variant_for_pictures_has_a_class_of_non_digits(tmp_path, capsys):
    path = tmp_path / "a.lenet"
    arguments = ["train", "--data", "digits", "--variant", "pictures", "--epochs", "2"]
    assert cli.main([*arguments, "--out", str(path)]) == 0
    printed = capsys.readouterr()
    assert "Making more rows" in printed.err
    rows = int(re.search(r"on ([\d,]+) rows", printed.err)[1].replace(",", ""))
    assert rows > 1.4 * 1347
    again = sklearn_lenet.load_model(path)
    assert again.classes_.tolist() == [-1, *range(10)]
    assert again.class_weight == {-1: 0.2}
    assert cli.main(["evaluate", str(path), "--data", "digits"]) == 0
    assert "450 test rows" in capsys.readouterr().out
