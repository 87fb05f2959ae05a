"""scikit-learn's contract: every check, no expected failure, no tag that shortens the list."""

from unittest import SkipTest

import pytest
import sklearn
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import parametrize_with_checks

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    DigitStringReader,
    LayerFeatures,
    LeNet5Classifier,
    PadNormalizer,
)

# The defaults are checked as they are. The other estimators get fewer epochs: enough for the
# accuracy that the checks require, and no check of theirs depends on the length of the training.
SHORT = {"max_epochs": 10}
# `make matrix` checks these as well; they take too long for `make test`.
VARIANTS = [
    LeNet5Classifier(activation="tanh", pooling="avg", **SHORT),
    LeNet5Classifier(input_size=None, activation="relu", pooling="avg", **SHORT),
    LeNet5Classifier(activation="sigmoid"),  # learns more slowly
    LeNet5Classifier(activation="scaled_tanh", pooling="avg", **SHORT),
]
CLASSIFIERS = [LeNet5Classifier(), *VARIANTS, DenseDigitClassifier()]
# The checks seed what has a random_state; inside another estimator they do not look for it.
TRANSFORMERS = [
    PadNormalizer(),
    DigitImageReader(),
    LayerFeatures(LeNet5Classifier(random_state=0, **SHORT)),
]
PIPELINES = [
    make_pipeline(PadNormalizer(), LeNet5Classifier(random_state=0, **SHORT)),
    make_pipeline(PadNormalizer(), DenseDigitClassifier(random_state=0, **SHORT)),
]

READERS = [DigitStringReader(max_epochs=1)]

# How many checks scikit-learn has for a classifier, for PadNormalizer, for a pipeline that ends
# in a classifier, for DigitImageReader, for LayerFeatures and for DigitStringReader, by its
# version: a shorter list would be green too.
# The reader learns nothing, so it has one check of an unfitted estimator and not another; it
# returns one type of pixels, so it has none of keeping the type.
COUNTS = {
    "1.6": (63, 47, 54, 45, 47, 41),
    "1.7": (62, 47, 54, 45, 47, 41),
    "1.8": (62, 47, 54, 45, 47, 41),
    "1.9": (63, 47, 54, 45, 47, 41),
}
KINDS = {
    PadNormalizer: 1,
    Pipeline: 2,
    DigitImageReader: 3,
    LayerFeatures: 4,
    DigitStringReader: 5,
}


def pipeline_fails_by_itself(estimator):
    """Name the checks that scikit-learn's own tests expect of no Pipeline, whatever is in it."""
    if not isinstance(estimator, Pipeline):
        return {}
    reason = "Pipeline.fit assigns its steps anew; goes when scikit-learn's own tests drop it"
    return dict.fromkeys(
        ["check_dont_overwrite_parameters", "check_estimators_overwrite_params"], reason
    )


contract = parametrize_with_checks(
    [*CLASSIFIERS, *TRANSFORMERS, *READERS, *PIPELINES],
    expected_failed_checks=pipeline_fails_by_itself,
)
# A list, because scikit-learn before 1.9 hands pytest a generator, which pytest 10 refuses.
CASES = list(contract.args[1])
CASES = [
    pytest.param(*case, marks=pytest.mark.slow) if case[0] in VARIANTS else case for case in CASES
]


@pytest.mark.parametrize(("estimator", "check"), CASES, ids=contract.kwargs["ids"])
def test_contract(estimator, check):
    try:
        check(estimator)
    except SkipTest as skipped:
        pytest.fail(f"the check skipped itself: {skipped}")


@pytest.mark.parametrize("estimator", [*CLASSIFIERS, *TRANSFORMERS, *READERS, *PIPELINES], ids=repr)
def test_no_check_is_missing(estimator):
    checked = [repr(getattr(case, "values", case)[0]) for case in CASES]
    ran = checked.count(repr(estimator))
    assert ran == COUNTS[sklearn.__version__[:3]][KINDS.get(type(estimator), 0)]


def test_no_tag_shortens_the_list():
    for estimator in [*CLASSIFIERS, *TRANSFORMERS, *READERS]:
        tags = get_tags(estimator)
        assert not tags.non_deterministic
        assert not tags.no_validation
        assert not tags._skip_test
        assert tags.input_tags.two_d_array
        if tags.classifier_tags is not None:
            assert not tags.classifier_tags.poor_score
            assert tags.classifier_tags.multi_class
