"""Codes out of the bytes of a serial line, whatever ends them: a line's end, a frame, or a pause."""

from __future__ import annotations

import re

ENDS = re.compile(rb"[\r\n\x03\x04]+")
BEGINS = b"\x02"
MOST = 512
"""Bytes of one code that are kept; more is refused as a whole by whoever takes it."""


class Lines:
    """For one thread."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[str]:
        """Codes that end in `data`; none of them is empty."""
        *whole, self._rest = ENDS.split(self._rest + data)
        self._rest = self._rest[:MOST]
        return [text for one in whole if (text := _text(one))]

    def flush(self) -> list[str]:
        """What stands there after a pause: some readers end a code by nothing else."""
        rest, self._rest = self._rest, b""
        return [text] if (text := _text(rest)) else []


def _text(line: bytes) -> str:
    return line[:MOST].strip(BEGINS + b" \t").decode("utf-8", "replace")
