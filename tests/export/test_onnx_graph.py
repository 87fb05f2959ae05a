"""The graph gives the labels and probabilities of the estimator."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    RobustScaler,
    StandardScaler,
)

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, export_onnx

ort = pytest.importorskip("onnxruntime", reason="onnxruntime is in the extra onnx")


ONE = {"max_epochs": 1, "random_state": 0}


MODELS = {
    "default": LeNet5Classifier(**ONE),
    "tanh, average": LeNet5Classifier(**ONE, activation="tanh", pooling="avg"),
    "sigmoid": LeNet5Classifier(**ONE, activation="sigmoid"),
    "the activation of 1998": LeNet5Classifier(**ONE, activation="scaled_tanh", pooling="avg"),
    "no border": LeNet5Classifier(**ONE, input_size=None),
    "small field": LeNet5Classifier(**ONE, input_size=17),
    "dense": DenseDigitClassifier(**ONE),
    "deep": DenseDigitClassifier(**ONE, hidden_layer_sizes=(9, 8, 7), activation="tanh"),
    "logistic": DenseDigitClassifier(**ONE, hidden_layer_sizes=()),
    "padded": make_pipeline(PadNormalizer(), LeNet5Classifier(**ONE)),
    "padded by 24": make_pipeline(PadNormalizer(size=24), LeNet5Classifier(**ONE)),
    "scaled": make_pipeline(
        StandardScaler(), MinMaxScaler(), MaxAbsScaler(), RobustScaler(), "passthrough",
        DenseDigitClassifier(**ONE),
    ),
}  # fmt: skip


def answers(path, X):
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert [i.name for i in session.get_inputs()] == ["pixels"]
    return session.run(["label", "probabilities"], {"pixels": np.asarray(X, np.float32)})


@pytest.mark.parametrize("name", MODELS)
def test_the_graph_answers_as_the_estimator(name, tmp_path, digits):
    X, y = digits
    model = MODELS[name].fit(X[:300], y[:300])
    export_onnx(model, tmp_path / "a.onnx")
    labels, probabilities = answers(tmp_path / "a.onnx", X)
    np.testing.assert_allclose(probabilities, model.predict_proba(X), atol=1e-5)
    assert np.mean(labels == model.predict(X)) > 0.999  # equal but for ties to the last bit
    one = answers(tmp_path / "a.onnx", X[:1])
    assert one[0][0] == labels[0]
    assert len(answers(tmp_path / "a.onnx", X[:0])[0]) == 0


@pytest.mark.parametrize("columns", [1, 7, 63, 100])
def test_rows_that_fill_no_square(columns, tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, columns)), np.repeat([0, 1], 20)
    model = LeNet5Classifier(**ONE).fit(X, y)
    export_onnx(model, tmp_path / "a.onnx")
    np.testing.assert_allclose(
        answers(tmp_path / "a.onnx", X)[1], model.predict_proba(X.astype(np.float32)), atol=1e-5
    )


@pytest.mark.parametrize(
    "labels",
    [lambda y: y.astype(str), lambda y: y > 4, lambda y: y.astype(np.int8), lambda y: y * 2.0],
    ids=["str", "bool", "int8", "float"],
)
def test_labels_are_those_of_the_estimator(labels, tmp_path, digits):
    X, y = digits[0][:200], labels(digits[1][:200])
    model = DenseDigitClassifier(**ONE).fit(X, y)
    export_onnx(model, tmp_path / "a.onnx")
    assert answers(tmp_path / "a.onnx", X)[0].tolist() == model.predict(X).tolist()


def test_all_of_mnists_test_set(mnist, tmp_path):
    X, y, X_test, _ = mnist
    model = make_pipeline(PadNormalizer(), LeNet5Classifier(**ONE)).fit(X[:10_000], y[:10_000])
    export_onnx(model, tmp_path / "a.onnx")
    labels, probabilities = answers(tmp_path / "a.onnx", X_test)
    assert np.array_equal(labels, model.predict(X_test))
    np.testing.assert_allclose(probabilities, model.predict_proba(X_test), atol=1e-5)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (LeNet5Classifier(), NotFittedError, "LeNet5Classifier is not fitted yet"),
        (
            make_pipeline(Normalizer(), DenseDigitClassifier(**ONE)),
            TypeError,
            "export_onnx cannot export Normalizer; use PadNormalizer, StandardScaler",
        ),
        (
            LogisticRegression(max_iter=1000),
            TypeError,
            "export_onnx cannot export LogisticRegression; pass a LeNet5Classifier",
        ),
    ],
)
def test_what_cannot_be_exported(model, error, message, tmp_path, digits):
    if error is TypeError:
        model.fit(digits[0][:100] / 16, digits[1][:100])
    with pytest.raises(error, match=message):
        export_onnx(model, tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())
