"""The figures in the README are those of the committed JSON."""

import _record
import defaults


def test_the_readme_says_what_was_measured():
    readme = (_record.ROOT / "README.md").read_text()
    measured = _record.load("defaults")
    assert _record.between_marks(readme, "defaults").splitlines() == defaults.table(measured)


def test_the_claims_hold_in_what_was_measured():
    measured = _record.load("defaults")
    assert not measured["environment"]["uncommitted_changes"]
    lenet = "LeNet5Classifier()"
    assert sum(measured["digits"][lenet]["accuracies"]) / 3 >= 0.963
    assert max(measured["digits"][lenet]["seconds"]) < 60
    assert sum(measured["mnist"][lenet]["accuracies"]) / 3 >= 0.985
    assert measured["jobs"]["same_best_params"]
    assert measured["jobs"]["ratio"] <= 1


def test_marks():
    text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    new = _record.put_between_marks(text, "x", ["1", "2"])
    assert new == "a\n<!-- x -->\n1\n2\n<!-- end of x -->\nb"
    assert _record.between_marks(new, "x") == "1\n2"
