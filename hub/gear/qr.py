"""QR codes as pictures that need no other file."""

from __future__ import annotations

from io import BytesIO

import segno

SCALE, BORDER = 6, 4
"""Pixels of a module, and the quiet zone in modules that readers need."""


def svg(text: str) -> str:
    """The QR code of `text` as SVG: dark modules on white whatever the page's theme, error correction M."""
    made, drawn = segno.make(text, error="m", micro=False), BytesIO()
    look = {"scale": SCALE, "border": BORDER, "dark": "#000", "light": "#fff"}
    made.save(drawn, kind="svg", xmldecl=False, nl=False, **look)
    return drawn.getvalue().decode()
