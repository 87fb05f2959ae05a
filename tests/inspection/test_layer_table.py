"""layer_table, compared with published numbers and with the modules themselves."""

import pickle
import sys

import numpy as np
import pytest
import torch
from helpers import exactly
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import make_pipeline

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer, layer_table
from sklearn_lenet.inspection import _layer_table
from sklearn_lenet.nets import DenseNet, LeNet5

PAPER = {  # layer -> output size, parameters, connections, receptive field
    "C1": ("28x28x6", 156, 122_304, "5x5"),
    "S2": ("14x14x6", 0, 14 * 14 * 6 * 4, "6x6"),
    "C3": ("10x10x16", 2_416, 241_600, "14x14"),
    "S4": ("5x5x16", 0, 5 * 5 * 16 * 4, "16x16"),
    "C5": ("1x1x120", 48_120, 48_120, "32x32"),
    "F6": ("84", 10_164, 10_164, "32x32"),
    "output": ("10", 850, 850, "32x32"),
}


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
            assert eval(left) == int(right)  # noqa: S307 - only the formulas of the table


def test_the_table_without_padding():
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


def test_the_table_of_dense_nets(digits):
    table = layer_table(DenseDigitClassifier(hidden_layer_sizes=(300, 100)))
    assert table.index.tolist() == ["hidden1", "hidden2", "output"]
    assert table["parameters"].tolist() == [784 * 300 + 300, 300 * 100 + 100, 100 * 10 + 10]
    assert table["parameter formula"]["hidden1"] == "784*300 + 300 = 235,500"
    X, y = digits
    fitted = DenseDigitClassifier(hidden_layer_sizes=(20,), max_epochs=1).fit(X[:50], y[:50])
    n_classes = len(fitted.classes_)
    assert layer_table(fitted)["parameters"].tolist() == [64 * 20 + 20, 21 * n_classes]
    assert layer_table(DenseNet(9, 2, hidden_layer_sizes=()))["parameters"].tolist() == [20]
    assert layer_table(DenseNet(9, 2), input_size=3)["receptive field"].tolist() == ["all"] * 2


def test_the_table_of_a_pipeline_is_that_of_its_net():
    pipe = make_pipeline(PadNormalizer(), LeNet5Classifier())
    assert layer_table(pipe)["parameters"].sum() == 61_706


def test_another_layer_has_the_name_of_its_class():
    class MedianPool(torch.nn.AvgPool2d):
        pass

    module = LeNet5()
    module.s2 = MedianPool(2)
    assert layer_table(module)["type"].tolist()[1:4:2] == ["MedianPool", "max pooling"]


def test_the_table_is_shown_with_totals(monkeypatch):
    table = layer_table(LeNet5Classifier())
    for columns in (80, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        text = repr(table)
        assert max(map(len, text.splitlines())) <= columns
        assert "total" in text
        assert "61,706" in text
        assert "..." not in text
    assert "<td>61,706</td>" in table._repr_html_()
    lines = table.to_markdown().splitlines()
    assert len(lines) == 2 + 8
    assert len({line.count("|") for line in lines}) == 1
    assert "(5*5*1)*6 + 6 = 156" in lines[2]
    assert "61,706" in lines[-1]
    assert pickle.loads(pickle.dumps(table)).equals(table)
    assert table["parameters"].dtype == np.int64  # the formatted numbers are only shown


ERRORS = {
    "module": (
        lambda net: layer_table(torch.nn.Linear(2, 2)),
        TypeError,
        "Linear has no layers that can be inspected; pass a LeNet5Classifier, a "
        "DenseDigitClassifier, a pipeline that ends in one, or one of their modules.",
    ),
    "a pipeline of another classifier": (
        lambda net: layer_table(make_pipeline(PadNormalizer(), RandomForestClassifier())),
        TypeError,
        "RandomForestClassifier, the last step of the Pipeline, has no layers that can be "
        "inspected; pass a LeNet5Classifier, a DenseDigitClassifier, or a pipeline that ends in "
        "one.",
    ),
    "size of a fitted net": (
        lambda net: layer_table(net, input_size=28),
        ValueError,
        "input_size=28 does not fit a net for 32x32 pixels; leave it out, or pass an estimator "
        "that is not fitted.",
    ),
    "size of a dense module": (
        lambda net: layer_table(DenseNet(64), input_size=28),
        ValueError,
        "input_size=28 does not fit a net for 64 pixels; leave it out, or pass an estimator that "
        "is not fitted.",
    ),
    "size": (
        lambda net: layer_table(LeNet5Classifier(), input_size=0),
        ValueError,
        "input_size=0 is not a size; use an integer of 1 or more.",
    ),
}


@pytest.mark.parametrize("case", ERRORS)
def test_errors(case, net):
    act, error, message = ERRORS[case]
    with pytest.raises(error, match=exactly(message)):
        act(net)


def test_a_size_too_small_for_the_net_is_an_error():
    # The message is that of LeNet5 itself.
    with pytest.raises(ValueError, match=r"^input_size=15 .*\b16\b"):
        layer_table(LeNet5Classifier(), input_size=15)


def test_without_pandas_the_error_names_the_extra(monkeypatch):
    _layer_table._frame_class.cache_clear()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install 'sklearn_lenet\[pandas\]'"):
        layer_table(LeNet5Classifier())
