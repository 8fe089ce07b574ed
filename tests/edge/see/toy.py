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


def seeing_yolox(path: Path, side: int = 64) -> Path:
    """A YOLOX of one class: each cell is as sure as what lies in it is white, its box is the cell."""
    nodes, names = [], []
    cells = 0
    for stride in (8, 16, 32):
        across = side // stride
        cells += across**2
        nodes += [
            helper.make_node(
                "AveragePool", ["image"], [f"mean{stride}"], kernel_shape=[stride] * 2, strides=[stride] * 2
            ),
            helper.make_node("Constant", [], [f"shape{stride}"], value_ints=[1, 3, across**2]),
            helper.make_node("Reshape", [f"mean{stride}", f"shape{stride}"], [f"row{stride}"]),
        ]
        names.append(f"row{stride}")
    nodes += [
        helper.make_node("Concat", names, ["rows3"], axis=2),
        helper.make_node("Constant", [], ["channel"], value_ints=[1]),
        helper.make_node("ReduceMean", ["rows3", "channel"], ["white"], keepdims=0),
        helper.make_node("Constant", [], ["last"], value_ints=[2]),
        helper.make_node("Unsqueeze", ["white", "last"], ["whiteness"]),
        helper.make_node("Constant", [], ["full"], value_float=255.0),
        helper.make_node("Div", ["whiteness", "full"], ["sure"]),
        helper.make_node("Concat", ["place_constant", "sure", "class_constant"], ["rows"], axis=2),
    ]
    place = np.tile(np.array([0.5, 0.5, 0.0, 0.0], np.float32), (1, cells, 1))
    return _built(
        path,
        nodes,
        {"place": place, "class": np.ones((1, cells, 1), np.float32)},
        {"rows": (1, cells, 6)},
        side,
    )


def seeing_ssd(path: Path, side: int = 64, told: int = 3) -> Path:
    """An SSD that tells the whitest of sixteen places as people, by COCO's number, the surest first."""
    nodes = [
        helper.make_node(
            "AveragePool", ["image"], ["mean"], kernel_shape=[side // 4] * 2, strides=[side // 4] * 2
        ),
        helper.make_node("Constant", [], ["channel"], value_ints=[1]),
        helper.make_node("ReduceMean", ["mean", "channel"], ["white"], keepdims=0),
        helper.make_node("Constant", [], ["flat"], value_ints=[1, 16]),
        helper.make_node("Reshape", ["white", "flat"], ["signed"]),
        helper.make_node("Constant", [], ["half"], value_float=0.5),
        helper.make_node("Mul", ["signed", "half"], ["halved"]),
        helper.make_node("Add", ["halved", "half"], ["scores"]),
        helper.make_node("Constant", [], ["count"], value_ints=[told]),
        helper.make_node("TopK", ["scores", "count"], ["detection_scores", "place"], axis=1),
        helper.make_node("Gather", ["boxes_constant", "place"], ["detection_boxes"], axis=0),
        helper.make_node("Gather", ["numbers_constant", "place"], ["detection_classes"], axis=0),
    ]
    down, across = np.mgrid[:4, :4].reshape(2, 16) / 4
    boxes = np.stack([down, across, down + 0.25, across + 0.25], axis=1).astype(np.float32)
    outputs = {"detection_boxes": (1, told, 4), "detection_scores": (1, told), "detection_classes": (1, told)}
    return _built(path, nodes, {"boxes": boxes, "numbers": np.ones(16, np.float32)}, outputs, side)


def _built(
    path: Path,
    nodes: Sequence[onnx.NodeProto],
    constants: Mapping[str, NDArray[Any]],
    outputs: Mapping[str, Sequence[int]],
    side: int,
) -> Path:
    graph = helper.make_graph(
        nodes,
        "toy",
        [helper.make_tensor_value_info("image", FLOAT, (1, 3, side, side))],
        [helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(array, f"{name}_constant") for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    helper.set_model_props(model, {"labels": "person"} if "rows" in outputs else {})
    onnx.save(model, str(path))
    return path
