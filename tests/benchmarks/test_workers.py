"""Contenders run in their own processes and in turn, and waiting time is not counted."""

import _workers
import pytest
from _workers import DONE, RUN, TURN, Turns, alternate, in_new_workers, medians, timed


class FakePipe:
    """A pipe that records messages; ``on_receive`` is called in place of waiting for an answer."""

    def __init__(self, on_receive=lambda: None):
        self.sent, self.on_receive = [], on_receive

    def send(self, message):
        self.sent.append(message)

    def recv(self):
        self.on_receive()
        return RUN


def test_a_turn_ends_after_a_number_of_batches():
    turns = Turns()
    assert list(turns.split(range(5), 2)) == [0, 1, 2, 3, 4]  # no pipe: not in a worker
    turns.pipe = FakePipe()
    assert list(turns.split(range(5), 2)) == [0, 1, 2, 3, 4]
    assert turns.pipe.sent == [(TURN, None)] * 2
    turns.pipe = FakePipe()
    assert len(list(turns.split(range(4), 2))) == 4
    assert turns.pipe.sent == [(TURN, None)]  # after the last batch the work is done


def test_waiting_for_the_next_turn_is_not_counted(monkeypatch):
    clock = [0.0]

    def pass_time(seconds):
        clock[0] += seconds

    def work():
        pass_time(1)
        turns.end()
        pass_time(2)

    turns = Turns()
    turns.pipe = FakePipe(on_receive=lambda: pass_time(100))
    monkeypatch.setattr(_workers, "turns", turns)
    monkeypatch.setattr(_workers.time, "perf_counter", lambda: clock[0])
    assert timed(work)() == 3
    assert turns.waited == 100


def counter(step):
    """Return a contender that counts its runs, in steps of this size."""
    total = 0

    def run():
        nonlocal total
        _workers.turns.end()
        total += step
        return total

    return run


CONTENDERS = {"a": (counter, {"step": 1}), "b": (counter, {"step": 10})}


def test_the_first_round_is_a_warm_up():
    assert alternate(CONTENDERS, 2) == {"a": [2, 3], "b": [20, 30]}


def test_new_workers_start_from_scratch():
    assert in_new_workers(CONTENDERS, 2) == {"a": [1, 1], "b": [10, 10]}


def test_contenders_take_turns(monkeypatch):
    order = []

    class Recorded(_workers.Contender):
        def __init__(self, make, *, step):
            self.n_turns, self.step = 0, step

        def turn(self):
            order.append(self.step)
            self.n_turns += 1
            return self.n_turns == 2, self.step  # done in the second turn

        def stop(self):
            order.append(DONE)

    monkeypatch.setattr(_workers, "Contender", Recorded)
    assert in_new_workers(CONTENDERS, 1) == {"a": [1], "b": [10]}
    assert order == [1, 10, 1, 10, DONE, DONE]


def test_medians_are_taken_for_each_contender():
    assert medians({"a": [3, 1, 2], "b": [1, 4]}) == {"a": 2, "b": pytest.approx(2.5)}
