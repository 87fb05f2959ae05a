"""Methods that take arrays and tables of Dask, and return a lazy array block by block."""

from __future__ import annotations

import pickle
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sklearn import get_config

from ._kept_memory import kept_memory
from ._threads import dask_task
from ._validation import check_fitted

Method = TypeVar("Method", bound=Callable[..., Any])


def by_block(method: Method, output: NDArray[Any] | None = None) -> Method:
    """Let a method of a fitted estimator take a collection of Dask; other input is passed on.

    The result is a lazy array of Dask with the blocks of rows of X. It is that of the estimator
    as it is now, whatever a later fit does. ``output`` is an example of what the method returns;
    without one, the method is called with one row.

    >>> import dask.array as da
    >>> from sklearn_lenet import PadNormalizer
    >>> images = np.arange(5 * 784, dtype=np.uint8).reshape(5, 28, 28)
    >>> fields = PadNormalizer().fit(images).transform(da.from_array(images, chunks=2))
    >>> fields.chunks, fields.dtype
    (((2, 2, 1), (1024,)), dtype('float32'))
    """

    @wraps(method)
    def of_any(self: Any, X: Any) -> Any:
        if type(X) is np.ndarray or not is_lazy(X):
            return method(self, X)
        check_fitted(self)
        _check_container(self, method.__name__)
        example = _example_output(method, self, X) if output is None else output
        return _lazy_output(method.__name__, self, X, example[:0])

    return cast(Method, of_any)


def _check_container(estimator: Any, method: str) -> None:
    """Raise a ValueError if scikit-learn would put the lazy array into a table of its own."""
    own = getattr(estimator, "_sklearn_output_config", {})
    container = own.get(method, get_config()["transform_output"])
    if method == "transform" and container != "default":
        raise ValueError(
            f"set_output(transform={container!r}) would load all rows of a Dask collection: use "
            "set_output(transform='default'), which gives a lazy array."
        )


def is_lazy(X: Any) -> bool:
    """Return whether X is an array, a table or a series of Dask.

    >>> is_lazy([[0.0]])
    False
    """
    return type(X).__module__.startswith(("dask.array.", "dask.dataframe."))


def _example_output(method: Callable[..., Any], estimator: Any, X: Any) -> NDArray[Any]:
    """Return the output of a method for one row like those of X, or raise its error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the values of the row say nothing about X
        return np.asarray(method(estimator, _example_input(estimator, X)))


def _example_input(estimator: Any, X: Any) -> Any:
    """Return one row with the type and the columns or the shape of X; none if X has none."""
    if hasattr(X, "_meta_nonempty"):
        return X._meta_nonempty.iloc[:1]
    shape = X.shape[1:]
    if np.isnan(shape).any():  # the blocks are checked when they are computed
        shape = (estimator.n_features_in_,)
    return np.zeros((int(X.shape[0] != 0), *shape), dtype=X.dtype)


def _lazy_output(name: str, estimator: Any, X: Any, empty: NDArray[Any]) -> Any:
    from cloudpickle import dumps
    from dask.delayed import delayed

    # One task loads the model for all blocks. The scheduler passes it on without loading it.
    model = delayed(pickle.loads, pure=False)(dumps(estimator))
    options = {"method": name, "model": model, "empty": empty, "meta": empty, "token": name}
    if hasattr(X, "map_partitions"):
        return X.map_partitions(_output_of_block, **options)
    X = X.rechunk(dict.fromkeys(range(1, X.ndim), -1))
    return X.map_blocks(
        _output_of_block,
        chunks=(X.chunks[0], *((size,) for size in empty.shape[1:])),
        drop_axis=list(range(1, X.ndim)),
        new_axis=list(range(1, empty.ndim)),
        **options,
    )


def _output_of_block(block: Any, *, method: str, model: Any, empty: NDArray[Any]) -> NDArray[Any]:
    """Return the output of a method for some rows, on one core unless a worker has more."""
    if len(block) == 0:
        return empty
    with dask_task(), kept_memory():
        return np.asarray(getattr(model, method)(block))
