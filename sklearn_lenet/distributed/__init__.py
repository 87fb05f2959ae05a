"""Dask: training, prediction and reading over many processes or machines (extra "dask").

Dask is imported on first use, and torch where a net is trained.
"""

from typing import TYPE_CHECKING

from ..utils import loaded_on_first_use

if TYPE_CHECKING:
    from ._conductor import LostWorkerError as LostWorkerError
    from ._dask_dense_digit_classifier import DaskDenseDigitClassifier as DaskDenseDigitClassifier
    from ._dask_lenet5_classifier import DaskLeNet5Classifier as DaskLeNet5Classifier
    from ._read_files import ReadSummary as ReadSummary
    from ._read_files import read_files as read_files

_FILES = {
    "DaskDenseDigitClassifier": "_dask_dense_digit_classifier",
    "DaskLeNet5Classifier": "_dask_lenet5_classifier",
    "LostWorkerError": "_conductor",
    "ReadSummary": "_read_files",
    "read_files": "_read_files",
}

__all__ = [
    "DaskDenseDigitClassifier",
    "DaskLeNet5Classifier",
    "LostWorkerError",
    "ReadSummary",
    "read_files",
]

__getattr__ = loaded_on_first_use(__name__, _FILES)
