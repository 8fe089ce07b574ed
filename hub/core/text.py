"""What counts as text: nothing that cannot be seen or turns the line round; one form of what looks alike."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


def clean(text: str) -> str:
    """The text in one form (NFC), so that what looks alike is alike.

    Raises:
        ValueError: there is a control character in it, or half of one.
    """
    if _CONTROL.search(text) or (not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)):
        raise ValueError("control characters are not text")
    return unicodedata.normalize("NFC", text)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet calculates."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_meant(cell: str) -> str:
    """The cell again, as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
