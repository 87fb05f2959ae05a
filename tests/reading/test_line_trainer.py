"""The training of a reader: Ctrl-C, divergence, progress, callbacks of skorch."""

import numpy as np
import pytest
from skorch.callbacks import Callback

from sklearn_lenet import DigitStringReader, DivergedError
from sklearn_lenet.training import Lines


def small(**settings):
    return DigitStringReader(**{"alphabet": "01", "max_epochs": 2, "random_state": 0} | settings)


def test_callbacks_are_notified_of_epochs_and_batches(bits):
    events = []

    class Listening(Callback):
        def on_train_begin(self, net, X=None, y=None, **_):
            events.append(("begin", len(X), len(y)))

        def on_batch_end(self, net, training=None, **_):
            events.append(("batch", training))

        def on_epoch_end(self, net, **_):
            events.append(("epoch", net.history[-1, "train_loss"]))

    model = small(callbacks=[Listening()], batch_size=20).fit(bits[0][:40], bits[1][:40])
    kinds = [event[0] for event in events]
    assert kinds == ["begin"] + 2 * ["batch", "batch", "epoch"]
    assert events[0] == ("begin", 40, 40)
    losses = [event[1] for event in events if event[0] == "epoch"]
    assert losses == model.loss_curve_


def test_ctrl_c_is_raised_again_and_keeps_the_weights(bits, monkeypatch):
    take, taken = Lines.take, []

    def interrupt(rows, index):
        taken.append(index)
        if len(taken) == 4:
            raise KeyboardInterrupt
        return take(rows, index)

    monkeypatch.setattr(Lines, "take", interrupt)
    model = small(batch_size=20, max_epochs=5)
    with pytest.raises(KeyboardInterrupt):
        model.fit(bits[0][:40], bits[1][:40])
    assert model.n_iter_ == 1
    assert model.predict(bits[0][:2]).shape == (2,)


def test_a_fit_that_diverges_says_so_and_can_predict(bits):
    model = small(optimizer="sgd", lr=1e30)
    with pytest.raises(DivergedError, match="use a smaller lr"):
        model.fit(bits[0][:40], bits[1][:40])
    assert model.predict(bits[0][:2]).shape == (2,)


def test_verbose_prints_a_line_for_each_epoch(bits, capsys):
    small(verbose=1).fit(bits[0][:40], bits[1][:40])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    small().fit(bits[0][:40], bits[1][:40])
    assert capsys.readouterr().out == ""


def test_without_augmentation_lines_stay_as_they_are(bits, monkeypatch):
    seen = []
    take = Lines.take

    def keep(rows, index):
        batch, targets = take(rows, index)
        seen.append(batch)
        return batch, targets

    monkeypatch.setattr(Lines, "take", keep)
    small(augment=False, batch_size=100).fit(bits[0][:40], bits[1][:40])
    first, second = (np.sort(batch.numpy().sum((1, 2, 3))) for batch in seen)
    np.testing.assert_allclose(first, second)
