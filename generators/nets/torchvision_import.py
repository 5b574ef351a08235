"""Import torchvision where its compiled part cannot load.

The torchvision wheel is built against a CUDA build of torch. On a CPU-only torch its compiled
operators do not load, and then its import fails while it registers shape rules for two of them,
`nms` and `qnms` (non-maximum suppression, for object detectors), which no classifier uses.
Declaring their schemas beforehand is enough; calling them would still fail, plainly.
"""

import importlib
from functools import cache
from types import ModuleType

import torch

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


@cache
def torchvision_models() -> ModuleType:
    """`torchvision.models`, imported; the schemas are declared only if the plain import fails."""
    try:
        return importlib.import_module("torchvision.models")
    except RuntimeError as error:
        if "torchvision::nms" not in str(error):
            raise
    _declare()
    return importlib.import_module("torchvision.models")


@cache  # the library object must live as long as the declarations
def _declare() -> torch.library.Library:
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]  # torch leaves it untyped
    for schema in SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]  # torch leaves it untyped
    return library
