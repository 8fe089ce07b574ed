"""How each family of detectors is fed and read: one row a family."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

STRIDES = (8, 16, 32)
BINS = 11
"""NanoDet gives each side of a box as odds over distances of 0..10 strides."""
SIDES = np.arange(BINS, dtype=np.float32)
YOLOX_ROW = 5
"""Before its classes a row of YOLOX holds x, y, width, height and how sure it is of anything."""
SSD_OUTPUTS = ("detection_boxes", "detection_scores", "detection_classes")
COCO_NUMBERS = 91
DIMENSIONS = 3


class Raw(NamedTuple):
    """Candidates before overlapping ones are dropped; boxes in pixels of the network's input."""

    boxes: NDArray[np.float32]
    scores: NDArray[np.float32]
    classes: NDArray[np.intp]


class Grid(NamedTuple):
    """The cells of all three heads in a row."""

    centres: NDArray[np.float32]
    """[cells, 2] x, y in pixels of the input."""
    strides: NDArray[np.float32]
    """[cells, 1] pixels from one cell to the next."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """One family of detectors."""

    read: Callable[[Mapping[str, NDArray[Any]], tuple[int, int], float], Raw]
    """Outputs by name, width and height of the input, least score -> candidates."""
    classes: Callable[[Mapping[str, NDArray[Any]], tuple[int, int]], int | None]
    """Outputs by name, size of the input -> how many classes they tell apart; none when they do not fit."""
    scores: Callable[[Mapping[str, NDArray[Any]]], NDArray[np.float32]]
    """Outputs by name -> how sure the network is of all that it weighs, in an order that stays."""
    shape: str
    """What the outputs must look like, for a sentence of refusal."""
    fill: int = 0
    stretch: bool = False
    rgb: bool = False
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    spread: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Of each channel, for networks that take float; those that take uint8 get pixels as they are."""
    side: int = 416
    """Width and height of the input where the network leaves them open."""


@lru_cache(maxsize=8)
def grid(width: int, height: int) -> Grid:
    """The cells of an input of this size, stride by stride, row by row."""
    centres, strides = [], []
    for stride in STRIDES:
        down, across = np.mgrid[: height // stride, : width // stride]
        centres.append((np.stack([across, down], axis=-1).reshape(-1, 2) + 0.5) * stride)
        strides.append(np.full((len(centres[-1]), 1), stride))
    return Grid(np.concatenate(centres).astype(np.float32), np.concatenate(strides).astype(np.float32))


def nanodet(outputs: Mapping[str, NDArray[Any]], size: tuple[int, int], threshold: float) -> Raw:
    """Logits [1, classes + 44, cells]: thresholded before the sigmoid, which only survivors pay for."""
    rows = next(iter(outputs.values()))[0]
    logits, bins = rows[: -4 * BINS], rows[-4 * BINS :]
    best = logits.max(axis=0)
    cells = np.flatnonzero(best > math.log(threshold / (1 - threshold)))
    odds = bins[:, cells].T.reshape(-1, 4, BINS)
    odds = np.exp(odds - odds.max(axis=2, keepdims=True))
    centres, strides = grid(*size)
    reach = (odds @ SIDES) / odds.sum(axis=2) * strides[cells]
    middle = centres[cells]
    boxes = np.concatenate([middle - reach[:, :2], middle + reach[:, 2:]], axis=1)
    return Raw(boxes, 1 / (1 + np.exp(-best[cells])), logits[:, cells].argmax(axis=0))


def yolox(outputs: Mapping[str, NDArray[Any]], size: tuple[int, int], threshold: float) -> Raw:
    """Rows [1, cells, 5 + classes]; offsets in strides from the cell's corner, sizes as logarithms."""
    rows = next(iter(outputs.values()))[0]
    best = rows[:, YOLOX_ROW:].max(axis=1) * rows[:, YOLOX_ROW - 1]
    cells = np.flatnonzero(best > threshold)
    centres, strides = grid(*size)
    middle = centres[cells] + (rows[cells, :2] - 0.5) * strides[cells]
    half = np.exp(rows[cells, 2:4]) * strides[cells] / 2
    boxes = np.concatenate([middle - half, middle + half], axis=1)
    return Raw(boxes, best[cells], rows[cells, YOLOX_ROW:].argmax(axis=1))


def ssd(outputs: Mapping[str, NDArray[Any]], size: tuple[int, int], threshold: float) -> Raw:
    """Boxes [1, n, 4] as top, left, bottom, right in 0..1, scores [1, n], COCO numbers [1, n]."""
    scores = outputs["detection_scores"][0]
    sure = scores > threshold
    boxes = outputs["detection_boxes"][0][sure][:, [1, 0, 3, 2]] * np.array(size * 2, np.float32)
    return Raw(boxes, scores[sure], outputs["detection_classes"][0][sure].astype(np.intp))


def _nanodet_classes(outputs: Mapping[str, NDArray[Any]], size: tuple[int, int]) -> int | None:
    shape = next(iter(outputs.values())).shape
    fits = len(shape) == DIMENSIONS and shape[2] == len(grid(*size).strides)
    return shape[1] - 4 * BINS if fits else None


def _yolox_classes(outputs: Mapping[str, NDArray[Any]], size: tuple[int, int]) -> int | None:
    shape = next(iter(outputs.values())).shape
    fits = len(shape) == DIMENSIONS and shape[1] == len(grid(*size).strides)
    return shape[2] - YOLOX_ROW if fits else None


def _ssd_classes(outputs: Mapping[str, NDArray[Any]], _size: tuple[int, int]) -> int | None:
    return COCO_NUMBERS if set(SSD_OUTPUTS) <= set(outputs) else None


def _nanodet_scores(outputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    return np.asarray(1 / (1 + np.exp(-next(iter(outputs.values()))[0, : -4 * BINS])), np.float32)


def _yolox_scores(outputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    rows = next(iter(outputs.values()))[0]
    return np.asarray(rows[:, YOLOX_ROW:] * rows[:, YOLOX_ROW - 1 : YOLOX_ROW], np.float32)


def _ssd_scores(outputs: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """The surest first: which of two equal ones comes first is the network's own business."""
    return np.asarray(-np.sort(-outputs["detection_scores"][0]), np.float32)


DECODERS: Mapping[str, Decoder] = {
    "nanodet": Decoder(
        nanodet,
        _nanodet_classes,
        _nanodet_scores,
        f"one output [1, classes + {4 * BINS}, cells] of logits",
        mean=(103.53, 116.28, 123.675),
        spread=(57.375, 57.12, 58.395),
    ),
    "yolox": Decoder(
        yolox, _yolox_classes, _yolox_scores, f"one output [1, cells, {YOLOX_ROW} + classes]", fill=114
    ),
    "ssd": Decoder(
        ssd,
        _ssd_classes,
        _ssd_scores,
        f"the outputs {', '.join(SSD_OUTPUTS)}",
        stretch=True,
        rgb=True,
        mean=(127.5, 127.5, 127.5),
        spread=(127.5, 127.5, 127.5),
        side=300,
    ),
}
