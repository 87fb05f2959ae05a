"""ModelFileError: the error of all files that load_model refuses."""

from __future__ import annotations


class ModelFileError(ValueError):
    """The file is not a complete, unchanged model file.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> from sklearn_lenet import ModelFileError, load_model
    >>> with NamedTemporaryFile() as empty:
    ...     try:
    ...         load_model(empty.name)
    ...     except ModelFileError:
    ...         print("not a model file")
    not a model file
    """
