"""What stands in a picture: one network, fed and read as its family wants it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from edge.see.decode import DECODERS, Decoder, Raw
from edge.see.label import BY_COUNT, kind
from edge.see.letterbox import Letterbox
from edge.see.network import Network, UnfitModelError
from edge.see.seen import NOTHING, Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OVERLAP = 0.5
"""Of two boxes of one kind that share more than this (intersection over union) the surer one stays."""
CANDIDATES = 1000
"""The surest so many are compared; a picture has seldom a tenth of it."""


class Detector:
    """A detector, loaded once; not to be shared between threads, for it keeps its buffers."""

    def __init__(
        self, path: Path | str, decoder: str = "nanodet", threshold: float = 0.45, threads: int = 1
    ) -> None:
        """Load an ONNX file and try it once on an empty picture.

        Args:
            path: the ONNX file.
            decoder: its family, a key of `decode.DECODERS`.
            threshold: least score of what is seen, between 0 and 1.
            threads: how many cores one picture may take.

        Raises:
            UnfitModelError: no such file or family, or the file is not of that family.
        """
        if decoder not in DECODERS:
            raise UnfitModelError(f"no decoder is called {decoder!r}; choose one of {', '.join(DECODERS)}")
        self._decoder = DECODERS[decoder]
        self._threshold = threshold
        self._network = Network(Path(path), threads)
        width, height = (
            side if isinstance(side, int) else self._decoder.side
            for side in (self._network.width, self._network.height)
        )
        self.size = (width, height)
        """Width and height of the network's input."""
        self._box = Letterbox(width, height, self._decoder.fill, stretch=self._decoder.stretch)
        self.labels = self._words(Path(path), decoder)
        """The word of each class."""
        words = [kind(label) for label in self.labels]
        self._kinds = np.array([words.index(word) for word in words])

    def detect(self, picture: NDArray[np.uint8]) -> Seen:
        """What stands in a picture BGR uint8 [h, w, 3] of any size."""
        scale = self._box.put(picture)
        raw = self._decoder.read(self.infer(), self.size, self._threshold)
        return self._seen(raw, scale, picture.shape) if len(raw.scores) else NOTHING

    def infer(self) -> Mapping[str, NDArray[Any]]:
        """The network's outputs by name for the picture that was looked at last."""
        return self._network.run(_fed(self._box.buffer, self._decoder, self._network))

    def scores(self) -> NDArray[np.float32]:
        """How sure the network is of all that it weighs in the picture that was looked at last, 0..1."""
        return self._decoder.scores(self.infer())

    def _words(self, path: Path, decoder: str) -> tuple[str, ...]:
        outputs = self.infer()
        count = self._decoder.classes(outputs, self.size)
        if count is None:
            shapes = ", ".join(f"{name} {list(array.shape)}" for name, array in outputs.items())
            raise UnfitModelError(f"{path} gives {shapes}; decoder {decoder!r} reads {self._decoder.shape}")
        labels = self._network.labels or BY_COUNT.get(count, ())
        if len(labels) < count:
            raise UnfitModelError(
                f"{path} tells {count} classes apart and names {len(labels)}: write their words, "
                "separated by commas, into its metadata under 'labels'",
            )
        return labels

    def _seen(self, raw: Raw, scale: tuple[float, float], shape: tuple[int, ...]) -> Seen:
        kept = _surest(raw, self._kinds)
        limits = np.array([shape[1], shape[0]] * 2, np.float32)
        boxes = np.clip(raw.boxes[kept] / np.array(scale * 2, np.float32), 0, limits)
        inside = (boxes[:, 2:] - boxes[:, :2]).min(axis=1) > 1
        kept, boxes = kept[inside], boxes[inside]
        labels = tuple(self.labels[number] for number in raw.classes[kept])
        return Seen(boxes, raw.scores[kept].astype(np.float32), labels)


def _surest(raw: Raw, kinds: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which candidates stay when overlapping ones of one kind are dropped, the surest first."""
    order = np.argsort(-raw.scores, kind="stable")[:CANDIDATES]
    corners = raw.boxes[order]
    rects = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        rects.tolist(), raw.scores[order].tolist(), kinds[raw.classes[order]].tolist(), 0, OVERLAP
    )
    return order[np.asarray(kept, np.intp)]


def _fed(buffer: NDArray[np.uint8], decoder: Decoder, network: Network) -> NDArray[Any]:
    """The buffer as a batch of one in the colours, type and layout that the network takes."""
    picture: NDArray[Any] = buffer[:, :, ::-1] if decoder.rgb else buffer
    if network.takes_float:
        picture = (picture - np.array(decoder.mean, np.float32)) / np.array(decoder.spread, np.float32)
    if network.takes_planes:
        picture = picture.transpose(2, 0, 1)
    return np.ascontiguousarray(picture[None])
