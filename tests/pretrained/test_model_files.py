"""The names of the models, their paths, and the cards in their files."""

import pytest

from sklearn_lenet import LeNet5Classifier
from sklearn_lenet.persistence import save_model_with_card
from sklearn_lenet.pretrained import NAMES, _model_files, card_of, path_of


def test_an_unknown_name_is_an_error_that_names_the_known_ones():
    with pytest.raises(ValueError, match="name='typo' is not a pretrained model: use 'digits', "):
        path_of("typo")


def test_a_card_is_read_from_the_model_file(monkeypatch, tmp_path, digits):
    monkeypatch.setattr(_model_files, "FOLDER", tmp_path)
    model = LeNet5Classifier(max_epochs=1, random_state=0).fit(digits[0][:50], digits[1][:50])
    save_model_with_card(model, path_of(NAMES[0]), {"purpose": "a test"})
    assert card_of(NAMES[0]) == {"purpose": "a test"}
