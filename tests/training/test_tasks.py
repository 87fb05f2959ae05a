"""Tasks: which outputs are right, and what each counts."""

import torch

from sklearn_lenet.training._tasks import READING, classification

LOGITS = torch.tensor([[2.0, 1.0], [0.0, 1.0], [3.0, 0.0]])


def test_a_label_is_right_if_its_logit_is_the_largest():
    task = classification(2)
    right, weights = task.judge(LOGITS, (torch.tensor([0, 0, 0]),))
    assert right.tolist() == [True, False, True]
    assert weights.tolist() == [1, 1, 1]
    _, weights = task.judge(LOGITS, (torch.tensor([0, 0, 0]), torch.tensor([1.0, 2.0, 3.0])))
    assert weights.tolist() == [1, 2, 3]


def test_a_text_is_right_if_all_its_characters_are():
    best = torch.tensor([[1, 0, 1, 2], [1, 1, 0, 0], [0, 0, 0, 0]])
    outputs = torch.nn.functional.one_hot(best, 3).float()
    codes, lengths = torch.tensor([1, 1, 2, 1, 2]), torch.tensor([3, 2, 0])
    right, weights = READING.judge(outputs, (codes, lengths))
    assert right.tolist() == [True, False, True]
    assert weights.tolist() == [1, 1, 1]
