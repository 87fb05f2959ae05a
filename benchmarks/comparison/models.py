"""Who is compared: one registry, and for each model where its settings come from."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

from accuracy import AFFINE, LARGE
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC, LinearSVC

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier

from .elsewhere import NET, RECIPE, KerasNet, SkorchNet, TorchLoop
from .rows import deskewed, unit

TUNED = "Best of `make bench-tune` on held-out training rows."
DEFAULT = "No parameter set."
README = "The recipe of the main README, chosen on held-out training rows."
TUTORIAL = "The tutorials' recipe, as on every library: Adam at 0.001, batches of 128, 5 passes."
OURS, SKLEARN, ELSEWHERE = "sklearn_lenet", "scikit-learn", "LeNet-5 elsewhere"


class Model(NamedTuple):
    """One line of the comparison."""

    make: Callable[[int], Any]
    """A new estimator for a seed; it takes MNIST's uint8 rows."""
    family: str
    settings: str
    """Where the settings come from."""
    seeds: int = 1
    """Seeds of the full comparison: 3 where a net's start is drawn."""
    sharpness: float | None = None
    """Factor of the scores whose softmax stands for probabilities, where there are none."""
    needs: tuple[str, ...] = ()
    """Packages without which it is not run."""
    curve: bool = True
    """Whether it is drawn against the number of rows and under disturbances."""

    @property
    def missing(self):
        """The packages that are not installed."""
        return [package for package in self.needs if find_spec(package) is None]


def scaled(estimator):
    """Return the estimator behind a scaling of pixels to 0 to 1."""
    return make_pipeline(FunctionTransformer(unit), estimator)


def svm(seed, **settings):
    """Return an RBF SVM with a cache that suits 60,000 rows."""
    return scaled(SVC(**{"cache_size": 2000, "random_state": seed} | settings))


def svm_deskewed(seed, **settings):
    """Return the same on upright digits."""
    upright = FunctionTransformer(deskewed)
    return make_pipeline(upright, SVC(**{"cache_size": 2000, "random_state": seed} | settings))


def forest(seed, **settings):
    """Return a forest of 500 trees on all cores."""
    return RandomForestClassifier(500, n_jobs=-1, random_state=seed, **settings)


def boosting(seed, **settings):
    """Return boosted trees; it uses all cores by itself."""
    return HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **settings)


def neighbours(_seed, **settings):
    """Return nearest neighbours, found with matrix products on all cores."""
    return scaled(KNeighborsClassifier(algorithm="brute", n_jobs=-1, **settings))


def logistic(_seed, **settings):
    """Return multinomial logistic regression."""
    return scaled(LogisticRegression(max_iter=1000, **settings))


def mlp(seed, **settings):
    """Return scikit-learn's dense net, which stops when held-out rows gain no more."""
    fixed = {"early_stopping": True, "n_iter_no_change": 5, "random_state": seed}
    return scaled(MLPClassifier(**fixed | settings))


def nystroem(seed, nystroem__n_components=2000, **settings):
    """Return a linear SVM on an approximate RBF kernel of 2,000 rows."""
    model = make_pipeline(
        FunctionTransformer(unit),
        Nystroem(n_components=nystroem__n_components, random_state=seed),
        LinearSVC(random_state=seed),
    )
    return model.set_params(**settings)


RIVALS = {
    "svm": svm,
    "svm-deskewed": svm_deskewed,
    "forest": forest,
    "boosting": boosting,
    "neighbours": neighbours,
    "logistic": logistic,
    "mlp": mlp,
    "nystroem": nystroem,
}


def ours(cls, **parameters):
    """Return a registry's function from a seed to one of our classifiers."""
    return lambda seed: cls(**parameters, random_state=seed)


SAME = NET | RECIPE | {"lr_schedule": "constant", "label_smoothing": 0.0}
NETS = {"seeds": 3, "family": OURS}
TUNED_ONE = {"family": SKLEARN, "settings": TUNED}
OTHERS = {"family": ELSEWHERE, "settings": TUTORIAL, "seeds": 3, "curve": False}

MODELS = {
    "lenet": Model(ours(LeNet5Classifier), settings=DEFAULT, **NETS),
    "lenet-classic": Model(
        ours(LeNet5Classifier, activation="tanh", pooling="avg"),
        settings="No parameter set but the textbooks' activation and pooling.",
        **NETS,
    ),
    "lenet-affine": Model(ours(LeNet5Classifier, **AFFINE), settings=README, **NETS),
    "lenet-unpadded": Model(
        ours(LeNet5Classifier, input_size=None, pooling="avg"), settings=README, **NETS
    ),
    "dense": Model(ours(DenseDigitClassifier), settings=DEFAULT, **NETS),
    "dense-large": Model(ours(DenseDigitClassifier, **LARGE), settings=README, **NETS),
    "svm": Model(partial(svm, C=10, gamma=0.03), sharpness=4.9, **TUNED_ONE),
    "svm-deskewed": Model(partial(svm_deskewed, C=10, gamma=0.04), sharpness=4.79, **TUNED_ONE),
    "forest": Model(partial(forest, max_features=0.1), **TUNED_ONE),
    "boosting": Model(
        partial(
            boosting,
            learning_rate=0.2,
            max_iter=200,
            max_leaf_nodes=15,
            max_features=0.1,
            l2_regularization=1.0,
        ),
        **TUNED_ONE,
    ),
    "neighbours": Model(partial(neighbours, n_neighbors=4, weights="distance"), **TUNED_ONE),
    "logistic": Model(partial(logistic, C=0.1), **TUNED_ONE),
    "mlp": Model(
        partial(mlp, hidden_layer_sizes=(512, 256), alpha=1e-4), **TUNED_ONE | {"seeds": 3}
    ),
    "nystroem": Model(
        partial(nystroem, nystroem__gamma=0.02, linearsvc__C=30), sharpness=2.18, **TUNED_ONE
    ),
    "lenet-tutorial": Model(ours(LeNet5Classifier, **SAME), OURS, TUTORIAL, seeds=3, curve=False),
    "torch-loop": Model(TorchLoop, **OTHERS),
    "skorch": Model(SkorchNet, **OTHERS),
    "keras-tensorflow": Model(
        partial(KerasNet, "tensorflow"), needs=("keras", "tensorflow"), **OTHERS
    ),
    "keras-jax": Model(partial(KerasNet, "jax"), needs=("keras", "jax"), **OTHERS),
}
