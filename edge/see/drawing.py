"""Drawn scenes in which the detector sees people: for a machine that has no footage yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT = 768, 576
PEOPLE = 6
HEADS = 8
"""How many heads tall a person is."""
GRAIN = 5.0

Point = tuple[float, float]
Colour = tuple[int, int, int]


class Person(NamedTuple):
    """One drawn person: the top of the head, how many pixels a head is tall, and colours."""

    x: int
    y: int
    unit: float
    coat: Colour
    legs: Colour
    skin: Colour
    stride: float


def scene(seed: int) -> NDArray[np.uint8]:
    """People standing about on soft ground, with grain: BGR [576, 768, 3], the same for the same seed."""
    random = np.random.default_rng(seed)
    ground = random.integers(95, 150, (6, 8, 3), dtype=np.uint8)
    canvas = np.asarray(cv2.resize(ground, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC), np.uint8)
    for _ in range(PEOPLE):
        _draw(canvas, _person(random))
    soft = cv2.GaussianBlur(canvas, (0, 0), 1.2)
    grained = np.clip(soft + random.normal(0, GRAIN, soft.shape), 0, 255)
    return np.asarray(grained, np.uint8)


def _person(random: np.random.Generator) -> Person:
    height = int(random.integers(120, 300))
    coat, legs, skin = (_colour(random, *limits) for limits in ((30, 110), (30, 110), (110, 170)))
    x, y = int(random.integers(60, WIDTH - 60)), int(random.integers(20, HEIGHT - 16 - height))
    return Person(x, y, height / HEADS, coat, legs, skin, float(random.uniform(0.3, 0.9)))


def _colour(random: np.random.Generator, low: int, high: int) -> Colour:
    blue, green, red = (int(level) for level in random.integers(low, high, 3))
    return blue, green, red


def _draw(canvas: NDArray[np.uint8], who: Person) -> None:
    for side in (-1, 1):
        _limb(canvas, who, ((0.3 * side, 4.0), (who.stride * side, 7.8)), 0.8, who.legs)
        _limb(canvas, who, ((0.9 * side, 1.8), (1.2 * side, 4.2)), 0.5, who.coat)
    hair: Colour = (who.skin[0] * 2 // 5, who.skin[1] * 2 // 5, who.skin[2] * 2 // 5)
    for middle, width, height, begin, colour in (
        (2.8, 1.0, 1.6, 0, who.coat),
        (0.6, 0.6, 0.6, 0, who.skin),
        (0.35, 0.6, 0.4, 180, hair),
    ):
        radii = (int(width * who.unit), int(height * who.unit))
        cv2.ellipse(canvas, _at(who, (0, middle)), radii, 0, begin, 360, colour, -1, cv2.LINE_AA)


def _limb(
    canvas: NDArray[np.uint8], who: Person, ends: tuple[Point, Point], width: float, colour: Colour
) -> None:
    thick = max(2, int(width * who.unit))
    cv2.line(canvas, _at(who, ends[0]), _at(who, ends[1]), colour, thick, cv2.LINE_AA)


def _at(who: Person, point: Point) -> tuple[int, int]:
    return int(who.x + point[0] * who.unit), int(who.y + point[1] * who.unit)
