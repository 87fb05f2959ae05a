"""ScaledTanh, the activation of LeCun et al. (1998)."""

import torch

from sklearn_lenet.nets._activations import ScaledTanh


def test_scaled_tanh_keeps_plus_and_minus_one():
    values = ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0, 100.0]))
    torch.testing.assert_close(values, torch.tensor([-1.0, 0.0, 1.0, 1.7159]), atol=1e-4, rtol=0)
