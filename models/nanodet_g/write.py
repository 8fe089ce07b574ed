"""Layers as an ONNX graph in float: input uint8 [1, height, width, 3] BGR, output logits [1, rows, cells]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from models.nanodet_g.net import Layer, Net, cells
from models.nanodet_g.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import onnx

SCALES = np.array([1, 1, 2, 2], np.float32)
"""Of the only kind of Resize here: twice as high and wide."""


def as_float(net: Net, width: int, height: int, notes: Mapping[str, str]) -> onnx.ModelProto:
    """The net as it is, one node a layer."""
    sheet = Sheet()
    planes = sheet.add("Transpose", ["image"], "planes", perm=[0, 3, 1, 2])
    sheet.add("Cast", [planes], "pixels", to=TensorProto.FLOAT)
    for layer in net.layers:
        inputs = ["pixels" if name == "image" else name for name in layer.inputs]
        sheet.add(layer.op, inputs + parameters(sheet, layer), layer.name, **layer.attributes)
    return finish(sheet, net, net.heads, (width, height), notes)


def parameters(sheet: Sheet, layer: Layer) -> list[str]:
    """Keep the constants of a layer; returns their names in the order of its further inputs."""
    if layer.op == "Resize":
        return ["", sheet.constant("scales", SCALES)]
    if layer.weight is None or layer.bias is None:
        return []
    return [
        sheet.constant(f"{layer.name}_weight", layer.weight),
        sheet.constant(f"{layer.name}_bias", layer.bias),
    ]


def finish(
    sheet: Sheet,
    net: Net,
    heads: Sequence[str],
    size: tuple[int, int],
    notes: Mapping[str, str],
) -> onnx.ModelProto:
    """Lay the cells of the three heads (tensors `heads`) in one row and close the sheet."""
    width, height = size
    rows = net.channels(net.heads[0])
    shape = sheet.constant("rows_cells", np.array([1, rows, -1], np.int64))
    flat = [sheet.add("Reshape", [head, shape], f"cells_{index}") for index, head in enumerate(heads)]
    sheet.add("Concat", flat, "logits", axis=2)
    image = (TensorProto.UINT8, (1, height, width, 3))
    return sheet.model("nanodet_g", image, {"logits": (1, rows, cells(width, height))}, notes)
