"""The published graph turned into ONNX node by node: what a benchmark measures the clean one against.

Every convolution, pooling and resize stands between two transposes, as general converters write it.
Input `image`: float [1, 3, 416, 416], normalised BGR. Outputs, for strides 8, 16, 32: `classes_k`
[1, cells, 80] after the sigmoid and `bins_k` [1, cells, 44].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from onnx import TensorProto

from models.nanodet_g.clean import SIDE
from models.nanodet_g.net import STRIDES
from models.nanodet_g.passes import BINS, CLASSES
from models.nanodet_g.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import onnx

    from models.nanodet_g.tfjs import Node, Source

TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
OUTPUTS = {
    "Identity": "classes_0",
    "Identity_1": "classes_1",
    "Identity_2": "classes_2",
    "Identity_3": "bins_0",
    "Identity_4": "bins_1",
    "Identity_5": "bins_2",
}


def convert(source: Source) -> onnx.ModelProto:
    """One ONNX node or a few for every node of the source."""
    page = _Page(source)
    for node in source.nodes:
        if node.name not in source.constants:
            STEPS[node.op](page, node)
    outputs: dict[str, tuple[int, int, int]] = {}
    for name in OUTPUTS.values():
        rows = CLASSES if name.startswith("classes") else BINS
        outputs[name] = (1, (SIDE // STRIDES[int(name[-1])]) ** 2, rows)
    return page.sheet.model("nanodet_g_naive", (TensorProto.FLOAT, (1, 3, SIDE, SIDE)), outputs, {})


class _Page:
    def __init__(self, source: Source) -> None:
        self.sheet = Sheet()
        self.source = source

    def name(self, index: int, node: Node) -> str:
        """The tensor of one input, kept as a constant first where it is one."""
        name = node.inputs[index]
        if name in self.source.constants:
            array = self.source.constants[name]
            self.sheet.constant(name, array.astype(np.int64) if array.dtype == np.int32 else array)
        return "image" if name == "input_1" else name

    def between(self, op: str, node: Node, *extra: str, **attributes: object) -> None:
        """`op` on NCHW between two transposes, for a source that works on NHWC."""
        before = self.sheet.add("Transpose", [self.name(0, node)], f"{node.name}/nchw", perm=TO_NCHW)
        after = self.sheet.add(op, [before, *extra], f"{node.name}/{op}", **attributes)
        self.sheet.add("Transpose", [after], node.name, perm=TO_NHWC)


def _nothing(_page: _Page, _node: Node) -> None:
    pass


def _convolution(page: _Page, node: Node) -> None:
    weight = page.source.constants[node.inputs[1]].transpose(3, 2, 0, 1)
    name = page.sheet.constant(f"{node.name}/weight", weight)
    page.between("Conv", node, name, kernel_shape=weight.shape[2:], strides=node.integers("strides")[1:3])


def _pool(page: _Page, node: Node) -> None:
    window = node.integers("ksize")[1:3]
    page.between("MaxPool", node, kernel_shape=window, strides=node.integers("strides")[1:3])


def _resize(page: _Page, node: Node) -> None:
    channels = page.source.constants[RESIZED_LIKE].shape[-1]
    target = np.array([1, channels, *page.source.constants[node.inputs[1]]], np.int64)
    size = page.sheet.constant(f"{node.name}/size", target)
    page.between("Resize", node, "", "", size, mode="linear", coordinate_transformation_mode="half_pixel")


def _add(page: _Page, node: Node) -> None:
    page.sheet.add("Add", [page.name(0, node), page.name(1, node)], node.name)


def _leaky(page: _Page, node: Node) -> None:
    page.sheet.add("LeakyRelu", [page.name(0, node)], node.name, alpha=node.number("alpha"))


def _transpose(page: _Page, node: Node) -> None:
    page.sheet.add("Transpose", [page.name(0, node)], node.name, perm=page.source.constants[node.inputs[1]])


def _pad(page: _Page, node: Node) -> None:
    pads = page.source.constants[node.inputs[1]].T.reshape(-1).astype(np.int64)
    names = [page.name(0, node), page.sheet.constant(f"{node.name}/pads", pads)]
    names += [page.name(index, node) for index in range(2, len(node.inputs))]
    page.sheet.add("Pad", names, node.name)


def _concat(page: _Page, node: Node) -> None:
    names = [page.name(index, node) for index in range(len(node.inputs) - 1)]
    page.sheet.add("Concat", names, node.name, axis=int(page.source.constants[node.inputs[-1]]))


def _split(page: _Page, node: Node) -> None:
    axis = int(page.source.constants[node.inputs[2]])
    page.sheet.split([page.name(0, node), page.name(1, node)], [node.name, f"{node.name}:1"], axis)


def _sigmoid(page: _Page, node: Node) -> None:
    page.sheet.add("Sigmoid", [page.name(0, node)], node.name)


def _reshape(page: _Page, node: Node) -> None:
    page.sheet.add("Reshape", [page.name(0, node), page.name(1, node)], node.name)


def _output(page: _Page, node: Node) -> None:
    page.sheet.add("Identity", [page.name(0, node)], OUTPUTS[node.name])


RESIZED_LIKE = "unknown_54"
"""Bias of the neck's convolutions, whose length is the number of channels of every resized tensor."""

STEPS: Mapping[str, Callable[[_Page, Node], None]] = {
    "Placeholder": _nothing,
    "Pad": _pad,
    "PadV2": _pad,
    "Transpose": _transpose,
    "Conv2D": _convolution,
    "MaxPool": _pool,
    "Add": _add,
    "LeakyRelu": _leaky,
    "ConcatV2": _concat,
    "ResizeBilinear": _resize,
    "SplitV": _split,
    "Sigmoid": _sigmoid,
    "Reshape": _reshape,
    "Identity": _output,
}
