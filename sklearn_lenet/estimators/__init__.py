"""The scikit-learn estimators: both classifiers, `PadNormalizer`, recipes for the classifiers."""

from ._base_classifier import BaseDigitClassifier
from ._dense_digit_classifier import DenseDigitClassifier
from ._fitted_net import FittedNet
from ._lenet5_classifier import DIGIT_SIZE, LeNet5Classifier
from ._pad_normalizer import PadNormalizer
from ._parameter_checks import CONSTRAINTS, check_numbers
from ._prediction import DigitPredictor
from ._variants import PICTURES, VARIANTS, make_variant, training_rows

__all__ = [
    "CONSTRAINTS",
    "DIGIT_SIZE",
    "PICTURES",
    "VARIANTS",
    "BaseDigitClassifier",
    "DenseDigitClassifier",
    "DigitPredictor",
    "FittedNet",
    "LeNet5Classifier",
    "PadNormalizer",
    "check_numbers",
    "make_variant",
    "training_rows",
]
