"""Whatever users pass as X and y is converted, or refused in one sentence."""

import numpy as np
import pandas as pd
import pytest
import torch
from helpers import BOTH, exactly, quick
from numpy.testing import assert_array_equal
from PIL import Image

from sklearn_lenet import DigitImageReader, LeNet5Classifier, PadNormalizer

X, Y = np.random.default_rng(0).random((8, 64)), np.arange(8) % 2
COLOUR = np.random.default_rng(0).integers(0, 256, (6, 28, 28, 3), dtype=np.uint8)


@BOTH
@pytest.mark.parametrize(
    "convert",
    [
        lambda x: torch.tensor(x, requires_grad=True),
        torch.tensor,
        lambda x: torch.tensor(x).half(),
        lambda x: torch.tensor(x).bfloat16(),
        pd.DataFrame,
        lambda x: x.tolist(),
        lambda x: list(x),
        np.asfortranarray,
        lambda x: x.astype(">f8"),
        lambda x: np.ma.array(x),
    ],
    ids=["grad", "tensor", "half", "bfloat16", "frame", "lists", "rows", "fortran", "big", "ma"],
)
def test_what_holds_numbers_is_converted(Classifier, convert):
    given = convert(X)
    expected = np.asarray(given.tolist() if torch.is_tensor(given) else given, dtype=np.float64)
    model = quick(Classifier).fit(given, Y)
    assert_array_equal(
        model.predict_proba(given), quick(Classifier).fit(expected, Y).predict_proba(expected)
    )


def test_tensors_are_labels_and_weights_too():
    model = quick().fit(X, torch.tensor(Y), sample_weight=torch.ones(8))
    assert_array_equal(model.predict_proba(X), quick().fit(X, Y, np.ones(8)).predict_proba(X))
    assert model.predict(X).dtype == np.int64


@BOTH
def test_images_in_colour_become_grey_as_in_pillow(Classifier):
    grey = np.stack([np.asarray(Image.fromarray(image).convert("L")) for image in COLOUR])
    y = np.arange(6) % 2
    model, expected = (quick(Classifier, lr=0.003).fit(images, y) for images in (COLOUR, grey))
    assert_array_equal(model.predict_proba(COLOUR), expected.predict_proba(grey))
    first = np.moveaxis(COLOUR, 3, 1)
    assert_array_equal(model.predict_proba(first), model.predict_proba(COLOUR))
    assert_array_equal(PadNormalizer().fit_transform(COLOUR), PadNormalizer().fit_transform(grey))
    shares = COLOUR / 255
    found = quick(Classifier, lr=0.003).fit(shares, y).predict_proba(shares)
    np.testing.assert_allclose(found, model.predict_proba(COLOUR), atol=0.02)


def loader(with_labels):
    arrays = (torch.tensor(X), torch.tensor(Y))[: 1 + with_labels]
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*arrays))


class Lazy:
    """A table that is computed later, as a LazyFrame of polars."""

    def collect(self):
        return X


REFUSED = {
    "a flat image in colour": (
        COLOUR.reshape(6, -1),
        np.arange(6) % 2,
        "X has 2352 values per row, as colour images of 28x28 have: use "
        "X.reshape(-1, 28, 28, 3), or convert the images to grey.",
    ),
    "one-hot labels": (
        X,
        np.eye(2)[Y],
        "y should be a 1d array, but has one-hot rows of shape (8, 2): use y.argmax(axis=1).",
    ),
    "a data set": (
        loader(True).dataset,
        Y,
        "X is of type TensorDataset, but LeNet5Classifier needs an array or a table: use "
        "np.stack([image for image in X]).",
    ),
    "a loader": (
        loader(False),
        Y,
        "X is of type DataLoader, but LeNet5Classifier needs an array or a table: use "
        "np.stack([image for image in X]).",
    ),
    "a lazy table": (
        Lazy(),
        Y,
        "X is of type Lazy, but LeNet5Classifier needs an array or a table: use X.collect().",
    ),
    "dates": (
        pd.DataFrame({"a": np.arange(8), "b": pd.date_range("2026", periods=8)}),
        Y,
        "X contains dates or times, but LeNet5Classifier needs pixels: leave them out.",
    ),
    "times": (
        np.ones((8, 2), dtype="m8[s]"),
        Y,
        "X contains dates or times, but LeNet5Classifier needs pixels: leave them out.",
    ),
    **{
        f"paths as {kind}": (
            convert(["a.png"] * 8),
            Y,
            "X contains paths such as 'a.png', but LeNet5Classifier needs pixels: put a reader "
            "before it, make_pipeline(DigitImageReader(), LeNet5Classifier()).",
        )
        for kind, convert in {
            "a list": list,
            "an array": np.array,
            "a series": pd.Series,
            "a column": lambda names: pd.DataFrame({"path": names}),
        }.items()
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_pixels_is_refused_in_one_sentence(case):
    given, y, message = REFUSED[case]
    with pytest.raises((TypeError, ValueError), match=exactly(message)):
        quick().fit(given, y)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Int64", np.int64),
        ("Int8", np.int8),
        ("UInt16", np.uint16),
        ("boolean", np.bool_),
        ("Float64", np.float64),
        ("int32", np.int32),
    ],
)
def test_labels_come_back_as_the_kind_they_were(kind, expected):
    y = pd.Series(Y.astype(bool) if kind == "boolean" else Y).astype(kind)
    model = quick().fit(X, y, X_val=X, y_val=y)
    assert model.predict(X).dtype == expected
    assert 0 <= model.score(X, y) <= 1


def test_missing_labels_are_refused():
    with pytest.raises(ValueError, match="NaN"):
        quick().fit(X, pd.Series([0, 1, None, 0, 1, 0, 1, 0], dtype="Int64"))


def test_the_reader_takes_a_column_of_paths(tmp_path):
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import make_pipeline

    paths = []
    for k in range(6):
        page = np.full((40, 40), 255, dtype=np.uint8)
        page[5:35, 18 : 21 + k] = 0
        paths.append(str(tmp_path / f"{k}.png"))
        Image.fromarray(page).save(paths[-1])
    expected = DigitImageReader().fit_transform(paths)
    frame = pd.DataFrame({"path": paths, "more": range(6)})
    forms = {
        "series": frame["path"],
        "strings": frame["path"].astype("string"),
        "frame": frame[["path"]],
        "array": np.array(paths),
        "objects": np.array(paths, dtype=object),
        "column": np.array(paths)[:, None],
        "paths": pd.Series([tmp_path / f"{k}.png" for k in range(6)]),
        "tuple": tuple(paths),
    }
    for name, form in forms.items():
        assert_array_equal(DigitImageReader().fit_transform(form), expected, err_msg=name)
    for columns in ("path", ["path"]):
        transformer = ColumnTransformer([("img", DigitImageReader(), columns)])
        assert_array_equal(transformer.fit_transform(frame), expected)
        assert transformer.get_feature_names_out()[0] == "img__pixel0"
        model = make_pipeline(transformer, LeNet5Classifier(max_epochs=1, random_state=0))
        assert model.fit(frame, Y[:6]).predict(frame).shape == (6,)
    pl = pytest.importorskip("polars", reason="polars belongs to the extra ecosystem")
    assert_array_equal(DigitImageReader().fit_transform(pl.Series(paths)), expected)
    table = pl.DataFrame({"path": paths})
    assert_array_equal(DigitImageReader().fit_transform(table), expected)
    transformer = ColumnTransformer([("img", DigitImageReader(), ["path"])])
    assert_array_equal(transformer.fit_transform(table), expected)
