"""Seeing inside a net: its layers as a table, the output of each, and displays of both."""

from ._activations import activations
from ._feature_maps_display import FeatureMapsDisplay
from ._filters_display import FiltersDisplay
from ._layer_features import LayerFeatures
from ._layer_table import layer_table
from ._mistakes_display import MistakesDisplay
from ._reliability_display import ReliabilityDisplay
from ._saliency_display import SaliencyDisplay
from ._training_curve_display import TrainingCurveDisplay

__all__ = [
    "FeatureMapsDisplay",
    "FiltersDisplay",
    "LayerFeatures",
    "MistakesDisplay",
    "ReliabilityDisplay",
    "SaliencyDisplay",
    "TrainingCurveDisplay",
    "activations",
    "layer_table",
]
