"""The steps of an estimator that is exported."""

import pytest
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from sklearn_lenet import DenseDigitClassifier, PadNormalizer
from sklearn_lenet.export._steps import steps_of


def test_a_classifier_alone_and_behind_steps():
    first, classifier = PadNormalizer(), DenseDigitClassifier()
    assert steps_of(classifier, "export_x") == ([], classifier)
    pipeline = make_pipeline(first, "passthrough", None, classifier)
    assert steps_of(pipeline, "export_x") == ([first], classifier)


def test_another_classifier_is_an_error_that_names_the_function():
    with pytest.raises(TypeError, match="export_x cannot export SVC; pass a LeNet5Classifier, a "):
        steps_of(make_pipeline(PadNormalizer(), SVC()), "export_x")
