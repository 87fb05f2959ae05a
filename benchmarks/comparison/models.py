"""The registry of the compared models, with the source of each model's settings."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

from accuracy import BEST, LARGE
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.svm import SVC, LinearSVC

from sklearn_lenet import DenseDigitClassifier, LeNet5Classifier, PadNormalizer

from .augmented import WithCopies
from .other_libraries import NET, RECIPE, KerasNet, SkorchNet, TorchLoop
from .rows import deskewed, unit

TUNED = "The best settings of `make bench-tune`, on held-out training rows."
DEFAULT = "Default parameters."
README = "The recipe of the main README, chosen on held-out training rows."
TUNED_FEW = "The best settings of `make bench-tune` for 1,000 rows, on held-out training rows."
TUTORIAL = (
    "The recipe of tutorials, the same in all libraries: Adam, 0.001, batches of 128, 5 epochs."
)
OURS, SKLEARN, OTHER_LIBRARY = "sklearn_lenet", "scikit-learn", "other LeNet-5 code"


class Model(NamedTuple):
    """One row of the comparison."""

    make: Callable[[int], Any]
    """Returns a new estimator for a seed. The estimator takes the uint8 rows of MNIST."""
    family: str
    settings: str
    """The source of the settings."""
    seeds: int = 1
    """The number of seeds in the full comparison: 3 if the result depends on initial weights."""
    sharpness: float | None = None
    """The factor that turns scores into probabilities, if the model has no ``predict_proba``."""
    needs: tuple[str, ...] = ()
    """Packages that the model needs. Without them it is not run."""
    curve: bool = True
    """Whether it is measured with fewer rows."""
    disturbed: bool = True
    """Whether it is measured under disturbances."""
    most_rows: int | None = None
    """The largest number of training rows that it is measured with; None means all."""

    @property
    def missing(self):
        """The needed packages that are not installed."""
        return [package for package in self.needs if find_spec(package) is None]


def scaled(estimator):
    """Return a pipeline that scales pixels to the range 0 to 1 for the estimator."""
    return make_pipeline(FunctionTransformer(unit), estimator)


def svm(seed, **settings):
    """Return an SVM with an RBF kernel and a cache that is large enough for 60,000 rows."""
    return scaled(SVC(**{"cache_size": 2000, "random_state": seed} | settings))


def svm_deskewed(seed, **settings):
    """Return the same SVM on deskewed digits."""
    upright = FunctionTransformer(deskewed)
    return make_pipeline(upright, SVC(**{"cache_size": 2000, "random_state": seed} | settings))


def svm_augmented(seed, augment="elastic", **settings):
    """Return the SVM on deskewed digits, with distorted copies of the training rows."""
    return WithCopies(svm_deskewed(seed, **settings), augment, random_state=seed)


def forest_augmented(seed, augment="elastic", **settings):
    """Return the forest, with distorted copies of the training rows."""
    return WithCopies(forest(seed, **settings), augment, random_state=seed)


def forest(seed, **settings):
    """Return a forest of 500 trees on all cores."""
    return RandomForestClassifier(500, n_jobs=-1, random_state=seed, **settings)


def boosting(seed, **settings):
    """Return gradient boosting, which uses all cores."""
    return HistGradientBoostingClassifier(early_stopping=False, random_state=seed, **settings)


def neighbours(_seed, **settings):
    """Return nearest neighbours, searched with matrix products on all cores."""
    return scaled(KNeighborsClassifier(algorithm="brute", n_jobs=-1, **settings))


def logistic(_seed, **settings):
    """Return multinomial logistic regression."""
    return scaled(LogisticRegression(max_iter=1000, **settings))


def mlp(seed, **settings):
    """Return scikit-learn's dense net with early stopping."""
    fixed = {"early_stopping": True, "n_iter_no_change": 5, "random_state": seed}
    return scaled(MLPClassifier(**fixed | settings))


def nystroem(seed, nystroem__n_components=2000, **settings):
    """Return a linear SVM on an approximation of the RBF kernel by 2,000 rows."""
    model = make_pipeline(
        FunctionTransformer(unit),
        Nystroem(n_components=nystroem__n_components, random_state=seed),
        LinearSVC(random_state=seed),
    )
    return model.set_params(**settings)


RIVALS = {
    "svm": svm,
    "svm-deskewed": svm_deskewed,
    "svm-augmented": svm_augmented,
    "forest": forest,
    "forest-augmented": forest_augmented,
    "boosting": boosting,
    "neighbours": neighbours,
    "logistic": logistic,
    "mlp": mlp,
    "nystroem": nystroem,
}


def ours(cls, **parameters):
    """Return a function from a seed to a classifier of sklearn_lenet."""
    return lambda seed: cls(**parameters, random_state=seed)


SAME = NET | RECIPE | {"lr_schedule": "constant", "label_smoothing": 0.0}
SAME |= {"augment": None, "calibrate": False}
NETS = {"seeds": 3, "family": OURS}
TUNED_ONE = {"family": SKLEARN, "settings": TUNED}
COPIES = {"family": SKLEARN, "settings": TUNED_FEW, "most_rows": 3000}
OTHERS = {"family": OTHER_LIBRARY, "settings": TUTORIAL, "seeds": 3}
OTHERS |= {"curve": False, "disturbed": False}

MODELS = {
    "lenet": Model(ours(LeNet5Classifier), settings=DEFAULT, **NETS),
    "lenet-classic": Model(
        ours(LeNet5Classifier, activation="tanh", pooling="avg"),
        settings="Default parameters, with the activation and pooling of textbooks.",
        curve=False,
        **NETS,
    ),
    "lenet-best": Model(ours(LeNet5Classifier, **BEST), settings=README, curve=False, **NETS),
    "lenet-unpadded": Model(
        ours(LeNet5Classifier, input_size=None, pooling="avg"), settings=README, curve=False, **NETS
    ),
    "lenet-pipeline": Model(
        lambda seed: make_pipeline(PadNormalizer(), LeNet5Classifier(random_state=seed)),
        settings="Default parameters, after a `PadNormalizer`.",
        curve=False,
        **NETS,
    ),
    "dense": Model(ours(DenseDigitClassifier), settings=DEFAULT, **NETS),
    "dense-large": Model(ours(DenseDigitClassifier, **LARGE), settings=README, curve=False, **NETS),
    "svm": Model(partial(svm, C=10, gamma=0.03), sharpness=4.9, **TUNED_ONE),
    "svm-deskewed": Model(partial(svm_deskewed, C=10, gamma=0.04), sharpness=4.79, **TUNED_ONE),
    "svm-augmented": Model(partial(svm_augmented, C=10, gamma=0.04), sharpness=3.93, **COPIES),
    "forest": Model(partial(forest, max_features=0.1), **TUNED_ONE),
    "forest-augmented": Model(partial(forest_augmented, max_features="sqrt"), **COPIES),
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
    "lenet-tutorial": Model(ours(LeNet5Classifier, **SAME), **OTHERS | {"family": OURS}),
    "torch-loop": Model(TorchLoop, **OTHERS),
    "skorch": Model(SkorchNet, **OTHERS),
    "keras-tensorflow": Model(
        partial(KerasNet, "tensorflow"), needs=("keras", "tensorflow"), **OTHERS
    ),
    "keras-jax": Model(partial(KerasNet, "jax"), needs=("keras", "jax"), **OTHERS),
}
