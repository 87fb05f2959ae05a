"""LineNet: its size, its output for each second column, and its seeded weights."""

import pytest
import torch

from sklearn_lenet.nets import STRIDE, STRIP_HEIGHT, LineNet, largest_logit, new_module


@pytest.fixture
def net():
    return new_module(lambda: LineNet(11), seed=0).eval()


@pytest.mark.parametrize("width", [16, 48, 320])
def test_there_is_an_output_for_every_second_column(net, width):
    assert net(torch.zeros(2, 1, STRIP_HEIGHT, width)).shape == (2, width // STRIDE, 11)


def test_it_has_fewer_than_150000_parameters(net):
    by_layer = {
        name: sum(p.numel() for p in layer.parameters()) for name, layer in net.named_children()
    }
    # As the comments of the file say.
    assert by_layer == {
        "c1": 336, "s2": 0, "c3": 9_696, "s4": 0, "c5": 77_088, "f6": 43_200, "output": 715,
    }  # fmt: skip
    assert sum(by_layer.values()) == 131_035


def test_a_digit_is_read_alike_wherever_it_stands(net):
    strip = torch.zeros(2, 1, STRIP_HEIGHT, 160)
    digit = torch.rand(20, 12, generator=torch.Generator().manual_seed(0))
    strip[0, 0, 6:26, 60:72] = digit
    strip[1, 0, 6:26, 80:92] = digit
    with torch.no_grad():
        first, second = net(strip)
    torch.testing.assert_close(first[20:60], second[30:70])


def test_new_weights_are_seeded_and_normalisations_begin_with_mean_0_and_variance_1(net):
    again = new_module(lambda: LineNet(11), seed=0)
    assert all(map(torch.equal, net.state_dict().values(), again.state_dict().values()))
    norm = net.c1.normalisation
    assert norm.running_mean.tolist() == [0] * 12
    assert norm.running_var.tolist() == norm.weight.tolist() == [1] * 12
    assert all(weight.dtype == torch.float32 for weight in net.state_dict().values())


def test_no_strip_exceeds_the_bound_of_the_logits(net):
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        net.c3.normalisation.running_var.fill_(0.01)
        net.c5.normalisation.running_mean.fill_(-3)
    bound = largest_logit(net, 1.0)
    with torch.no_grad():
        strips = torch.rand(8, 1, STRIP_HEIGHT, 64, generator=generator)
        assert net(strips).abs().max() <= bound
    net.f6.normalisation.running_var[3] = float("nan")
    assert not largest_logit(net, 1.0) < float("inf")
