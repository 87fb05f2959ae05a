"""One small test for each library of the guide's page "Works with", run where it is installed."""

import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sklearn_lenet import (
    DenseDigitClassifier,
    DigitImageReader,
    LayerFeatures,
    LeNet5Classifier,
    PadNormalizer,
)

X, Y = (part[:300] for part in load_digits(return_X_y=True))

ESTIMATORS = {
    "LeNet": LeNet5Classifier(max_epochs=2, random_state=0),
    "dense": DenseDigitClassifier(max_epochs=2, random_state=0),
    "pipeline": make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0)),
}


@pytest.fixture
def library():
    """Import a library, or skip; warnings of its own are not ours."""

    def imported(name):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pytest.importorskip(name, reason=f"{name} belongs to the extra ecosystem")

    return imported


@pytest.mark.parametrize("name", ESTIMATORS)
def test_skops(name, library):
    sio = library("skops.io")
    from sklearn_lenet.persistence import SKOPS_TRUSTED

    model = ESTIMATORS[name].fit(X, Y)
    loaded = sio.loads(sio.dumps(model), trusted=SKOPS_TRUSTED)
    np.testing.assert_array_equal(loaded.predict_proba(X), model.predict_proba(X))


def test_skops_transformers(library):
    sio = library("skops.io")
    from sklearn_lenet.persistence import SKOPS_TRUSTED

    for model in (LayerFeatures(ESTIMATORS["dense"], layer="hidden2"), DigitImageReader()):
        loaded = sio.loads(sio.dumps(model.fit(X, Y)), trusted=SKOPS_TRUSTED)
        np.testing.assert_array_equal(loaded.transform(X[:9]), model.transform(X[:9]))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of skl2onnx, with new NumPy
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_skl2onnx(dtype, library):
    skl2onnx, ort = library("skl2onnx"), library("onnxruntime")
    from sklearn_lenet.export import register_skl2onnx

    register_skl2onnx()
    steps = {
        "alone": LeNet5Classifier(max_epochs=2, random_state=0),
        "scaled": make_pipeline(StandardScaler(), DenseDigitClassifier(max_epochs=2)),
        "other steps": make_pipeline(PCA(20), DenseDigitClassifier(max_epochs=2)),
        "padded": make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1)),
        "two nets": make_pipeline(PadNormalizer(size=20), PadNormalizer(), LeNet5Classifier()),
    }
    data = X.astype(dtype)
    for name, model in steps.items():
        model.set_params(**{key: 1 for key in model.get_params() if key.endswith("max_epochs")})
        model.fit(data, Y)
        graph = skl2onnx.to_onnx(model, data[:1], options={"zipmap": False}, target_opset=17)
        session = ort.InferenceSession(graph.SerializeToString())
        labels, probabilities = session.run(None, {session.get_inputs()[0].name: data})
        expected = model.predict_proba(data)
        np.testing.assert_allclose(probabilities, expected, atol=1e-4, err_msg=name)
        assert np.mean(labels == model.predict(data)) > 0.99, name


def test_optuna_prunes(library):
    optuna = library("optuna")
    from skorch.callbacks import Callback

    class Prune(Callback):
        def __init__(self, trial):
            self.trial = trial

        def on_epoch_end(self, net, **kwargs):
            self.trial.report(net.history[-1, "valid_acc"], net.history[-1, "epoch"])
            if self.trial.should_prune():
                raise optuna.TrialPruned

    def objective(trial):
        lr = [0.008, 1e-9, 0.01][trial.number]
        model = LeNet5Classifier(lr=lr, max_epochs=4, callbacks=[Prune(trial)], random_state=0)
        model.fit(X[:200], Y[:200], X_val=X[200:], y_val=Y[200:])
        return model.best_validation_score_

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=1)
    study = optuna.create_study(direction="maximize", pruner=pruner)
    study.optimize(objective, n_trials=3)
    assert [trial.state.name for trial in study.trials[:2]] == ["COMPLETE", "PRUNED"]


def test_shap_knows_the_layers(library):
    shap = library("shap")
    import torch

    model = DenseDigitClassifier(max_epochs=2, dropout=0.2, calibrate=False, random_state=0).fit(
        X, Y
    )
    scale = model.pixel_scale_
    rows = torch.tensor((X - scale.mean) / scale.deviation, dtype=torch.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message="unrecognized nn.Module")
        values = shap.DeepExplainer(model.module_, rows[:50]).shap_values(rows[50:53])
    logits = model.decision_function(X[50:53]) - model.decision_function(X[:50]).mean(axis=0)
    np.testing.assert_allclose(values.sum(axis=1), logits, atol=1e-2)


def test_dask_frames_keep_their_names(library):
    dd = library("dask.dataframe")
    names = [f"p{k}" for k in range(64)]
    frame = dd.from_pandas(pd.DataFrame(X, columns=names), npartitions=3)
    labels = dd.from_pandas(pd.Series(Y), npartitions=3)
    model = LeNet5Classifier(max_epochs=1, random_state=0).fit(frame, labels)
    assert model.feature_names_in_.tolist() == names
    plain = LeNet5Classifier(max_epochs=1, random_state=0).fit(pd.DataFrame(X, columns=names), Y)
    found = model.predict(frame)
    assert hasattr(found, "compute")  # it is lazy
    np.testing.assert_array_equal(found.compute(), plain.predict(frame.compute()))


def test_dask_searches_load_what_they_need(library):
    da = library("dask.array")
    model, rows = ESTIMATORS["dense"], da.from_array(X, chunks=(100, 64))
    scores = cross_val_score(model, rows, da.from_array(Y, chunks=100), cv=2)
    np.testing.assert_array_equal(scores, cross_val_score(model, X, Y, cv=2))


def test_equal_fits_have_equal_hashes():
    one, other = (LeNet5Classifier(max_epochs=2, random_state=0).fit(X, Y) for _ in range(2))
    other.predict(X[:3])
    assert joblib.hash(one) == joblib.hash(other)
    assert joblib.hash(one) != joblib.hash(LeNet5Classifier(max_epochs=2, random_state=1).fit(X, Y))


def test_imbalanced_learn(library):
    pipeline = library("imblearn.pipeline")
    sampling = library("imblearn.over_sampling")
    rare = np.r_[np.flatnonzero(Y != 7), np.flatnonzero(Y == 7)[:3]]
    model = pipeline.make_pipeline(
        sampling.RandomOverSampler(random_state=0), LeNet5Classifier(max_epochs=2, random_state=0)
    )
    assert model.fit(X[rare], Y[rare]).predict(X).shape == Y.shape


def test_cleanlab_finds_wrong_labels(library):
    classification = library("cleanlab.classification")
    wrong = Y.copy()
    wrong[:10] = (wrong[:10] + 1) % 10
    cleaner = classification.CleanLearning(
        DenseDigitClassifier(max_epochs=20, random_state=0), cv_n_folds=3, seed=0
    )
    issues = cleaner.find_label_issues(X, wrong)
    assert issues["is_label_issue"][:10].sum() >= 7


@pytest.mark.filterwarnings("ignore")  # of MLflow and what it imports
def test_mlflow_logs_and_loads_a_model(library, tmp_path):
    mlflow = library("mlflow")
    library("mlflow.sklearn")
    from sklearn_lenet.persistence import SKOPS_TRUSTED

    mlflow.set_tracking_uri(f"sqlite:///{tmp_path / 'mlflow.db'}")
    pipe = make_pipeline(DenseDigitClassifier(max_epochs=1, random_state=0))
    mlflow.create_experiment("digits", artifact_location=tmp_path.as_uri())
    mlflow.set_experiment("digits")
    mlflow.sklearn.autolog(log_models=False)
    try:
        with mlflow.start_run() as run:
            pipe.fit(X, Y)
    finally:
        mlflow.sklearn.autolog(disable=True)
    clf = ESTIMATORS["LeNet"].fit(X, Y)
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(
            clf, name="model", skops_trusted_types=SKOPS_TRUSTED, pip_requirements=[]
        )
    loaded = mlflow.sklearn.load_model(info.model_uri)
    np.testing.assert_array_equal(loaded.predict_proba(X), clf.predict_proba(X))
    parameters = mlflow.get_run(run.info.run_id).data.params
    assert parameters["densedigitclassifier__max_epochs"] == "1"


def test_the_diagram_links_to_our_pages():
    html = LeNet5Classifier()._repr_html_()
    link = "https://sklearn-lenet.github.io/sklearn-lenet/generated/sklearn_lenet.LeNet5Classifier"
    assert f"{link}.html" in html
