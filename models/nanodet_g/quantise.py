"""Layers as an INT8 ONNX graph (QDQ), with activation ranges that ship as data: no pictures needed.

Activations are uint8 with a zero point, weights int8 a channel with seven bits of their eight: uint8 x int8
pairs then fit the 16 bits in which AVX2 adds them, and signed x signed is as slow as float on x86.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.nanodet_g.sheet import Sheet
from models.nanodet_g.write import finish, parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    import onnx
    from numpy.typing import NDArray

    from models.nanodet_g.net import Floats, Layer, Net

LEVELS = 255
WEIGHT_LIMIT = 63
"""Greatest magnitude of a weight in seven bits."""
TINY = 1e-8


def as_int8(
    net: Net, ranges: Mapping[str, tuple[float, float]], width: int, height: int, notes: Mapping[str, str]
) -> onnx.ModelProto:
    """The net in INT8; its first convolution must read pairs of columns (`passes.pair_columns`).

    `ranges` gives each tensor's least and greatest value over the pictures that it was made from.

    Raises:
        KeyError: a tensor is missing in `ranges`.
    """
    writer = _Writer(ranges)
    writer.image(width, height)
    for layer in net.layers:
        writer.layer(layer)
    return finish(writer.sheet, net, [writer.ready[head] for head in net.heads], (width, height), notes)


def step(low: float, high: float) -> tuple[np.float32, np.uint8]:
    """Scale and zero point of uint8 over a range, which is widened to hold zero exactly."""
    low, high = min(0.0, low), max(0.0, high)
    scale = max((high - low) / LEVELS, TINY)
    return np.float32(scale), np.uint8(np.clip(round(-low / scale), 0, LEVELS))


def quantise_weight(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Weights [out, …] as int8 and one scale an output channel [out]."""
    flat = np.abs(weight.astype(np.float64)).reshape(len(weight), -1)
    scale = np.maximum(flat.max(1) / WEIGHT_LIMIT, TINY).astype(np.float32)
    whole = np.rint(weight / scale.reshape(-1, *[1] * (weight.ndim - 1)))
    return np.clip(whole, -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8), scale


class _Writer:
    """Writes layers between dequantise and quantise nodes, which onnxruntime fuses into INT8 kernels."""

    def __init__(self, ranges: Mapping[str, tuple[float, float]]) -> None:
        self.sheet = Sheet()
        self.ranges = ranges
        self.scales: dict[str, tuple[np.float32, np.uint8]] = {}
        self.ready: dict[str, str] = {}
        """Tensor name to the dequantised tensor that later layers read."""

    def image(self, width: int, height: int) -> None:
        """The picture is already uint8: its scale is one, its zero point zero."""
        shape = self.sheet.constant("pairs_shape", np.array([1, height, width // 2, 6], np.int64))
        pairs = self.sheet.add("Reshape", ["image", shape], "pairs")
        planes = self.sheet.add("Transpose", [pairs], "pair_planes", perm=[0, 3, 1, 2])
        self._dequantise("image", planes, (np.float32(1), np.uint8(0)))

    def layer(self, layer: Layer) -> None:
        inputs = [self.ready[name] for name in layer.inputs]
        extra = parameters(self.sheet, layer) if layer.weight is None else self._weights(layer)
        self.sheet.add(layer.op, inputs + extra, layer.name, **layer.attributes)
        # a maximum needs no new scale, and only with the same one does the INT8 kernel apply
        same = layer.op == "MaxPool"
        scale = self.scales[layer.inputs[0]] if same else step(*self.ranges[layer.name])
        names = self._constants(layer.name, scale)
        stored = self.sheet.add("QuantizeLinear", [layer.name, *names], f"{layer.name}_u8")
        self._dequantise(layer.name, stored, scale)

    def _dequantise(self, name: str, stored: str, scale: tuple[np.float32, np.uint8]) -> None:
        self.scales[name] = scale
        names = self._constants(name, scale)
        self.ready[name] = self.sheet.add("DequantizeLinear", [stored, *names], f"{name}_ready")

    def _constants(self, name: str, scale: tuple[np.float32, np.uint8]) -> tuple[str, str]:
        return (
            self.sheet.constant(f"{name}_scale", np.asarray(scale[0])),
            self.sheet.constant(f"{name}_zero", np.asarray(scale[1])),
        )

    def _weights(self, layer: Layer) -> list[str]:
        assert layer.weight is not None
        assert layer.bias is not None
        weight, scale = quantise_weight(layer.weight)
        bias_scale = scale * self.scales[layer.inputs[0]][0]
        limit = np.iinfo(np.int32).max
        bias = np.clip(np.rint(layer.bias.astype(np.float64) / bias_scale), -limit, limit).astype(np.int32)
        return [
            self._constant(f"{layer.name}_weight", weight, scale),
            self._constant(f"{layer.name}_bias", bias, bias_scale),
        ]

    def _constant(self, name: str, whole: NDArray[np.int8] | NDArray[np.int32], scale: Floats) -> str:
        names = [
            self.sheet.constant(f"{name}_whole", whole),
            self.sheet.constant(f"{name}_scale", scale),
            self.sheet.constant(f"{name}_zero", np.zeros(len(scale), whole.dtype)),
        ]
        return self.sheet.add("DequantizeLinear", names, name, axis=0)
