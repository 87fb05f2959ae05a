import torch

from sklearn_lenet.nets import LeNet5, passes
from sklearn_lenet.nets._shared_memory import SharedMemory
from sklearn_lenet.training import WeightedCrossEntropy


def test_smaller_sizes_lie_in_the_memory_of_the_largest():
    memory = SharedMemory(5, torch.float64)
    first, second = memory.empty(5, 3), memory.empty(2, 5)
    memory.restart()
    small_first, small_second = memory.empty(4, 3), memory.empty(2, 4)
    assert small_first.dtype == torch.float64
    assert small_first.data_ptr() == first.data_ptr()
    assert small_second.data_ptr() == second.data_ptr()
    assert small_second.shape == (2, 4)


def test_gradients_of_many_sizes_are_those_of_new_passes():
    torch.manual_seed(0)
    module, images, codes = LeNet5(10), torch.randn(9, 1, 32, 32), torch.arange(9)
    shared = passes(module)
    for n in (3, 9, 5, 9, 3, 1):
        shared.learn(images[:n], (codes[:n],), WeightedCrossEntropy())
        found = [parameter.grad for parameter in module.parameters()]
        passes(module).learn(images[:n], (codes[:n],), WeightedCrossEntropy())
        for own, parameter in zip(found, module.parameters(), strict=True):
            assert torch.equal(own, parameter.grad)


def test_many_sizes_need_the_memory_of_one():
    shared = passes(LeNet5(10))
    for n in (64, *range(30, 64)):
        shared.forward(torch.zeros(n, 1, 32, 32))
    parts = shared.memory._parts
    assert len(parts) == 12
    assert all(len(part) % 64 == 0 for part in parts)
    shared.forget(8)
    assert shared.memory._parts == []
