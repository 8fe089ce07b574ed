"""Networks of a few nodes that answer what a test wants, as real ONNX files on a real runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

UINT8, FLOAT = TensorProto.UINT8, TensorProto.FLOAT


def answering(
    path: Path,
    outputs: Mapping[str, NDArray[Any]],
    image: tuple[int, Sequence[int | str]],
    labels: str = "",
    nodes: Sequence[onnx.NodeProto] = (),
) -> Path:
    """A network that gives these constants whatever it is shown; `nodes` may compute further ones."""
    made = [name for node in nodes for name in node.output]
    graph = helper.make_graph(
        [
            *nodes,
            *(
                helper.make_node("Identity", [f"{name}_constant"], [name])
                for name in outputs
                if name not in made
            ),
        ],
        "toy",
        [helper.make_tensor_value_info("image", *image)],
        [helper.make_tensor_value_info(name, FLOAT, array.shape) for name, array in outputs.items()],
        [numpy_helper.from_array(array, f"{name}_constant") for name, array in outputs.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    if labels:
        helper.set_model_props(model, {"labels": labels})
    onnx.save(model, str(path))
    return path


def yolox_rows(side: int, classes: int, things: Mapping[tuple[int, int], float]) -> NDArray[np.float32]:
    """Rows [1, cells, 5 + classes] of YOLOX: (row of the cell, class) to score; each 16 x 32 pixels large."""
    cells = sum((side // stride) ** 2 for stride in (8, 16, 32))
    rows = np.zeros((1, cells, 5 + classes), np.float32)
    for (cell, number), score in things.items():
        rows[0, cell, :4] = (0.5, 0.5, np.log(16 / 8), np.log(32 / 8))
        rows[0, cell, 4] = 1.0
        rows[0, cell, 5 + number] = score
    return rows
