"""`python -m edge.see.selftest [FOLDER] [PICTURE …]`: is INT8 right on this machine, and quicker?

Each INT8 file is held against the float file of the same size on drawn scenes and the pictures given. The
quicker of the two is noted in FOLDER/chosen.toml; float where INT8 goes wrong. This is the one file of the
room that writes and asks a clock: it is a door.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from edge.see import drawing
from edge.see.detect import Detector
from edge.see.network import UnfitModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

FOLDER = Path("models/nanodet_g")
NOTE = "chosen.toml"
AGREE = 0.1
"""Greatest difference of a score, 0..1, at which INT8 still says the same. Rounding gives .05 to .07 in most
pictures and more in one of twenty, so the median picture decides; ranges four times too narrow give .5."""
SCENES = 5
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one INT8 file and its float partner."""

    quick: Path
    clean: Path
    difference: float
    """Greatest difference between their scores over all cells and labels, in the median picture."""
    quick_ms: float
    clean_ms: float
    """Median of a picture, everything included, on one core: other programs are not counted."""
    quick_sha256: str = ""
    clean_sha256: str = ""

    @property
    def agrees(self) -> bool:
        """Whether INT8 may be used on this machine."""
        return self.difference < AGREE

    @property
    def chosen(self) -> Path:
        """The quicker one that is right."""
        return self.quick if self.agrees and self.quick_ms <= self.clean_ms else self.clean

    @property
    def sha256(self) -> str:
        """Of the chosen one."""
        return self.quick_sha256 if self.chosen == self.quick else self.clean_sha256


def compare(
    quick: Path, clean: Path, pictures: Sequence[NDArray[np.uint8]], decoder: str = "nanodet"
) -> Verdict:
    """Run two files of one family and one input size in turn on the same pictures.

    Raises:
        UnfitModelError: one of them is missing or of another family, or they differ in input or classes.
    """
    pair = Detector(quick, decoder), Detector(clean, decoder)
    if pair[0].size != pair[1].size or pair[0].labels != pair[1].labels:
        raise UnfitModelError(f"{quick} and {clean} differ in input or classes: compare like with like")
    differences, spent = [], np.zeros((len(pair), ROUNDS, len(pictures)))
    for number, picture in enumerate(pictures):
        for turn in range(ROUNDS):
            for which, detector in enumerate(pair):
                begun = time.thread_time()
                detector.detect(picture)
                spent[which, turn, number] = time.thread_time() - begun
        differences.append(_apart(pair[0].scores(), pair[1].scores()))
    quick_ms, clean_ms = (float(ms) for ms in 1e3 * np.median(spent, axis=(1, 2)))
    return Verdict(
        quick, clean, float(np.median(differences)), quick_ms, clean_ms, digest(quick), digest(clean)
    )


def _apart(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Greatest difference of two lists of scores; where one is shorter, what it lacks has score 0."""
    longest = max(len(one), len(other))
    first, second = (
        np.pad(each, [(0, longest - len(each)), *[(0, 0)] * (each.ndim - 1)]) for each in (one, other)
    )
    return float(np.abs(first - second).max(initial=0.0))


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def chosen(model: Path) -> Path:
    """The file to load where `model` is configured: what the self-test chose for it, or itself."""
    note = model.with_name(NOTE)
    if not note.is_file():
        return model
    entry = tomllib.loads(note.read_text()).get(model.name, {})
    better = model.with_name(entry.get("chosen", model.name))
    return better if better.is_file() else model


def is_noted(model: Path, sha256: str) -> bool:
    """Whether the self-test chose this very file on this machine."""
    written = model.with_name(NOTE)
    entries = tomllib.loads(written.read_text()).values() if written.is_file() else ()
    return any((entry["chosen"], entry.get("sha256")) == (model.name, sha256) for entry in entries)


def verdicts(folder: Path, pictures: Sequence[NDArray[np.uint8]]) -> Iterator[Verdict]:
    """Compare every INT8 file of `folder` that has a float partner, one a step."""
    for quick in sorted(folder.glob("int8_*.onnx")):
        clean = quick.with_name(quick.name.replace("int8", "fp32"))
        if clean.is_file():
            yield compare(quick, clean, pictures)


def note(found: Sequence[Verdict]) -> str:
    """The text of chosen.toml."""
    lines = ["# Written by `python -m edge.see.selftest` for this machine."]
    for verdict in found:
        lines += [
            f'["{verdict.quick.name}"]',
            f'chosen = "{verdict.chosen.name}"',
            f'sha256 = "{verdict.sha256}"',
            f"difference = {verdict.difference:.4f}",
            f"int8_ms = {verdict.quick_ms:.2f}",
            f"fp32_ms = {verdict.clean_ms:.2f}",
        ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Test, say and note; returns 0, or 1 when there is nothing to test or a picture cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m edge.see.selftest", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER, help="where the ONNX files are")
    parser.add_argument("pictures", type=Path, nargs="*", help="pictures to try beside the drawn scenes")
    given = parser.parse_args(arguments)
    found = []
    try:
        for verdict in verdicts(
            given.folder, [*map(drawing.scene, range(SCENES)), *map(_read, given.pictures)]
        ):
            print(
                f"{verdict.quick.name:<18} {verdict.quick_ms:5.1f} ms, float {verdict.clean_ms:5.1f} ms, "
                f"scores within {verdict.difference:.3f}: {verdict.chosen.name}",
                flush=True,
            )
            found.append(verdict)
    except UnfitModelError as refused:
        print(refused, file=sys.stderr)
        return 1
    if not found:
        print(f"{given.folder} holds no int8 file with its float partner: build them", file=sys.stderr)
        return 1
    (given.folder / NOTE).write_text(note(found))
    return 0


def _read(path: Path) -> NDArray[np.uint8]:
    picture = cv2.imread(str(path))
    if picture is None:
        raise UnfitModelError(f"{path} is no picture that can be read")
    return np.asarray(picture, np.uint8)


if __name__ == "__main__":
    sys.exit(main())
