"""The types that skops must trust to load the estimators of this package."""

SKOPS_TRUSTED = [
    "sklearn_lenet.estimators._dense_digit_classifier.DenseDigitClassifier",
    "sklearn_lenet.estimators._lenet5_classifier.LeNet5Classifier",
    "sklearn_lenet.estimators._pad_normalizer.PadNormalizer",
    "sklearn_lenet.images._digit_image_reader.DigitImageReader",
    "sklearn_lenet.inspection._layer_features.LayerFeatures",
    "sklearn_lenet.utils._geometry.Shape",
    "sklearn_lenet.utils._pixel_scale.PixelScale",
    "torch.device",
]
"""Pass this list as ``trusted`` to ``skops.io.load``. None of the types runs code when loaded."""
