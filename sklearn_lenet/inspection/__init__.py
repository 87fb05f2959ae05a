"""Look inside a net: a table of its layers, the outputs of the layers, and the displays.

A new display needs its file here and its name in this ``__init__.py``, then one line in
``_FOLDERS`` of the package's own ``__init__.py``. The reference and the tests of all displays
find it by these names.
"""

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
