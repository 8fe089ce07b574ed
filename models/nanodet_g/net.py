"""The few layers that the detector truly is, as values; every pass takes a net and gives a new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

Floats = NDArray[np.float32]
STRIDES = (8, 16, 32)
"""Pixels of the input between two cells of each head."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One ONNX operator on NCHW tensors; its name is also the name of the tensor that it gives."""

    op: str
    name: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    weight: Floats | None = None
    bias: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Net:
    """Layers in an order that runs; `heads` give [1, classes + 44, height / stride, width / stride]."""

    layers: tuple[Layer, ...]
    heads: tuple[str, ...]

    def layer(self, name: str) -> Layer:
        """The layer that gives tensor `name`; raises StopIteration when there is none."""
        return next(layer for layer in self.layers if layer.name == name)

    def channels(self, name: str) -> int:
        """How many channels tensor `name` has: those of the nearest convolution before it."""
        layer = self.layer(name)
        return self.channels(layer.inputs[0]) if layer.weight is None else len(layer.weight)


def cells(width: int, height: int) -> int:
    """How many cells the three heads have together."""
    return sum((width // stride) * (height // stride) for stride in STRIDES)
