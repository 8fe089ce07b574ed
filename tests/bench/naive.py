"""NanoDet as a general converter and a plain script would run it: the yardstick of `tests.bench.detect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import onnxruntime

from models.nanodet_g import naive, tfjs
from models.nanodet_g.build import CARD, HERE
from models.nanodet_g.passes import MEAN, STD

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 416
STRIDES = (8, 16, 32)
SOURCE = HERE / "source"
NO_SOURCE = "no models/nanodet_g/source here: run `python3 -m launch setup` once"


class NaiveDetector:
    """The published graph converted node by node, float, 416 x 416, one thread."""

    def __init__(self, threshold: float) -> None:
        model = naive.convert(tfjs.load(SOURCE, CARD["source"]["sha256"]))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model.SerializeToString(), options)
        self._threshold = threshold

    def _prepare(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
        """Letterboxed, normalised planes and their scale."""
        height, width = picture.shape[:2]
        scale = min(SIDE / width, SIDE / height)
        resized = cv2.resize(picture, (int(width * scale), int(height * scale)))
        canvas = np.zeros((SIDE, SIDE, 3), np.uint8)
        canvas[: resized.shape[0], : resized.shape[1]] = resized
        normal = (canvas.astype(np.float32) - MEAN.astype(np.float32)) / STD.astype(np.float32)
        return np.ascontiguousarray(normal.transpose(2, 0, 1)[None]), scale

    def detect(self, picture: NDArray[np.uint8]) -> list[list[float]]:
        """Boxes as left, top, width, height in pixels of the picture."""
        planes, scale = self._prepare(picture)
        outputs = [np.asarray(output) for output in self._session.run(None, {"image": planes})]
        rects: list[list[float]] = []
        scores: list[float] = []
        classes: list[int] = []
        for level, stride in enumerate(STRIDES):
            sure = outputs[level][0].max(axis=1)
            for cell in np.flatnonzero(sure > self._threshold):
                odds = np.exp(outputs[level + 3][0, cell].reshape(4, 11))
                reach = (odds / odds.sum(axis=1, keepdims=True)) @ np.arange(11) * stride
                x, y = (cell % (SIDE // stride) + 0.5) * stride, (cell // (SIDE // stride) + 0.5) * stride
                left, top = (x - reach[0]) / scale, (y - reach[1]) / scale
                rects.append([left, top, (reach[0] + reach[2]) / scale, (reach[1] + reach[3]) / scale])
                scores.append(float(sure[cell]))
                classes.append(int(outputs[level][0, cell].argmax()))
        return [rects[index] for index in cv2.dnn.NMSBoxesBatched(rects, scores, classes, 0, 0.5)]
