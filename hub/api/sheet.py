"""The signs of checkpoints as a page that a browser prints: six on a page of A4, nothing but SVG in it."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.service.patrol.listing import Sign

ACROSS, DOWN = 2, 3
WIDE, HIGH = 90, 88
"""Millimetres of a sign."""
CODE = 54
"""Millimetres of its code: read at arm's length."""


def sheet(signs: Sequence[Sign], qr: Callable[[str], str]) -> str:
    """The whole page; `qr` makes a code as SVG."""
    each = ACROSS * DOWN
    pages = "".join(_page(signs[n : n + each], qr) for n in range(0, len(signs), each))
    return f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>巡更点码牌</title>{pages}</html>'


def _page(signs: Sequence[Sign], qr: Callable[[str], str]) -> str:
    drawn = "".join(_sign(sign, n % ACROSS * WIDE, n // ACROSS * HIGH, qr) for n, sign in enumerate(signs))
    wide, high = ACROSS * WIDE, DOWN * HIGH
    size = f'width="{wide}mm" height="{high}mm" viewBox="0 0 {wide} {high}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">{drawn}</svg>'


def _sign(sign: Sign, x: int, y: int, qr: Callable[[str], str]) -> str:
    """A frame, number and name, the code, what can be typed by hand, and until when it is good."""
    middle, left = x + WIDE / 2, x + (WIDE - CODE) / 2
    picture = b64encode(qr(sign.text).encode()).decode()
    lines = (
        (y + 10, 7, f"#{sign.number} {sign.name.zh}"),
        (y + 16, 4, sign.name.en),
        (y + HIGH - 9, 3, sign.text),
        (y + HIGH - 4, 3, f"有效至 good before {sign.until}"),
    )
    words = "".join(
        f'<text x="{middle}" y="{at}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'
        for at, size, text in lines
    )
    return (
        f'<rect x="{x + 1}" y="{y + 1}" width="{WIDE - 2}" height="{HIGH - 2}" fill="none" stroke="#000"'
        f' stroke-width="0.3"/>{words}<image x="{left}" y="{y + 18}" width="{CODE}" height="{CODE}"'
        f' href="data:image/svg+xml;base64,{picture}"/>'
    )
