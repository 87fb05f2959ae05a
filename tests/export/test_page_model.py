"""What the page gets of a fitted classifier."""

import json

import numpy as np
import pytest
from helpers import exactly, quick
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sklearn_lenet import DenseDigitClassifier, DigitImageReader, PadNormalizer
from sklearn_lenet.export._page_model import Weights, page_model


def test_arrays_lie_one_after_the_other():
    weights = Weights()
    assert weights.add([[1, 2], [3, 4]]) == {"start": 0, "shape": [2, 2]}
    assert weights.add([5.0]) == {"start": 4, "shape": [1]}
    assert weights.all().tolist() == [1, 2, 3, 4, 5]
    assert weights.all().dtype == np.float32


def test_layers_are_in_their_order_and_name_their_weights(fitted):
    fields, weights = page_model(fitted)
    names = [layer["name"] for layer in fields["layers"]]
    assert names == ["C1", "S2", "C3", "S4", "C5", "F6", "output"]
    start, shape = fields["layers"][4]["weight"].values()
    c5 = weights[start : start + np.prod(shape)].reshape(shape)
    assert (c5 == fitted.module_.c5.weight.detach().numpy()).all()
    assert fields["layers"][-1]["activation"] == "identity"
    n_weights = sum(weight.numel() for weight in fitted.module_.parameters())
    assert weights.size == n_weights + fitted.prototypes_.size


def test_a_dense_net_has_no_field(digits):
    X, y = digits
    model = quick(DenseDigitClassifier, hidden_layer_sizes=(5, 4)).fit(X[:50], y[:50])
    fields, _ = page_model(model)
    assert [layer["name"] for layer in fields["layers"]] == ["hidden1", "hidden2", "output"]
    assert [step["kind"] for step in fields["preparation"]] == ["scale", "clip"]


def test_drawings_get_the_values_of_the_training_images(images):
    X, y = images
    for pixels, ends in [(X, (0, 255)), (255 - X, (255, 0)), (X / 255, (0, 1))]:
        image = page_model(quick().fit(pixels, y))[0]["image"]
        assert (image["paper"], image["ink"]) == ends
        assert (image["height"], image["width"], image["size"]) == (28, 28, 784)
        pipe = make_pipeline(PadNormalizer(), quick()).fit(pixels, y)
        assert page_model(pipe)[0]["image"] == image


def test_a_pipeline_is_taken_apart(images):
    X, y = images
    pipe = make_pipeline(DigitImageReader(stroke_width=3), "passthrough", PadNormalizer(), quick())
    fields, _ = page_model(pipe.fit(list(X), y))
    assert fields["strokeWidth"] == 3
    kinds = [step["kind"] for step in fields["preparation"]]
    assert kinds == ["polarity", "field", "scale", "field", "scale", "clip"]


def test_polarity_that_is_not_matched_is_no_step(images):
    X, y = images
    pipe = make_pipeline(PadNormalizer(match_polarity=False), quick()).fit(X, y)
    assert "polarity" not in [step["kind"] for step in page_model(pipe)[0]["preparation"]]


@pytest.mark.parametrize(
    ("labels", "expected", "no_digit"),
    [
        ([-1, 0, 1], ["-1", "0", "1"], 0),
        (["-1", "a", "ü"], ["-1", "a", "ü"], 0),
        ([0.0, 1.0, 2.0], ["0.0", "1.0", "2.0"], None),
        ([0, 1, 2], ["0", "1", "2"], None),
    ],
)
def test_labels_are_text_and_no_digit_is_known(images, labels, expected, no_digit):
    X, y = images
    fields, _ = page_model(quick().fit(X, np.array(labels)[y]))
    assert fields["labels"] == expected
    assert fields["noDigit"] == no_digit


def test_a_model_without_novelty_has_none_on_the_page(images):
    X, y = images
    assert page_model(quick().partial_fit(X, y, classes=[0, 1, 2]))[0]["novelty"] is None
    unlimited = quick(calibrate=False).fit(X, y)
    unlimited.novelty_threshold_ = np.inf
    fields, _ = page_model(unlimited)
    assert fields["novelty"] is None
    json.dumps(fields, allow_nan=False)


def test_other_estimators_and_steps_are_refused(digits):
    X, y = digits
    message = (
        "export_page cannot export SVC; pass a LeNet5Classifier, a DenseDigitClassifier, or a "
        "Pipeline that ends in one."
    )
    with pytest.raises(TypeError, match=exactly(message)):
        page_model(SVC().fit(X[:50], y[:50]))
    pipe = make_pipeline(StandardScaler(), quick(DenseDigitClassifier)).fit(X[:50], y[:50])
    with pytest.raises(TypeError, match=r"cannot export StandardScaler; before the classifier"):
        page_model(pipe)
