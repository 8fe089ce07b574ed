"""Bags put into the clip of a square: lit, with a shade, and hidden by whoever walks in front of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import av
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

FPS = 10
"""Pictures a second of the clip."""
BLUR = 0.7


@dataclass(frozen=True)
class Bag:
    """A thing on the ground: where its foot stands, how large it is, what colour, from when till when."""

    name: str
    foot: tuple[int, int]
    size: tuple[int, int]
    colour: tuple[int, int, int]
    begin: float
    end: float = 1e9

    @property
    def zone(self) -> tuple[tuple[float, float], ...]:
        """A polygon around it, as shares of the clip's picture."""
        (x, y), (wide, high) = self.foot, self.size
        left, top, right, bottom = x - wide - 12, y - 1.5 * high - 8, x + wide + 12, y + high + 12
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return tuple((min(1.0, max(0.0, a / 768)), min(1.0, max(0.0, b / 576))) for a, b in corners)


BAGS = (
    Bag("black-holdall", (150, 262), (30, 20), (30, 28, 32), 8.0),
    Bag("red-bag", (330, 352), (30, 22), (40, 40, 170), 12.0),
    Bag("brown-box", (520, 300), (26, 22), (70, 110, 150), 16.0),
    Bag("blue-trolley-case", (640, 330), (24, 34), (140, 70, 40), 20.0),
    Bag("white-sack", (250, 236), (20, 18), (205, 210, 215), 24.0),
    Bag("green-rucksack", (700, 300), (24, 28), (60, 90, 50), 28.0),
    Bag("crate-on-the-grass", (120, 430), (44, 34), (60, 85, 120), 10.0),
    Bag("yellow-case-on-the-grass", (340, 480), (40, 32), (60, 190, 215), 14.0),
    Bag("dark-case-near", (610, 430), (40, 36), (45, 40, 45), 26.0),
    Bag("small-bag-far", (600, 128), (16, 15), (45, 45, 60), 18.0),
)
UPRIGHT = Bag("upright-suitcase", (210, 268), (20, 30), (30, 28, 32), 8.0)
"""The default detector takes it for a person, who is none that is left."""


def paste(picture: Picture, bag: Bag, at: float, people: NDArray[np.bool_]) -> None:
    """Put a bag into a picture [h, w, 3] in place at clip second `at`; `people` stand before it."""
    if not bag.begin <= at < bag.end:
        return
    patch, alpha = _drawn(bag)
    high, wide = alpha.shape
    left, top = bag.foot[0] - wide // 2, bag.foot[1] - high + 4
    window = slice(top, top + high), slice(left, left + wide)
    share = (alpha * ~people[window])[:, :, None]
    picture[window] = np.round(picture[window] * (1 - share) + patch * share).astype(np.uint8)


@lru_cache(maxsize=32)
def _drawn(bag: Bag) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Colours and how much they cover: a body lit from above left, with seams, a handle and a shade."""
    (wide, high), random = bag.size, np.random.default_rng(sum(map(ord, bag.name)))
    body = np.full((high + 10, wide + 12, 3), bag.colour, np.float32)
    down, across = np.mgrid[: high + 10, : wide + 12].astype(np.float32)
    body *= (1.25 - 0.5 * across / wide - 0.25 * down / high)[:, :, None]
    body += random.normal(0, 9, body.shape) + random.normal(0, 6, (*body.shape[:2], 1))
    alpha = np.zeros(body.shape[:2], np.float32)
    cv2.ellipse(alpha, (wide // 2 + 7, high + 4), (wide // 2 + 4, 4), 0, 0, 360, 0.4, -1)
    body[alpha > 0] = 12
    outline = np.zeros(body.shape[:2], np.uint8)
    cv2.rectangle(outline, (4, 8), (wide + 3, high + 4), 255, -1)
    cv2.ellipse(outline, (wide // 2 + 4, 8), (wide // 4, 6), 0, 180, 360, 255, 2)
    shaded = np.full((*body.shape[:2], 3), bag.colour, np.float32)
    shaded *= (1.25 - 0.5 * across / wide - 0.25 * down / high)[:, :, None]
    shaded += random.normal(0, 8, shaded.shape[:2])[:, :, None]
    for seam in (high // 3, 2 * high // 3):
        shaded[6 + seam] *= 0.6
    body = np.where(outline[:, :, None] > 0, shaded, body)
    alpha = np.where(outline > 0, 1.0, alpha).astype(np.float32)
    return (
        np.clip(cv2.GaussianBlur(body, (3, 3), BLUR), 0, 255).astype(np.float32),
        np.asarray(cv2.GaussianBlur(alpha, (3, 3), BLUR), np.float32),
    )


class Square:
    """The clip with what is put into it."""

    def __init__(self, clip: Path, truth: Path) -> None:
        self._clip = clip
        rows = np.loadtxt(truth, delimiter=",")
        self._rows = {number: rows[rows[:, 0] == number + 1, 2:6] for number in range(int(rows[:, 0].max()))}
        self.empty = self._without_people()

    def pictures(self, every: int = 2, seconds: float = 1e9) -> Iterator[tuple[float, Picture]]:
        """Clip seconds and the picture BGR [576, 768, 3] as it is; of each `every` pictures one."""
        with av.open(str(self._clip)) as clip:
            for number, frame in enumerate(clip.decode(video=0)):
                if number / FPS >= seconds:
                    return
                if number % every == 0:
                    yield number / FPS, np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)

    def before(self, picture: Picture, at: float, bag: Bag) -> NDArray[np.bool_]:
        """Which pixels belong to people who stand nearer than a bag."""
        where = np.zeros(picture.shape[:2], np.bool_)
        for left, top, wide, high in self._rows.get(round(at * FPS), ()):
            if top + high > bag.foot[1]:
                where[max(0, int(top)) : int(top + high), max(0, int(left)) : int(left + wide)] = True
        window = slice(bag.foot[1] - 60, bag.foot[1] + 20), slice(bag.foot[0] - 60, bag.foot[0] + 60)
        differs = np.zeros_like(where)
        differs[window] = cv2.absdiff(picture[window], self.empty[window]).max(axis=2) > 30
        return where & np.asarray(cv2.dilate(differs.view(np.uint8), np.ones((3, 3), np.uint8)) > 0)

    def with_bags(self, picture: Picture, at: float, bags: tuple[Bag, ...]) -> Picture:
        """A picture with those of `bags` that stand there at clip second `at`."""
        made = picture.copy()
        for bag in bags:
            paste(made, bag, at, self.before(picture, at, bag))
        return made

    def _without_people(self) -> Picture:
        chosen = [picture for _, picture in self.pictures(every=40)]
        return np.asarray(np.median(np.stack(chosen), axis=0), np.uint8)
