"""The model of scale agrees with calculations by hand, and the measures that it needs work."""

import math

import _scale_model as scale_model
import numpy as np
import pytest
from _scale_model import MESSAGE, Model, Net, Step

from sklearn_lenet import LeNet5Classifier


def test_the_message_has_the_gradients_of_the_net():
    images, labels = np.zeros((20, 28, 28), dtype=np.uint8), np.arange(20) % 10
    net = LeNet5Classifier(max_epochs=1, calibrate=False, augment=None, n_threads=1)
    module = net.fit(images, labels).module_
    assert sum(p.numel() for p in module.parameters()) == scale_model.GRADIENTS
    assert MESSAGE == 4 * 61_707  # 247 kB


NO_TIME = Step(0.0, 0.0, 0.0)
NO_DELAY = Net(0.0, math.inf)
"""A network that adds nothing to the time over loopback."""


def model_of(step, making=NO_TIME, pair=0.0, loopback=NO_DELAY, shared=0.0):
    return Model(step, making, shared, pair, loopback)


def test_workers_of_one_machine_read_the_gradients_of_each_other():
    model = model_of(Step(1.0, 0.0, 0.5), making=Step(0.5, 0.0, 0.0), pair=7.0, shared=0.25)
    assert model.step_seconds(1, 100) == 51.0
    assert model.step_seconds(2, 100) == 26.25
    # each core computes and reads for two workers: 1 + 0.5 * 25 s, and three times 0.25 s
    assert model.step_seconds(4, 100, cores=2) == 2 * (13.5 + 0.75)


def test_an_epoch_of_two_workers_by_hand():
    step, making = Step(fixed=0.5, batch_row=0.01, own_row=0.1), Step(0.1, 0.0, 0.01)
    model = model_of(step, making, pair=1.5)
    # a step: 0.5 + 1.28 + 6.4 s; of the 1.5 s of the sum, 0.1 + 0.64 s of making are not waited for
    assert model.step_seconds(2, 128, NO_DELAY) == pytest.approx(8.18 + 0.76)
    # 1000 rows are 8 batches, the last one smaller
    assert model.epoch_seconds(1000, 2, 128, NO_DELAY) == pytest.approx(8 * 8.94)
    slow = Net(delay=1.0, bandwidth=MESSAGE / 2)
    assert model.step_seconds(2, 128, slow) == pytest.approx(8.94 + 2 * (1 + 1))


def test_a_sum_that_takes_less_time_than_the_next_batch_costs_nothing():
    model = model_of(Step(1.0, 0.0, 0.5), making=Step(0.5, 0.0, 0.0), pair=0.4)
    assert model.step_seconds(2, 100, NO_DELAY) == 26.0


def test_one_worker_sends_nothing():
    model = model_of(Step(1.0, 0.0, 0.5), pair=7.0, loopback=Net(9.0, 1.0))
    assert model.step_seconds(1, 100, Net(9.0, 1.0)) == 51.0


def test_four_workers_on_two_cores_take_turns():
    model = model_of(Step(1.0, 0.0, 0.5), pair=7.0, loopback=Net(0.125, math.inf))
    # each core computes two times 1 + 0.5 * 25 s; there are 6 messages of 0.125 s
    assert model.step_seconds(4, 100, NO_DELAY, cores=2) == pytest.approx(2 * 13.5 + 6 * 0.125)


def test_times_without_noise_are_found_again():
    step = Step(1e-3, 2e-6, 4e-5)
    measured = [(b, b / n, step.seconds(b, b / n)) for b in (128, 512) for n in (1, 4, 16)]
    np.testing.assert_allclose(scale_model.fitted_step(measured), step, rtol=1e-6)
    net = Net(3e-5, 2e9)
    small, large = 2 * net.delay, net.ring_seconds(2)
    np.testing.assert_allclose(scale_model.fitted_loopback(small, large), net, rtol=1e-6)


def test_no_time_is_negative():
    # rows of the batch seem to save time: the fit says that they take none
    step = scale_model.fitted_step([(128, 8, 1.0), (512, 8, 0.9), (128, 64, 2.0), (512, 64, 1.9)])
    assert step.batch_row == 0.0
    assert step.own_row > 0
    assert scale_model.fitted_loopback(small=2.0, large=1.9).bandwidth > 1e9


def test_curves_have_all_networks_and_fall_where_workers_pay():
    curves = scale_model.curves(
        model_of(Step(1e-3, 1e-6, 5e-5), Step(1e-4, 0.0, 1e-5), 2e-4, Net(3e-5, 2e9))
    )
    assert list(curves) == ["60000", "8000000"]
    for rules in curves.values():
        for nets in rules.values():
            assert list(nets) == [scale_model.ONE_MACHINE, *scale_model.NETS]
            for seconds in nets.values():
                assert len(seconds) == len(scale_model.WORKERS)
            assert (
                nets[scale_model.ONE_MACHINE]
                <= nets["10 Gbit/s, 50 µs"]
                <= nets["100 Mbit/s, 2 ms"]
            )
    fixed, growing = curves["60000"].values()
    slow = "1 Gbit/s, 200 µs"
    assert min(growing[slow]) < min(fixed[slow])
    assert scale_model.fastest(growing[slow]) > scale_model.fastest(fixed[slow])


def test_half_used_workers_save_half_of_the_ideal():
    # of 1, 2, 3, 4 and 6 workers: the efficiencies are 1, 1, 0.67, 0.5 and 0.42
    assert scale_model.half_used([12.0, 6.0, 6.0, 6.0, 4.8]) == 3
