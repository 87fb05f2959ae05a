import numpy as np

from sklearn_lenet import DaskLeNet5Classifier, load_pretrained


def test_a_trained_model_is_the_start_on_all_workers(client, mnist):
    X, y, *_ = mnist
    model = DaskLeNet5Classifier(
        max_epochs=1,
        augment=None,
        calibrate=False,
        random_state=0,
        init="digits",
        lr=1e-6,
        client=client,
    ).fit(X[:500], y[:500])
    trained = load_pretrained("digits")
    np.testing.assert_allclose(
        model.module_.c1.weight.detach(), trained.module_.c1.weight.detach(), atol=1e-4
    )
    assert model.architecture_ == trained.architecture_
