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


def test_a_model_with_a_worse_figure_is_replaced_only_if_it_is_accepted(monkeypatch, capsys):
    saved = []
    monkeypatch.setattr(pretrained, "card", lambda name, *_: f"card of {name}")
    monkeypatch.setattr(pretrained, "save_model_with_card", lambda *args: saved.append(args[2]))
    monkeypatch.setattr(pretrained, "load_model", lambda _: None)
    monkeypatch.setattr(pretrained, "write_page", lambda: None)
    figures = {figure["data"]: (figure["accuracy"], 1) for figure in card_of("mnist")["figures"]}
    worse = {data: (accuracy - 0.01, 1) for data, (accuracy, _) in figures.items()}
    pretrained.replace({"mnist": (None, 1.0, figures)}, {})
    assert saved == ["card of mnist"]
    with pytest.raises(SystemExit, match="Not replaced, because a figure got worse:\nmnist: MNIST"):
        pretrained.replace({"mnist": (None, 1.0, worse)}, {})
    assert len(saved) == 1
    pretrained.replace({"mnist": (None, 1.0, worse)}, {}, accepted=["mnist"])
    assert len(saved) == 2
    assert capsys.readouterr().out.count("98.49 %") == 2


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
