"""A fit holds its weights and nothing else, however often it is repeated."""

import gc
import subprocess
import sys

import pytest
import torch
from helpers import BOTH, quick


def tensors_alive():
    gc.collect()
    return sum(1 for thing in gc.get_objects() if issubclass(type(thing), torch.Tensor))


@BOTH
def test_a_fit_leaves_its_weights_and_nothing_else(digits, Classifier):
    quick(Classifier).fit(*digits)  # tables that are made once for all fits
    before = tensors_alive()
    model = quick(Classifier, augment="affine", average_weights=True).fit(*digits)
    assert tensors_alive() - before == len(list(model.module_.parameters()))
    model.predict(digits[0])
    for n in range(1, 9):
        model.predict(digits[0][:n])
    (kept,) = model._inference._free
    storages = {
        thing.untyped_storage().data_ptr(): thing.untyped_storage().nbytes()
        for thing in gc.get_objects()
        if issubclass(type(thing), torch.Tensor) and thing.is_inference()
    }
    assert sum(storages.values()) < 8e6
    assert kept.module is model.module_
    del kept, storages
    del model
    assert tensors_alive() == before


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads Linux's /proc")
def test_forty_fits_hold_no_more_memory_than_ten():
    # Free blocks stay with the allocator in an amount that differs from fit to fit, 40 MB at most:
    # `malloc_trim` gives them back, and what is left is the same to a tenth of a MB.
    rounds = (
        "import ctypes, gc, numpy as np\n"
        "from sklearn.base import clone\n"
        "from sklearn_lenet import LeNet5Classifier\n"
        "rng = np.random.default_rng(0)\n"
        "X = rng.integers(0, 256, (4000, 784), dtype=np.uint8)\n"
        "y = rng.integers(0, 10, 4000)\n"
        "model = LeNet5Classifier(max_epochs=1, random_state=0)\n"
        "held = []\n"
        "for _ in range(40):\n"
        "    copy = clone(model).fit(X, y)\n"
        "    copy.predict(X)\n"
        "    del copy\n"
        "    gc.collect()\n"
        "    ctypes.CDLL(None).malloc_trim(0)\n"
        "    pages = int(open('/proc/self/statm').read().split()[1])\n"
        "    held.append(pages * 4096 / 2**20)\n"
        "print(min(held[:10]), min(held[-10:]))\n"
    )
    out = subprocess.run(
        [sys.executable, "-c", rounds], capture_output=True, text=True, check=True
    ).stdout
    first, last = map(float, out.split())
    assert last - first < 1  # 34 kB for each fit; the pixels alone are 3 MB


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_twenty_fits_hold_no_more_cuda_memory_than_two(digits):
    held = []
    for _ in range(20):
        quick(device="cuda").fit(*digits)
        gc.collect()
        held.append(torch.cuda.memory_allocated())
    assert held[-1] <= held[1]
