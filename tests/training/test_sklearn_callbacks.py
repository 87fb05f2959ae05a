"""What a fit tells while it runs: history, lines, skorch's and scikit-learn's callbacks."""

import numpy as np
import pytest
import sklearn
from helpers import BOTH, quick
from sklearn.model_selection import GridSearchCV

from sklearn_lenet import DenseDigitClassifier

SKLEARN_CALLBACKS = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)
needs_callbacks = pytest.mark.skipif(
    not SKLEARN_CALLBACKS, reason="callbacks were added in scikit-learn 1.9"
)


class Tasks:
    """A callback of scikit-learn that notes every task, and may stop the fit."""

    def __init__(self, stop_after=None):
        self.stop_after, self.ended = stop_after, []

    def setup(self, estimator, context):
        """Begin."""

    def teardown(self, estimator, context):
        """End."""

    def on_fit_task_begin(self, estimator, context):
        """Hear that a task begins."""

    def on_fit_task_end(self, estimator, context, *, metadata=None, fitted_estimator=None):
        self.ended.append((context.task_name, context.max_subtasks, metadata, fitted_estimator))
        return context.task_name == "epoch" and len(self.ended) == self.stop_after


@needs_callbacks
@BOTH
def test_each_epoch_is_a_task_with_an_estimator_that_predicts(digits, Classifier):
    X, y = digits[0][:300], digits[1][:300]
    tasks = Tasks()
    model = quick(Classifier, dropout=0.1, max_epochs=3)
    model.set_callbacks(tasks).fit(X, y)
    assert [(name, subtasks) for name, subtasks, *_ in tasks.ended] == [
        *[("epoch", 0)] * 3,
        ("fit", 3),
    ]
    assert [metadata for _, _, metadata, _ in tasks.ended] == [None] * 4
    losses = [estimator.history_[-1]["train_loss"] for *_, estimator in tasks.ended[:3]]
    assert losses == model.loss_curve_
    predicted = [estimator.predict_proba(X) for *_, estimator in tasks.ended]
    assert not np.array_equal(predicted[0], predicted[1])
    np.testing.assert_array_equal(predicted[2], model.predict_proba(X))
    np.testing.assert_array_equal(predicted[3], model.predict_proba(X))
    plain = quick(Classifier, dropout=0.1, max_epochs=3).fit(X, y)
    np.testing.assert_array_equal(plain.predict_proba(X), model.predict_proba(X))


@needs_callbacks
def test_a_callback_may_stop_the_fit(digits):
    model = quick(DenseDigitClassifier, max_epochs=9).set_callbacks(Tasks(stop_after=4))
    assert model.fit(*digits).n_iter_ == 4


@needs_callbacks
def test_the_progress_bar_counts_epochs_inside_a_search(digits, capsys):
    from sklearn.callback import ProgressBar

    moved = []

    class Watched(ProgressBar):
        def on_fit_task_end(self, estimator, context):
            moved.append((context.task_name, context.parent and context.parent.max_subtasks))
            super().on_fit_task_end(estimator, context)

    search = GridSearchCV(quick(DenseDigitClassifier, max_epochs=3), {"lr": [0.001, 0.004]}, cv=2)
    search.set_callbacks(Watched(max_propagation_depth=None)).fit(*digits)
    assert moved.count(("epoch", 3)) == (2 * 2 + 1) * 3
    assert capsys.readouterr().out.count("DenseDigitClassifier - fit") == 2 * 2 + 1


@needs_callbacks
@pytest.mark.parametrize("weighted", [False, True])
def test_the_scoring_monitor_sees_each_epoch(digits, weighted):
    from sklearn.callback import ScoringMonitor

    X, y = digits[0][:300], digits[1][:300]
    weights = np.arange(1, 301.0) if weighted else None
    monitor = ScoringMonitor(scoring="accuracy")
    model = quick(DenseDigitClassifier, max_epochs=3).set_callbacks(monitor)
    model.fit(X, y, sample_weight=weights)
    scores = [row["accuracy"] for row in monitor.get_logs().data if "accuracy" in row]
    assert scores[-1] == pytest.approx(model.score(X, y, sample_weight=weights))
    assert len(scores) >= 3
