"""What a net is made of and what its layers put out, held to published and recomputed numbers."""

import copy
import pickle
import sys

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from sklearn_lenet import (
    DenseDigitClassifier,
    LayerFeatures,
    LeNet5Classifier,
    PadNormalizer,
    activations,
    layer_table,
)
from sklearn_lenet.nets._dense_net import DenseNet
from sklearn_lenet.nets._lenet5 import LeNet5

PAPER = {  # layer -> output size, parameters, connections, receptive field
    "C1": ("28x28x6", 156, 122_304, "5x5"),
    "S2": ("14x14x6", 0, 14 * 14 * 6 * 4, "6x6"),
    "C3": ("10x10x16", 2_416, 241_600, "14x14"),
    "S4": ("5x5x16", 0, 5 * 5 * 16 * 4, "16x16"),
    "C5": ("1x1x120", 48_120, 48_120, "32x32"),
    "F6": ("84", 10_164, 10_164, "32x32"),
    "output": ("10", 850, 850, "32x32"),
}


@pytest.fixture(scope="module")
def net(digits):
    X, y = digits
    return LeNet5Classifier(max_epochs=3, random_state=0).fit(X[:600], y[:600])


@pytest.fixture(scope="module")
def dense(digits):
    X, y = digits
    return DenseDigitClassifier(hidden_layer_sizes=(20,), max_epochs=3, random_state=0).fit(
        X[:600], y[:600]
    )


@pytest.mark.parametrize("source", [LeNet5Classifier(), LeNet5()], ids=["estimator", "module"])
def test_the_table_has_the_published_numbers(source):
    table = layer_table(source)
    columns = ["output size", "parameters", "connections", "receptive field"]
    assert {name: tuple(table.loc[name, columns]) for name in table.index} == PAPER
    assert table["parameters"].sum() == 61_706
    assert table["multiply-accumulates"].tolist() == [
        28 * 28 * 6 * 25, 0, 10 * 10 * 16 * 150, 0, 120 * 400, 120 * 84, 84 * 10,
    ]  # fmt: skip


def test_formulas_are_filled_in():
    table = layer_table(LeNet5Classifier(pooling="avg"))
    assert table["size formula"].tolist() == [
        "(32 + 2*0 - 5)/1 + 1 = 28",
        "(28 + 2*0 - 2)/2 + 1 = 14",
        "(14 + 2*0 - 5)/1 + 1 = 10",
        "(10 + 2*0 - 2)/2 + 1 = 5",
        "(5 + 2*0 - 5)/1 + 1 = 1",
        "",
        "",
    ]
    assert table["parameter formula"].tolist() == [
        "(5*5*1)*6 + 6 = 156",
        "0",
        "(5*5*6)*16 + 16 = 2,416",
        "0",
        "(5*5*16)*120 + 120 = 48,120",
        "120*84 + 84 = 10,164",
        "84*10 + 10 = 850",
    ]
    assert table["type"].tolist() == [
        "convolution", "average pooling", "convolution", "average pooling", "convolution",
        "fully connected", "fully connected",
    ]  # fmt: skip
    for formula in [*table["size formula"], *table["parameter formula"]]:
        if "=" in formula:
            left, right = formula.replace(",", "").split("=")
            assert eval(left) == int(right)  # noqa: S307 - arithmetic of our own


def test_the_unpadded_variant():
    table = layer_table(LeNet5Classifier(input_size=None))
    assert [size.split("x")[0] for size in table["output size"][:4]] == ["24", "12", "8", "4"]
    assert table["parameters"].sum() == 44_426
    assert layer_table(LeNet5Classifier(), input_size=28).equals(table)


@pytest.mark.parametrize("size", [16, 17, 19, 31, 32, 40])
def test_sizes_and_parameters_are_those_of_the_module(size):
    module = LeNet5(7, input_size=size)
    table = layer_table(module)
    assert table["parameters"].sum() == sum(p.numel() for p in module.parameters())
    batch = torch.zeros(1, 1, size, size)
    for name in ("c1", "s2", "c3", "s4", "c5"):
        batch = getattr(module, name)(batch)
        channels, height, width = batch.shape[1:]
        assert table["output size"][name.upper()] == f"{height}x{width}x{channels}"
    if size in (17, 19, 31):
        assert table["size formula"].str.startswith("floor(").any()


def test_receptive_fields_are_where_gradients_reach():
    module = LeNet5(activation="tanh", pooling="avg")
    table = layer_table(module)
    for name in ("C1", "S2", "C3", "S4", "C5"):
        field = torch.randn(1, 1, 32, 32, requires_grad=True)
        batch = field
        for child, layer in module.named_children():
            batch = layer(batch)
            if child == name.lower():
                break
        batch[0, 0, 0, 0].backward()
        reached = field.grad[0, 0] != 0
        rows, columns = reached.any(1).nonzero(), reached.any(0).nonzero()
        assert table["receptive field"][name] == f"{len(rows)}x{len(columns)}"


def test_the_table_of_dense_nets(dense):
    table = layer_table(DenseDigitClassifier(hidden_layer_sizes=(300, 100)))
    assert table.index.tolist() == ["hidden1", "hidden2", "output"]
    assert table["parameters"].tolist() == [784 * 300 + 300, 300 * 100 + 100, 100 * 10 + 10]
    assert table["parameter formula"]["hidden1"] == "784*300 + 300 = 235,500"
    assert layer_table(dense)["parameters"].tolist() == [64 * 20 + 20, 20 * 10 + 10]
    assert layer_table(DenseNet(9, 2, hidden_layer_sizes=()))["parameters"].tolist() == [20]
    assert layer_table(DenseNet(9, 2), input_size=3)["receptive field"].tolist() == ["all"] * 2


def test_pipelines_and_searches_are_looked_into(digits, net):
    X, y = digits
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier(max_epochs=1, random_state=0))
    assert layer_table(pipe)["parameters"].sum() == 61_706
    search = GridSearchCV(pipe, {"lenet5classifier__lr": [0.004]}, cv=2).fit(X[:200], y[:200])
    few = activations(search, X[:4], "F6")
    inside = search.best_estimator_
    expected = activations(inside[-1], inside[:-1].transform(X[:4]), "F6")
    np.testing.assert_array_equal(few, expected)


def test_shown_in_a_terminal_a_notebook_and_markdown(monkeypatch):
    table = layer_table(LeNet5Classifier())
    for columns in (80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        text = repr(table)
        assert max(map(len, text.splitlines())) <= columns
        assert "in all" in text
        assert "61,706" in text
        assert "..." not in text
    assert "<td>61,706</td>" in table._repr_html_()
    lines = table.to_markdown().splitlines()
    assert len(lines) == 2 + 8
    assert len({line.count("|") for line in lines}) == 1
    assert "(5*5*1)*6 + 6 = 156" in lines[2]
    assert "61,706" in lines[-1]
    assert pickle.loads(pickle.dumps(table)).equals(table)
    assert table["parameters"].dtype == np.int64  # what is shown is not what it holds


def through_torch(clf, X):
    """Return the output of every child of the module, by hooks on its own forward pass."""
    module, seen = copy.deepcopy(clf.module_).eval(), {}
    for name, layer in module.named_children():
        layer.register_forward_hook(lambda _m, _i, out, name=name: seen.update({name: out}))
    scale = clf.pixel_scale_
    pixels = torch.from_numpy(np.asarray(clf._arrange(X.astype(np.float32))))
    with torch.no_grad():
        module((pixels - scale.mean) / scale.deviation)
    return {name: out.numpy() for name, out in seen.items()}


def test_activations_are_the_modules_own(digits, net, dense):
    X = digits[0][:20]
    seen = through_torch(net, X)
    for layer, child in {
        "C1": "c1_activation", "S2": "s2", "C3": "c3_activation", "S4": "s4", "C5": "c5_activation",
        "F6": "f6_activation", "output": "output",
    }.items():  # fmt: skip
        np.testing.assert_allclose(activations(net, X, layer), seen[child], atol=1e-5)
        np.testing.assert_array_equal(
            activations(net, X, layer.lower()), activations(net, X, layer)
        )
    assert activations(net, X, "input").shape == (20, 1, 32, 32)
    np.testing.assert_allclose(activations(net, X, "output"), net.decision_function(X), atol=1e-5)
    np.testing.assert_allclose(
        activations(dense, X, "hidden1"), through_torch(dense, X)["hidden1_activation"], atol=1e-5
    )


def test_dropout_is_for_training_alone(digits):
    X, y = digits
    clf = LeNet5Classifier(max_epochs=1, dropout=0.5, warm_start=True, random_state=0)
    clf.fit(X[:200], y[:200])
    first, second = (activations(clf, X[:9], "output") for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first, clf.decision_function(X[:9]), atol=1e-4)


def test_batches_make_no_difference(digits, net):
    X = np.tile(digits[0], (1, 1))[:700]
    whole = activations(net, X, "S4")
    np.testing.assert_allclose(whole[650:], activations(net, X[650:], "S4"), atol=1e-5)


def test_features_feed_another_estimator(digits):
    X, y = digits
    features = LayerFeatures(LeNet5Classifier(max_epochs=8, random_state=0), layer="S4")
    pipe = make_pipeline(features, PCA(30, random_state=0), LogisticRegression(max_iter=500))
    assert cross_val_score(pipe, X[:900], y[:900], cv=3).mean() > 0.9
    fitted = features.fit(X[:300], y[:300])
    assert fitted.transform(X[:5]).shape == (5, 400)
    names = fitted.get_feature_names_out()
    assert (names[0], names[-1], len(names)) == ("s4_0", "s4_399", 400)
    frame = fitted.set_output(transform="pandas").transform(X[:5])
    assert list(frame.columns) == list(names)


def test_a_trained_net_is_kept_when_frozen(digits, net):
    X, y = digits
    features = LayerFeatures(FrozenEstimator(net), layer="F6").fit(X[:50], y[:50])
    np.testing.assert_array_equal(features.transform(X[:5]), activations(net, X[:5], "F6"))


ERRORS = {
    "layer": (
        lambda net, X: activations(net, X, "C7"),
        ValueError,
        "layer='C7' is no layer of this net: it has input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "layer of another type": (
        lambda net, X: activations(net, X, 3),
        ValueError,
        "layer=3 is no layer of this net: it has input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "not fitted": (
        lambda net, X: activations(LeNet5Classifier(), X, "C1"),
        NotFittedError,
        "LeNet5Classifier is not fitted yet: call fit first.",
    ),
    "shape": (
        lambda net, X: activations(net, np.zeros((2, 9, 9)), "C1"),
        ValueError,
        "X has 81 features, but LeNet5Classifier is expecting 64 features as input.",
    ),
    "another classifier": (
        lambda net, X: activations(RandomForestClassifier(), X, "C1"),
        TypeError,
        "RandomForestClassifier has no layers to look into: pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one.",
    ),
    "a pipeline of others": (
        lambda net, X: layer_table(make_pipeline(PadNormalizer(), RandomForestClassifier())),
        TypeError,
        "RandomForestClassifier, the last step of the Pipeline, has no layers to look into: pass "
        "a LeNet5Classifier, a DenseDigitClassifier, or a pipeline that ends in one.",
    ),
    "module": (
        lambda net, X: layer_table(torch.nn.Linear(2, 2)),
        TypeError,
        "Linear came, but a LeNet5Classifier, a DenseDigitClassifier, a pipeline that ends in "
        "one, or one of their modules is needed.",
    ),
    "size of a fitted net": (
        lambda net, X: layer_table(net, input_size=28),
        ValueError,
        "input_size=28 came with a net for 32x32: leave it out, or pass an estimator that is not "
        "fitted.",
    ),
    "size of a dense module": (
        lambda net, X: layer_table(DenseNet(64), input_size=28),
        ValueError,
        "input_size=28 came with a net for 64 pixels: leave it out, or pass an estimator that is "
        "not fitted.",
    ),
    "size": (
        lambda net, X: layer_table(LeNet5Classifier(), input_size=0),
        ValueError,
        "input_size=0 came, but a side of at least 1 is needed.",
    ),
    "size too small": (
        lambda net, X: layer_table(LeNet5Classifier(), input_size=15),
        ValueError,
        "input_size=15 leaves nothing for C5 to see: 16 is the smallest.",
    ),
    "features of an unknown layer": (
        lambda net, X: LayerFeatures(layer="C9").fit(X, [0, 1] * 10),
        ValueError,
        "layer='C9' is no layer of this net: it has input, C1, S2, C3, S4, C5, F6, output.",
    ),
    "features of another classifier": (
        lambda net, X: LayerFeatures(RandomForestClassifier()).fit(X, [0, 1] * 10),
        TypeError,
        "RandomForestClassifier has no layers to look into: pass a LeNet5Classifier, a "
        "DenseDigitClassifier, or a pipeline that ends in one.",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case, digits, net):
    act, error, message = ERRORS[case]
    with pytest.raises(error) as caught:
        act(net, digits[0][:20])
    assert str(caught.value) == message


def test_pandas_missing_names_the_extra(monkeypatch):
    from sklearn_lenet.inspection import _layer_table

    _layer_table._frame_class.cache_clear()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'sklearn_lenet\[pandas\]'"):
        layer_table(LeNet5Classifier())
