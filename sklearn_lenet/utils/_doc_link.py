"""The link to this package's documentation in scikit-learn's HTML representation."""

from __future__ import annotations


class DocLinkMixin:
    """What scikit-learn reads to link an estimator's diagram to its page."""

    _doc_link_module = "sklearn_lenet"
    _doc_link_template = (
        "https://sklearn-lenet.github.io/sklearn-lenet/generated/"
        "sklearn_lenet.{estimator_name}.html"
    )
