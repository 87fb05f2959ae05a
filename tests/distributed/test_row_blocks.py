import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from helpers import exactly

from sklearn_lenet.distributed._row_blocks import blocks_of, placed

X = np.arange(40).reshape(10, 4)
Y = np.arange(10)


def computed(value):
    return np.asarray(value.compute() if hasattr(value, "compute") else value)


def assert_covers(blocks, sizes):
    assert [block.n for block in blocks] == sizes
    np.testing.assert_array_equal(np.concatenate([computed(block.X) for block in blocks]), X)
    np.testing.assert_array_equal(np.concatenate([computed(block.y) for block in blocks]), Y)


def test_blocks_of_arrays_have_all_columns():
    lazy = da.from_array(X, chunks=((3, 7), (2, 2)))
    assert_covers(blocks_of(lazy, da.from_array(Y, chunks=(3, 7)), None, 2, "A"), [3, 7])


def test_y_takes_the_blocks_of_x():
    lazy = da.from_array(X, chunks=(5, 4))
    assert_covers(blocks_of(lazy, da.from_array(Y, chunks=2), None, 2, "A"), [5, 5])
    blocks = blocks_of(lazy, Y, Y / 10, 2, "A")
    assert_covers(blocks, [5, 5])
    assert blocks[1].weight.tolist() == [0.5, 0.6, 0.7, 0.8, 0.9]


def test_other_data_has_a_block_for_each_worker():
    assert_covers(blocks_of(X, Y, None, 3, "A"), [3, 3, 4])
    assert_covers(blocks_of(pd.DataFrame(X), list(Y), None, 2, "A"), [5, 5])
    assert len(blocks_of(X[:2], Y[:2], None, 8, "A")) == 2


def test_frames_have_blocks_of_unknown_length():
    frame = dd.from_pandas(pd.DataFrame(X), npartitions=2)
    labels = dd.from_pandas(pd.Series(Y), npartitions=2)
    assert_covers(blocks_of(frame, labels, None, 2, "A"), [None, None])


def test_columns_of_one_parquet_file_have_the_same_blocks(tmp_path):
    table = pd.DataFrame(X).add_prefix("p").assign(label=Y)
    for k, rows in enumerate(np.array_split(np.arange(10), 5)):
        table.iloc[rows].to_parquet(tmp_path / f"{k}.parquet")
    lazy = dd.read_parquet(tmp_path)
    assert len(lazy["label"].to_delayed()) < 5  # Dask joins blocks of a single column
    assert_covers(blocks_of(lazy.drop(columns="label"), lazy["label"], None, 2, "A"), [None] * 5)


LAZY = da.from_array(X, chunks=(5, 4))
FRAME = dd.from_pandas(pd.DataFrame(X), npartitions=2)


@pytest.mark.parametrize(
    ("X", "y", "error", "message"),
    [
        (LAZY, Y[:9], ValueError, "Found input variables with inconsistent numbers of samples: y "
         "has 9 and X has 10 rows."),
        (LAZY, da.from_array(Y[:9]), ValueError, "Found input variables with inconsistent numbers "
         "of samples: y has 9 and X has 10 rows."),
        (LAZY, None, ValueError, "A requires y to be passed, but the target y is None."),
        (FRAME, Y, TypeError, "y is of type ndarray, but the lengths of the blocks of X are not "
         "known: use a collection of Dask with the same blocks as X."),
        (FRAME, dd.from_pandas(pd.Series(Y), npartitions=1), ValueError, "X has 2 blocks and y "
         "has 1: give both the same blocks, for instance with compute_chunk_sizes() and rechunk."),
    ],
)  # fmt: skip
def test_errors(X, y, error, message):
    with pytest.raises(error, match=exactly(message)):
        blocks_of(X, y, None, 2, "A")


@pytest.mark.parametrize(
    ("sizes", "holders", "expected"),
    [
        ([1, 1, 1, 1], [[], [], [], []], ["a", "b", "a", "b"]),
        ([4, 1, 1, 1], [[], [], [], []], ["a", "b", "b", "b"]),
        ([1, 1], [["b"], ["a"]], ["b", "a"]),
        ([None, None], [["gone"], []], ["a", "b"]),
        ([5], [["b"]], ["b"]),
    ],
)
def test_blocks_are_spread_evenly_and_stay_where_they_are(sizes, holders, expected):
    assert placed(sizes, holders, ["a", "b"]) == expected
