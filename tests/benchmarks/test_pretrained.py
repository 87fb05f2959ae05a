"""The script of the pretrained models: what is worse, the spread, the page of the cards."""

import pretrained
import pytest
import torch
from _model_page import PAGE, page

from sklearn_lenet.pretrained import NAMES, card_of


def test_a_lower_figure_or_a_missing_one_is_worse():
    before = {figure["data"]: figure["accuracy"] for figure in card_of("mnist")["figures"]}
    same = {data: (accuracy, 1) for data, accuracy in before.items()}
    assert pretrained.worse("mnist", same) == []
    first = next(iter(same))
    (complaint,) = pretrained.worse("mnist", same | {first: (same[first][0] - 0.01, 1)})
    assert complaint.startswith(f"mnist: {first}: 98.49 % instead of 99.49 %")
    assert len(pretrained.worse("mnist", {})) == len(same)


@pytest.mark.parametrize("name", NAMES)
def test_the_spread_is_that_of_the_benchmarks(name):
    for figure in card_of(name)["figures"]:
        found = pretrained.spread(name, figure["data"])
        assert found == {k: figure[k] for k in ("of_seeds", "n_seeds") if k in figure}


def test_the_hash_depends_on_every_weight():
    weights = {"b": torch.zeros(2), "a": torch.ones(3)}
    first = pretrained.sha256_of(weights)
    assert pretrained.sha256_of(dict(reversed(weights.items()))) == first
    weights["b"][1] = 1e-7
    assert pretrained.sha256_of(weights) != first


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_are_those_of_the_card(name):
    from sklearn_lenet import load_pretrained

    weights = load_pretrained(name).module_.state_dict()
    assert pretrained.sha256_of(weights) == card_of(name)["weights_sha256"]


def test_the_page_shows_the_cards_of_the_files():
    assert PAGE.read_text() == "\n".join(page()) + "\n"
