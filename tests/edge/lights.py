"""What happens to a whole picture: lamps, night, a lorry, smoke, vests and shop windows. Each is no more than
it must be to fool an eye that is crude."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

HIGH, WIDE = 576, 768


def _levels(picture: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def lamps_off(picture: Picture, at: float, begin: float = 20.0, end: float = 45.0) -> Picture:
    """All lamps go out at once and come on again: less than half the light, and warmer."""
    if not begin <= at < end:
        return picture
    return _levels(picture * np.array([0.36, 0.42, 0.5]) + 4)


def half_dark(picture: Picture, at: float, begin: float = 20.0, end: float = 45.0) -> Picture:
    """The lamps over the left half go out, with a soft edge."""
    if not begin <= at < end:
        return picture
    share = np.clip((np.arange(WIDE) - 350) / 80, 0, 1)[None, :, None]
    return _levels(picture * (0.45 + 0.55 * share))


def exposure(picture: Picture, at: float) -> Picture:
    """The camera hunts for its exposure: ten seconds up, ten seconds down."""
    return _levels(picture * (1 + 0.3 * np.sin(2 * np.pi * at / 20)))


def night(picture: Picture, at: float, begin: float = 20.0, end: float = 50.0) -> Picture:
    """The filter swings away: no colour, its own lamp brightest in the middle, grain."""
    if not begin <= at < end:
        return picture
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    down, across = np.mgrid[:HIGH, :WIDE].astype(np.float32)
    lamp = np.exp(-(((across - 384) / 420) ** 2) - ((down - 288) / 330) ** 2)
    grain = np.random.default_rng(round(at * 10)).normal(0, 5, grey.shape)
    shown = 255 * (grey / 255) ** 0.8 * (0.25 + 0.75 * lamp) + grain
    return np.repeat(_levels(shown)[:, :, None], 3, axis=2)


def lorry(picture: Picture, at: float, begin: float = 20.0, stay: float = 12.0) -> Picture:
    """A lorry comes from the left, covers half the picture while it stands, and goes on."""
    moved = at - begin
    place = min(moved / 2, 1.0) if moved < stay else 1 + (moved - stay) / 2
    right = round(place * WIDE / 2) if place <= 1 else round(WIDE / 2 + (place - 1) * WIDE)
    left = right - WIDE // 2
    if moved < 0 or left >= WIDE:
        return picture
    made = picture.copy()
    window = slice(max(0, left), min(WIDE, right))
    made[60:, window] = _side()[60:, window.start - left : window.stop - left]
    return made


@lru_cache
def _side() -> Picture:
    """A lorry's side: a light body with ribs, a dark floor, wheels."""
    body = np.full((HIGH, WIDE // 2, 3), (150, 140, 120), np.float32)
    body += np.random.default_rng(3).normal(0, 5, body.shape)
    body[:, ::48] *= 0.7
    body[440:] = 40
    for x in (80, 300):
        cv2.circle(body, (x, 500), 50, (25, 25, 25), -1)
    return _levels(body)


def sun_patch(picture: Picture, at: float, begin: float = 15.0, end: float = 60.0) -> Picture:
    """The sun shines through a gap: a bright patch on the ground, brighter within two seconds."""
    share = np.clip(min(at - begin, end - at) / 2, 0, 1)
    if share <= 0:
        return picture
    patch = np.zeros((HIGH, WIDE), np.float32)
    cv2.fillConvexPoly(patch, np.array([[420, 300], [560, 300], [520, 380], [380, 380]]), 1.0)
    patch = np.asarray(cv2.GaussianBlur(patch, (9, 9), 0), np.float32)
    return _levels(picture * (1 + 0.4 * share * patch[:, :, None]))


def smoke(picture: Picture, at: float, begin: float = 15.0) -> Picture:
    """Smoke rises from a place on the ground, turns, and grows for half a minute."""
    age = at - begin
    if age <= 0:
        return picture
    grown = min(1.0, age / 25)
    down, across = np.mgrid[:HIGH, :WIDE].astype(np.float32)
    up = (500 - down) / (60 + 340 * grown)
    width = 14 + 110 * np.clip(up, 0, 1) * (0.3 + 0.7 * grown)
    sway = 25 * np.sin(up * 3 + at * 0.9) * np.clip(up, 0, 1)
    body = (
        np.clip(1.3 - np.abs(across - 300 - sway) / width, 0, 1)
        * np.clip(6 * up, 0, 1)
        * np.clip(2 - 2 * up, 0, 1)
    )
    top, left = round(24 * at) % 1400, round(100 + 40 * np.sin(at / 3))
    noise = _noise()[top : top + HIGH, left : left + WIDE]
    cover = (0.95 * np.clip(body * (0.75 + 0.5 * noise), 0, 1))[:, :, None]
    return _levels(picture * (1 - cover) + 215 * cover)


@lru_cache
def _noise() -> NDArray[np.float32]:
    random = np.random.default_rng(9)
    parts = [
        cv2.resize(
            random.normal(0, 1, (2000 // size, 1200 // size)).astype(np.float32),
            (1200, 2000),
            interpolation=cv2.INTER_CUBIC,
        )
        * weight
        for size, weight in ((80, 0.6), (40, 0.35), (20, 0.2))
    ]
    return np.asarray(np.clip(sum(parts), -1, 1), np.float32)


def vest(picture: Picture, people: NDArray[np.float32]) -> Picture:
    """Everybody of [n, 4] boxes wears an orange vest: the upper half of each, where it is dark."""
    made = picture.copy()
    for left, top, right, bottom in people.astype(int):
        high, wide = bottom - top, right - left
        window = (
            slice(max(0, top + high // 6), max(0, top + high // 2)),
            slice(max(0, left + wide // 5), max(0, right - wide // 5)),
        )
        part = made[window].astype(np.float32)
        if part.size:
            light = 0.75 + 0.5 * part.mean(axis=2, keepdims=True) / 255
            made[window] = _levels(light * np.array([20, 120, 240]))
    return made


def shop_window(picture: Picture, at: float, kind: str) -> Picture:
    """A bright orange window in the wall: `still`, `blinks` once a second, or `runs`: lamps in a chain."""
    made = picture.copy()
    window = made[60:130, 330:470].astype(np.float32)
    colour = np.array([40, 150, 250], np.float32)
    if kind == "still":
        window[:] = colour
    elif kind == "blinks":
        window[:] = colour * (1.0 if at % 1.0 < 0.5 else 0.45)
    else:
        across = np.arange(140)[None, :, None]
        window[:] = colour * np.where((across + round(at * 40)) % 28 < 14, 1.0, 0.45)
    window += np.random.default_rng(round(at * 10)).normal(0, 2, window.shape)
    made[60:130, 330:470] = _levels(window)
    return made
