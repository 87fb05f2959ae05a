"""Write fitted estimators in formats that other programs read: an ONNX graph."""

from ._onnx import export_onnx

__all__ = [
    "export_onnx",
]
