"""The scikit-learn estimators: both classifiers, `PadNormalizer`, recipes for the classifiers."""

from ._base_classifier import BaseDigitClassifier
from ._dense_digit_classifier import DenseDigitClassifier
from ._field import DIGIT_SIZE
from ._fitted_net import FittedNet
from ._lenet5_classifier import LeNet5Classifier
from ._pad_normalizer import PadNormalizer
from ._parameter_checks import CONSTRAINTS, check_numbers
from ._prediction import DigitPredictor, non_digit_code
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
    "non_digit_code",
    "training_rows",
]
