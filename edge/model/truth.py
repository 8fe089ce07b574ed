"""Pictures of a clip or a folder, and who stands in them: ground truth as MOTChallenge writes it.

A line is `frame, id, left, top, width, height, counts, …`, frames from 1. Where `counts` is 0 somebody is
there who may be missed: hidden, or not to be judged. Files of nine columns (MOT16 and later) name a class in
the eighth, and only class 1 is a person who counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

from edge.see.network import UnfitModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp")
LEAST, OF_CLASSES = 6, 9
"""Columns of a line at least, and of one that names a class."""
COUNTS, CLASS, WALKER = 6, 7, 1
MANIFEST = "MANIFEST.tsv"


@dataclass(frozen=True, slots=True, eq=False)
class Present:
    """Who stands in one picture; boxes [n, 4] left, top, right, bottom in pixels."""

    free: NDArray[np.float64]
    hidden: NDArray[np.float64]
    """Who may be seen or missed."""


NOBODY = Present(np.zeros((0, 4)), np.zeros((0, 4)))


def pictures(clip: Path) -> Iterator[NDArray[np.uint8]]:
    """Every picture of a clip, or of a folder by name (its `img1`, where it has one), BGR uint8 [h, w, 3].

    Raises:
        UnfitModelError: there is none, or one cannot be read.
    """
    if not clip.is_dir():
        yield from _decoded(clip)
        return
    folder = clip / "img1" if (clip / "img1").is_dir() else clip
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in ENDINGS)
    if not files:
        raise UnfitModelError(f"{folder} holds no picture ({', '.join(ENDINGS)})")
    for file in files:
        picture = cv2.imread(str(file))
        if picture is None:
            raise UnfitModelError(f"{file} is no picture that can be read")
        yield np.asarray(picture, np.uint8)


def _decoded(clip: Path) -> Iterator[NDArray[np.uint8]]:
    try:
        with av.open(str(clip)) as opened:
            for frame in opened.decode(video=0):
                yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)
    except (OSError, IndexError) as error:
        raise UnfitModelError(f"{clip} cannot be played: {error}") from error


def beside(clip: Path) -> Path | None:
    """The ground truth of a clip: `gt/gt.txt` in its folder, `clip.gt.txt`, or what a manifest names."""
    named = [clip / "gt" / "gt.txt", clip.with_name(f"{clip.stem}.gt.txt"), *_manifest(clip)]
    return next((file for file in named if file.is_file()), None)


def _manifest(clip: Path) -> Iterator[Path]:
    """What a MANIFEST.tsv beside the clip names in its last column: first the file's name, then words."""
    manifest = clip.with_name(MANIFEST)
    for line in manifest.read_text(encoding="utf-8").splitlines() if manifest.is_file() else ():
        file, *_, truth = line.split("\t")
        if file.strip("()") == clip.name and truth.split():
            yield clip.with_name(truth.split()[0])


def read(file: Path) -> Mapping[int, Present]:
    """Picture number from 0 to who stands there, from the first to the last that the file names.

    Raises:
        UnfitModelError: it cannot be read, or is written otherwise.
    """
    try:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        rows = np.loadtxt(lines, delimiter=",", ndmin=2) if lines else np.zeros((0, LEAST))
    except (OSError, ValueError) as error:
        raise UnfitModelError(f"{file} is no ground truth that can be read: {error}") from error
    if not rows.size or rows.shape[1] < LEAST:
        raise UnfitModelError(f"{file} is no ground truth: a line is frame, id, left, top, width, height, …")
    numbers = rows[:, 0].astype(int) - 1
    boxes = np.concatenate([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]], axis=1)
    counts = rows[:, COUNTS] > 0 if rows.shape[1] > COUNTS else np.ones(len(rows), bool)
    if rows.shape[1] == OF_CLASSES:
        counts &= rows[:, CLASS] == WALKER
    found = {}
    for number in range(numbers.min(), numbers.max() + 1):
        here = numbers == number
        found[number] = Present(boxes[here & counts], boxes[here & ~counts])
    return found
