"""The same LeNet-5 in other libraries learns the same digits."""

import numpy as np
import pytest
from comparison.other_libraries import KerasNet, SkorchNet, TorchLoop


def test_every_library_learns_with_the_same_recipe(bundled):
    """Each library, from its own initial weights, learns these few digits in about ninety steps."""
    X, y, X_test, y_test = bundled
    for net in (TorchLoop(0, max_epochs=18), SkorchNet(0, max_epochs=18)):
        fitted = net.fit(X, y)
        assert np.mean(fitted.predict(X_test) == y_test) > 0.9
        assert fitted.predict_proba(X_test).sum(1) == pytest.approx(np.ones(len(X_test)), abs=1e-5)
        assert 240_000 < fitted.saved_size() < 300_000  # 61,706 weights of four bytes


def test_keras_learns_with_the_same_recipe(bundled):
    pytest.importorskip("keras", reason="keras is in the extra bench, which `make test` leaves out")
    X, y, X_test, y_test = bundled
    net = KerasNet("tensorflow", 0, max_epochs=18).fit(X, y)
    assert net.model.count_params() == 61_706
    assert np.mean(net.predict(X_test) == y_test) > 0.9
    assert net.predict_proba(X_test[:1]) == pytest.approx(net.predict_proba(X_test)[:1], abs=1e-5)
