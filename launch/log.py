"""What the programs say, one file each, never larger than its limit."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 8_000_000
"""Bytes of one file; the file before it is kept as `.1`, so a program has twice this at most."""


class Log:
    """Lines with their time and the program's name."""

    def __init__(self, file: Path, limit: int = LIMIT) -> None:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file, self._limit = file, limit

    def write(self, line: str) -> None:
        """Append a line; when the disk is full the line is lost and the program goes on."""
        text = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f} {self._file.stem} | {line}\n"
        with suppress(OSError):
            if self._file.exists() and self._file.stat().st_size + len(text) > self._limit:
                self._file.replace(self._file.with_suffix(".log.1"))
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(text)
