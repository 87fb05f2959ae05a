"""Write fitted estimators in formats that other programs read: an ONNX graph, a web page."""

from ._onnx import export_onnx
from ._page import export_page
from ._skl2onnx import register_skl2onnx

__all__ = [
    "export_onnx",
    "export_page",
    "register_skl2onnx",
]
