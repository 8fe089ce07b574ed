"""Sight on real pictures: each fault of the tampered clip, and none where only light or a lorry changed."""

from __future__ import annotations

from functools import cache
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import av
import cv2
import numpy as np
import pytest

from edge.rule import sight as rule
from edge.see.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

FPS = 10
EVERY = 5
"""Of so many pictures one is looked at."""
SECONDS, FROZEN = 2.0, 2.0
WITHIN = 5.0
"""Seconds after its debounce in which a fault is to be told."""


def pictures(path: Path) -> Iterator[Picture]:
    with av.open(str(path)) as file:
        for number, frame in enumerate(file.decode(video=0)):
            if number % EVERY == 0:
                yield np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def told(seen: Iterable[Picture]) -> list[tuple[str, str, float]]:
    names = count()
    sight, watched = Sight(), rule.Sight(seconds=SECONDS, frozen=FROZEN, name=lambda: str(next(names)))
    found = []
    for number, picture in enumerate(seen):
        at = number * EVERY / FPS
        found += [(one.phase, one.kind, at) for one in watched.step(sight.look(picture), at)]
        if watched.is_well:
            sight.learn()
    return [one for one in found if one[0] != "update"]


def test_each_fault_of_the_tampered_clip_is_told_in_time_and_ends(footage: Path) -> None:
    faults = told(pictures(footage / "synth_tamper_vtest.mp4"))
    rows = (footage / "synth_tamper_vtest.gt.tsv").read_text().splitlines()[1:]
    assert [kind for phase, kind, _ in faults if phase == "new"] == [row.split("\t")[2] for row in rows]
    for row in rows:
        begin, end, kind = row.split("\t")
        new = next(at for phase, named, at in faults if (phase, named) == ("new", kind))
        assert int(begin) / FPS + SECONDS <= new <= int(begin) / FPS + SECONDS + WITHIN
        if kind != "frozen":  # which lasts to the end of the clip
            over = next(at for phase, named, at in faults if (phase, named) == ("end", kind))
            assert int(end) / FPS <= over <= int(end) / FPS + WITHIN


def test_a_market_as_it_is_has_no_fault(vtest: Path) -> None:
    assert told(pictures(vtest)) == []


def lights(picture: Picture, share: float) -> Picture:
    return np.asarray(cv2.add(cv2.convertScaleAbs(picture, alpha=share), grain(picture.shape[:2])), np.uint8)


@cache
def grain(size: tuple[int, int]) -> Picture:
    """What a sensor adds where there is little light: 0 to 9 grey levels."""
    noise = np.random.default_rng(3).integers(0, 10, (*size, 1), np.uint8)
    return np.repeat(noise, 3, axis=2)


def night(picture: Picture, number: int) -> Picture:
    """What a camera shows once it sees by its own lamp: no colour, brightest in the middle, more grain."""
    high, wide = picture.shape[:2]
    down, across = np.mgrid[:high, :wide]
    lamp = np.exp(-(((across / wide - 0.5) / 0.45) ** 2) - ((down / high - 0.5) / 0.45) ** 2)
    noise = np.roll(grain((high, wide))[:, :, 0], number, axis=1)
    grey = np.clip(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) * lamp * 1.1 + noise, 0, 255)
    return np.asarray(cv2.cvtColor(grey.astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def lorry(picture: Picture, share: float) -> Picture:
    """One that takes six tenths of the picture and is through after `share` 1."""
    high, wide = picture.shape[:2]
    left = int(share * wide * 1.6 - 0.6 * wide)
    passing = picture.copy()
    passing[high // 10 :, max(0, left) : max(0, left + int(0.6 * wide))] = (90, 100, 130)
    return passing


CHANGES: dict[str, Callable[[Picture, int], Any]] = {
    "most lamps go out": lambda picture, _: lights(picture, 0.15),
    "half of the lamps go out": lambda picture, _: lights(picture, 0.4),
    "shutters go up": lambda picture, _: lights(picture, 1.6),
    "the camera goes over to its own lamp": night,
    "a lorry passes": lambda picture, number: lorry(picture, (number - 30) / 16) if number < 46 else picture,
}


@pytest.mark.parametrize("what", CHANGES)
def test_other_light_and_a_lorry_are_no_fault(vtest: Path, what: str) -> None:
    seen = [
        CHANGES[what](picture, number) if number >= 30 else picture
        for number, picture in enumerate(islice(pictures(vtest), 90))
    ]
    assert told(seen) == []
