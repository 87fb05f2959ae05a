"""LineNet: its size, its output for each second column, and its seeded weights."""

import pytest
import torch

from sklearn_lenet.nets import STRIDE, STRIP_HEIGHT, LineNet, _line_net, largest_logit, new_module


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
        "c1": 448, "c3": 12_896, "c5": 77_088, "f6": 43_200, "output": 715,
    }  # fmt: skip
    assert sum(by_layer.values()) == 134_347


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
    assert norm.running_mean.tolist() == [0] * 16
    assert norm.running_var.tolist() == norm.weight.tolist() == [1] * 16
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


@pytest.mark.parametrize("has_bfloat16", [False, True])
def test_bfloat16_is_used_in_training_alone(net, monkeypatch, has_bfloat16):
    monkeypatch.setattr(_line_net, "has_bfloat16", lambda: has_bfloat16)
    seen = []
    net.c5.convolution.register_forward_hook(lambda _m, _i, output: seen.append(output.dtype))
    strips = torch.rand(2, 1, STRIP_HEIGHT, 32, generator=torch.Generator().manual_seed(0))
    assert net(strips).dtype == torch.float32
    logits = net.train()(strips)
    logits.square().mean().backward()
    assert seen == [torch.float32, torch.bfloat16 if has_bfloat16 else torch.float32]
    assert logits.dtype == torch.float32
    assert {weight.grad.dtype for weight in net.parameters()} == {torch.float32}


def test_a_torch_that_knows_no_capabilities_has_no_bfloat16(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert _line_net.has_bfloat16.__wrapped__() is False
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": True}, raising=False)
    assert _line_net.has_bfloat16.__wrapped__() is True
