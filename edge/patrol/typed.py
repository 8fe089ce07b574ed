"""What a reader types, as text: such a reader is a keyboard of the American layout, and ends with Enter."""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SHIFTS = frozenset({"KEY_LEFTSHIFT", "KEY_RIGHTSHIFT"})
ENDS = frozenset({"KEY_ENTER", "KEY_KPENTER", "KEY_TAB"})
PAUSE = 1.0
"""Seconds after which what was typed so far belongs to no code any more: a reader types faster."""
MOST = 512
"""Characters of one code that are kept; more is refused as a whole by whoever takes it."""
_SIGNS = {
    "KEY_MINUS": "-_",
    "KEY_EQUAL": "=+",
    "KEY_LEFTBRACE": "[{",
    "KEY_RIGHTBRACE": "]}",
    "KEY_BACKSLASH": "\\|",
    "KEY_SEMICOLON": ";:",
    "KEY_APOSTROPHE": "'\"",
    "KEY_GRAVE": "`~",
    "KEY_COMMA": ",<",
    "KEY_DOT": ".>",
    "KEY_SLASH": "/?",
    "KEY_SPACE": "  ",
    "KEY_KPDOT": "..",
    "KEY_KPMINUS": "--",
    "KEY_KPPLUS": "++",
    "KEY_KPSLASH": "//",
    "KEY_KPASTERISK": "**",
}
SIGNS: Mapping[str, str] = {
    **{f"KEY_{upper}": lower + upper for lower, upper in zip(ascii_lowercase, ascii_uppercase, strict=True)},
    **{f"KEY_{digit}": digit + shifted for digit, shifted in zip("1234567890", "!@#$%^&*()", strict=True)},
    **{f"KEY_KP{digit}": digit * 2 for digit in "0123456789"},
    **_SIGNS,
}
"""Key → what it types plain and with shift."""


class Typed:
    """Takes keys, gives whole codes; for one thread."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._text = ""
        self._shifts: set[str] = set()
        self._last = 0.0

    def press(self, names: Sequence[str], is_down: bool, now: float) -> None:
        """A key of these names went down or up at monotonic second `now`."""
        if shifts := SHIFTS.intersection(names):
            self._shifts = self._shifts | shifts if is_down else self._shifts - shifts
        elif is_down:
            self._type(names, now)

    def _type(self, names: Sequence[str], now: float) -> None:
        if now - self._last > PAUSE:
            self._text = ""
        self._last = now
        if ENDS.intersection(names):
            text, self._text = self._text, ""
            self._heard(text)
        elif sign := next((SIGNS[name] for name in names if name in SIGNS), ""):
            self._text = (self._text + sign[bool(self._shifts)])[:MOST]

    def tick(self, now: float) -> None:
        """Nothing is due at a time of its own."""

    def lost(self) -> None:
        """Keys went by unheard, or the reader is gone: what was typed so far is no code."""
        self._text = ""
        self._shifts = set()
