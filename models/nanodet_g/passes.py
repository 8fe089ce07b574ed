"""What makes the layers quick: each pass says the same thing in a cheaper way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.nanodet_g.net import Layer, Net

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MEAN = np.array([103.53, 116.28, 123.675])
STD = np.array([57.375, 57.12, 58.395])
"""Blue, green, red of the training pictures, on 0..255 (RangiLyu/nanodet, config of NanoDet-G)."""
CLASSES = 80
BINS = 44
"""Rows of a head after its classes: 11 bins for each of left, top, right, bottom."""


def fold_colour(net: Net) -> Net:
    """Take pixels of 0..255 as they come: mean and deviation go into the first convolution.

    Its border of zeros then means black instead of the mean colour, which no detection was seen to notice.
    """

    def fold(stem: Layer) -> Layer:
        assert stem.weight is not None
        assert stem.bias is not None
        weight = stem.weight.astype(np.float64) / STD[None, :, None, None]
        bias = stem.bias - (weight * MEAN[None, :, None, None]).sum((1, 2, 3))
        return replace(stem, weight=weight.astype(np.float32), bias=bias.astype(np.float32))

    return _change(net, lambda layer: fold(layer) if layer.inputs == ("image",) else layer)


def keep_classes(net: Net, classes: Sequence[int]) -> Net:
    """Cut the heads to these of the 80 COCO classes, in this order; the bins stay."""
    rows = [*classes, *range(CLASSES, CLASSES + BINS)]

    def cut(head: Layer) -> Layer:
        assert head.weight is not None
        assert head.bias is not None
        return replace(head, weight=head.weight[rows], bias=head.bias[rows])

    return _change(net, lambda layer: cut(layer) if layer.name in net.heads else layer)


def pool_first(net: Net) -> Net:
    """Put the leaky ReLU after the max pooling: it is monotonic, and a quarter of the elements is left."""
    pool = next(layer for layer in net.layers if layer.op == "MaxPool")
    leaky = net.layer(pool.inputs[0])
    assert leaky.op == "LeakyRelu"
    pair = (replace(pool, inputs=leaky.inputs), replace(leaky, inputs=(pool.name,)))
    renamed = {pool.name: leaky.name}
    rest = tuple(_reading(layer, renamed) for layer in net.layers if layer not in (pool, leaky))
    at = 1 + next(index for index, layer in enumerate(rest) if layer.name == leaky.inputs[0])
    return replace(net, layers=rest[:at] + pair + rest[at:])


def average_as_convolution(net: Net) -> Net:
    """Write the mean of 2 x 2 as a depthwise convolution, for which INT8 kernels are quick."""

    def convolve(layer: Layer) -> Layer:
        channels = net.channels(layer.name)
        attributes = {**layer.attributes, "group": channels}
        weight = np.full((channels, 1, 2, 2), 0.25, np.float32)
        return Layer("Conv", layer.name, layer.inputs, attributes, weight, np.zeros(channels, np.float32))

    return _change(net, lambda layer: convolve(layer) if layer.op == "AveragePool" else layer)


def pair_columns(net: Net) -> Net:
    """Let the first convolution read two neighbouring pixels as one of six channels.

    A view of [h, w, 3] as [h, w / 2, 6] costs nothing; 3 x 3 with step 2 becomes 3 x 2 with step (2, 1),
    and six channels fill what INT8 kernels pad three with. Column -1, 0, 1 of the kernel is the odd half of
    the pair before, the even and the odd half of the pair itself.
    """

    def pair(stem: Layer) -> Layer:
        assert stem.weight is not None
        weight = np.zeros((len(stem.weight), 6, 3, 2), np.float32)
        for column, (half, place) in enumerate(((1, 0), (0, 1), (1, 1))):
            weight[:, 3 * half : 3 * half + 3, :, place] = stem.weight[:, :, :, column]
        attributes = {"kernel_shape": (3, 2), "strides": (2, 1), "pads": (1, 1, 1, 0)}
        return replace(stem, attributes=attributes, weight=weight)

    return _change(net, lambda layer: pair(layer) if layer.inputs == ("image",) else layer)


def _change(net: Net, change: Callable[[Layer], Layer]) -> Net:
    return replace(net, layers=tuple(change(layer) for layer in net.layers))


def _reading(layer: Layer, renamed: dict[str, str]) -> Layer:
    return replace(layer, inputs=tuple(renamed.get(name, name) for name in layer.inputs))
