"""DenseDigitClassifier: any number of features, any depth."""

import pytest
from sklearn.datasets import load_iris
from sklearn.model_selection import cross_val_score

from sklearn_lenet import DenseDigitClassifier


@pytest.mark.parametrize(("sizes", "layers"), [((), []), (5, [5]), ((7, 5, 3), [7, 5, 3])])
def test_depth_and_width(digits, sizes, layers):
    X, y = digits
    model = DenseDigitClassifier(hidden_layer_sizes=sizes, max_epochs=1).fit(X[:99], y[:99])
    widths = [layer.out_features for layer in model.module_.children() if hasattr(layer, "weight")]
    assert widths == [*layers, 10]


def test_any_number_of_features(digits):
    X, y = digits
    for n_features in (1, 7, 2_000):
        wide = X.repeat(32, axis=1)[:99, :n_features]
        assert DenseDigitClassifier(max_epochs=1).fit(wide, y[:99]).n_features_in_ == n_features


def test_it_learns_a_table_that_is_no_image():
    X, y = load_iris(return_X_y=True)
    assert cross_val_score(DenseDigitClassifier(random_state=0), X, y).mean() > 0.93
