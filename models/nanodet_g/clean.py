"""From the published graph to its layers: 248 operations become 83, with the same numbers.

TensorFlow works on NHWC, the exporter came from NCHW: nearly every operation stands between two transposes.
Walking the graph, a value carries the order of its axes and a pad not yet applied, so that transposes cancel,
pads go into the convolution or pooling after them, and an added constant becomes the bias of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from models.nanodet_g.net import STRIDES, Layer, Net

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from models.nanodet_g.tfjs import Node, Source

SIDE = 416
"""Height and width for which the published graph was exported."""
NO_PAD = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Value:
    """What a name of the source stands for: a layer's tensor, its axes now, a pad still owed, its height."""

    layer: str
    axes: str
    height: int
    pad: tuple[int, int, int, int] = NO_PAD


class _Walk:
    def __init__(self, source: Source) -> None:
        self.constants = source.constants
        self.layers: dict[str, Layer] = {}
        self.values: dict[str, _Value] = {}

    def value(self, name: str) -> _Value:
        return self.values[name.removesuffix(":1")]

    def constant(self, name: str) -> NDArray[Any]:
        return self.constants[name]

    def put(self, layer: Layer) -> str:
        self.layers[layer.name] = layer
        return layer.name


def read(source: Source) -> Net:
    """The layers of the published graph, NCHW, with all 80 classes and without colour normalisation."""
    walk = _Walk(source)
    for node in source.nodes:
        if node.name not in source.constants:
            walk.values[node.name] = STEPS[node.op](walk, node)
    heads = tuple(walk.values[f"Identity{mark}"].layer for mark in ("", "_1", "_2"))
    assert len(set(heads)) == len(STRIDES)
    return Net(tuple(walk.layers.values()), heads)


def short(name: str) -> str:
    """A layer's name without what the exporters put around it."""
    for noise in ("PartitionedCall/", "onnx_tf_prefix_", "/ResizeBilinear"):
        name = name.replace(noise, "")
    return name


def _placeholder(_walk: _Walk, _node: Node) -> _Value:
    return _Value("image", "nchw", SIDE)


def _same(walk: _Walk, node: Node) -> _Value:
    return walk.value(node.inputs[0])


def _flatten(walk: _Walk, node: Node) -> _Value:
    return replace(walk.value(node.inputs[0]), axes="nca")


def _transpose(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    return replace(value, axes="".join(value.axes[axis] for axis in walk.constant(node.inputs[1])))


def _pad(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    both = walk.constant(node.inputs[1])
    (top, bottom), (left, right) = (both[value.axes.index(axis)] for axis in "hw")
    return replace(value, pad=(int(top), int(left), int(bottom), int(right)))


def _window(value: _Value, node: Node, kernel: tuple[int, ...]) -> tuple[dict[str, Any], _Value]:
    """Attributes of a convolution or pooling that takes up the owed pad, and the value after it."""
    assert value.axes == "nhwc"
    assert node.text("padding") == "VALID"
    strides = node.integers("strides")[1:3]
    height = (value.height + value.pad[0] + value.pad[2] - kernel[0]) // strides[0] + 1
    after = _Value(short(node.name), "nhwc", height)
    return {"kernel_shape": kernel, "strides": strides, "pads": value.pad}, after


def _convolution(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    weight = np.ascontiguousarray(walk.constant(node.inputs[1]).transpose(3, 2, 0, 1))
    attributes, after = _window(value, node, weight.shape[2:])
    walk.put(
        Layer("Conv", after.layer, (value.layer,), attributes, weight, np.zeros(len(weight), np.float32))
    )
    return after


def _pool(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    attributes, after = _window(value, node, node.integers("ksize")[1:3])
    walk.put(Layer("MaxPool", after.layer, (value.layer,), attributes))
    return after


def _add(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    constant = walk.constants.get(node.inputs[1])
    if constant is None:
        other = walk.value(node.inputs[1])
        assert value.axes == other.axes
        return replace(value, layer=walk.put(Layer("Add", short(node.name), (value.layer, other.layer))))
    before = walk.layers[value.layer]
    assert before.bias is not None
    walk.put(replace(before, bias=before.bias + constant.reshape(-1)))
    return value


def _leaky(walk: _Walk, node: Node) -> _Value:
    value = walk.value(node.inputs[0])
    alpha = {"alpha": node.number("alpha")}
    return replace(value, layer=walk.put(Layer("LeakyRelu", short(node.name), (value.layer,), alpha)))


def _concat(walk: _Walk, node: Node) -> _Value:
    values = [walk.value(name) for name in node.inputs[:-1]]
    assert all(value.axes == "nchw" for value in values)
    layers = tuple(value.layer for value in values)
    return replace(values[0], layer=walk.put(Layer("Concat", short(node.name), layers, {"axis": 1})))


def _resize(walk: _Walk, node: Node) -> _Value:
    """Doubling stays bilinear; halving with half-pixel centres is exactly the mean of 2 x 2."""
    assert node.flag("half_pixel_centers")
    value = walk.value(node.inputs[0])
    height = int(walk.constant(node.inputs[1])[0])
    assert height in (value.height * 2, value.height // 2)
    op, attributes = DOUBLE if height > value.height else HALVE
    name = walk.put(Layer(op, short(node.name), (value.layer,), attributes))
    return replace(value, layer=name, height=height)


DOUBLE: tuple[str, dict[str, Any]] = (
    "Resize",
    {"mode": "linear", "coordinate_transformation_mode": "half_pixel"},
)
HALVE: tuple[str, dict[str, Any]] = ("AveragePool", {"kernel_shape": (2, 2), "strides": (2, 2)})

STEPS: Mapping[str, Callable[[_Walk, Node], _Value]] = {
    "Placeholder": _placeholder,
    "Pad": _pad,
    "PadV2": _pad,
    "Transpose": _transpose,
    "Conv2D": _convolution,
    "MaxPool": _pool,
    "Add": _add,
    "LeakyRelu": _leaky,
    "ConcatV2": _concat,
    "ResizeBilinear": _resize,
    "SplitV": _same,
    "Sigmoid": _same,
    "Reshape": _flatten,
    "Identity": _same,
}
