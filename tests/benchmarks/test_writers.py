"""The benchmark of writers: which digits are learned, and the sentence of the guide."""

import json

import numpy as np
import writers
from _record import RESULTS


class FakeModel:
    """A model that knows the writer after a fit."""

    def set_params(self, **params):
        assert params["warm_start"]
        return self

    def fit(self, X, y):
        assert np.bincount(y).tolist() == [writers.PER_LABEL] * 10
        self.seen = set(X[:, 0])
        return self

    def score(self, X, y):
        assert not getattr(self, "seen", set()) & set(X[:, 0])
        return 1.0 if hasattr(self, "seen") else 0.5


def test_the_model_is_scored_on_other_digits(monkeypatch):
    monkeypatch.setattr(writers, "load_pretrained", lambda name: FakeModel())
    X, y = np.arange(100)[:, None], np.repeat(np.arange(10), 10)
    assert writers.before_and_after(X, y, 0) == (0.5, 1.0)


def test_the_sentence_has_the_means_and_the_worst_writer():
    result = {"writers": {"a": [0.9, 0.95], "b": [1.0, 0.99]}}
    sentence = writers.sentence(result)
    assert "from 95.0 to 97.0 %" in sentence
    assert "from 90.0 to 95.0 %" in sentence


def test_the_guide_has_the_measured_figures():
    result = json.loads((RESULTS / "writers.json").read_text())
    assert writers.sentence(result) in writers.GUIDE.read_text()
