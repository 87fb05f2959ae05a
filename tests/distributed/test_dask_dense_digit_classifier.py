from sklearn_lenet import DaskDenseDigitClassifier


def test_the_layers_are_those_that_are_asked_for(client, digits):
    X, y = digits
    model = DaskDenseDigitClassifier(
        hidden_layer_sizes=(7, 5), max_epochs=1, calibrate=False, client=client
    ).fit(X[:200], y[:200])
    sizes = [tuple(weight.shape) for weight in model.module_.state_dict().values()]
    assert sizes == [(7, 64), (7,), (5, 7), (5,), (10, 5), (10,)]
