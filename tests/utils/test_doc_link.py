"""Every public estimator has a link to its page."""

import pytest

import sklearn_lenet


@pytest.mark.parametrize(
    "name",
    [
        "LeNet5Classifier",
        "DenseDigitClassifier",
        "PadNormalizer",
        "DigitImageReader",
        "LayerFeatures",
    ],
)
def test_the_link_has_the_name_of_the_class(name):
    link = getattr(sklearn_lenet, name)()._get_doc_link()
    site = "https://sklearn-lenet.github.io/sklearn-lenet/generated/"
    assert link == f"{site}sklearn_lenet.{name}.html"
