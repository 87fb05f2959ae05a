"""Write fitted estimators in formats that other programs read: an ONNX graph."""

from ._onnx import export_onnx
from ._skl2onnx import register_skl2onnx

__all__ = [
    "export_onnx",
    "register_skl2onnx",
]
