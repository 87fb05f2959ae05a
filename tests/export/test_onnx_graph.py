"""The graph gives the labels and probabilities of the estimator."""

import numpy as np
import pytest
from helpers import exactly
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


def run_graph(path, X):
    """Return the labels and probabilities that onnxruntime computes."""
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert [i.name for i in session.get_inputs()] == ["pixels"]
    return session.run(["label", "probabilities"], {"pixels": np.asarray(X, np.float32)})


@pytest.mark.parametrize("name", MODELS)
def test_the_graph_predicts_as_the_estimator(name, tmp_path, digits):
    X, y = digits
    model = MODELS[name].fit(X[:300], y[:300])
    export_onnx(model, tmp_path / "a.onnx")
    labels, probabilities = run_graph(tmp_path / "a.onnx", X)
    np.testing.assert_allclose(probabilities, model.predict_proba(X), atol=1e-5)
    assert np.mean(labels == model.predict(X)) > 0.999  # different only if two scores are equal
    one = run_graph(tmp_path / "a.onnx", X[:1])
    assert one[0][0] == labels[0]
    assert len(run_graph(tmp_path / "a.onnx", X[:0])[0]) == 0


@pytest.mark.parametrize("columns", [1, 7, 63, 100])
def test_rows_that_are_not_a_square(columns, tmp_path):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, columns)), np.repeat([0, 1], 20)
    model = LeNet5Classifier(**ONE).fit(X, y)
    export_onnx(model, tmp_path / "a.onnx")
    np.testing.assert_allclose(
        run_graph(tmp_path / "a.onnx", X)[1], model.predict_proba(X.astype(np.float32)), atol=1e-5
    )


@pytest.mark.parametrize(
    "labels",
    [lambda y: y.astype(str), lambda y: y > 4, lambda y: y.astype(np.int8), lambda y: y * 2.0],
    ids=["str", "bool", "int8", "float"],
)
def test_labels_have_the_type_of_the_estimator(labels, tmp_path, digits):
    X, y = digits[0][:200], labels(digits[1][:200])
    model = DenseDigitClassifier(**ONE).fit(X, y)
    export_onnx(model, tmp_path / "a.onnx")
    assert run_graph(tmp_path / "a.onnx", X)[0].tolist() == model.predict(X).tolist()


def test_the_whole_test_set_of_mnist(mnist, tmp_path):
    X, y, X_test, _ = mnist
    model = make_pipeline(PadNormalizer(), LeNet5Classifier(**ONE)).fit(X[:10_000], y[:10_000])
    export_onnx(model, tmp_path / "a.onnx")
    labels, probabilities = run_graph(tmp_path / "a.onnx", X_test)
    assert np.array_equal(labels, model.predict(X_test))
    np.testing.assert_allclose(probabilities, model.predict_proba(X_test), atol=1e-5)


def fitted(model, digits):
    return model.fit(digits[0][:100] / 16, digits[1][:100])


def with_unknown(parameter):
    """Return a function that makes a fitted classifier whose pooling or activation is unknown."""

    def make(digits):
        model = fitted(LeNet5Classifier(**ONE), digits)
        model.architecture_[parameter] = "median"
        return model

    return make


REFUSED = {
    "transformer": (
        lambda digits: fitted(make_pipeline(Normalizer(), DenseDigitClassifier(**ONE)), digits),
        TypeError,
        "export_onnx cannot export Normalizer; use PadNormalizer, StandardScaler, MinMaxScaler "
        "without clip, MaxAbsScaler or RobustScaler before the classifier, or export the "
        "classifier alone.",
    ),
    "clipping": (
        lambda digits: fitted(
            make_pipeline(MinMaxScaler(clip=True), DenseDigitClassifier(**ONE)), digits
        ),
        TypeError,
        "export_onnx cannot export MinMaxScaler; use PadNormalizer, StandardScaler, MinMaxScaler "
        "without clip, MaxAbsScaler or RobustScaler before the classifier, or export the "
        "classifier alone.",
    ),
    "classifier": (
        lambda digits: fitted(LogisticRegression(max_iter=1000), digits),
        TypeError,
        "export_onnx cannot export LogisticRegression; pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a Pipeline that ends in one.",
    ),
    "pooling": (
        with_unknown("pooling"),
        ValueError,
        "export_onnx cannot export pooling='median'; it knows max, avg.",
    ),
    "activation": (
        with_unknown("activation"),
        ValueError,
        "export_onnx cannot export activation='median'; it knows relu, tanh, sigmoid, logistic, "
        "scaled_tanh, identity.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_graph_cannot_express_is_refused(case, tmp_path, digits):
    make, error, message = REFUSED[case]
    model = make(digits)
    with pytest.raises(error, match=exactly(message)):
        export_onnx(model, tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())
