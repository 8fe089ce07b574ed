"""A calm display: one line a step, redrawn on a terminal, printed when it changes anywhere else."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Literal, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

State = Literal["waits", "runs", "done", "kept", "left out", "failed"]
_MARK: dict[State, str] = {
    "waits": "·",
    "runs": "▸",
    "done": "✓",
    "kept": "✓",
    "left out": "-",
    "failed": "✗",
}
_PLAIN_EVERY = 5.0
_TEN_MB = 1e7


def megabytes(size: float) -> str:
    """Bytes as people read them."""
    return f"{size / 1e6:.1f} MB" if size < _TEN_MB else f"{size / 1e6:.0f} MB"


@dataclass(slots=True)
class Row:
    """One step's line."""

    name: str
    state: State = "waits"
    text: str = ""
    meter: Callable[[], str] | None = None
    began: float | None = None
    ended: float | None = None
    printed: float = field(default=0.0)
    said: str = ""

    def seconds(self) -> str:
        """How long it took, or takes so far."""
        if self.began is None or self.state == "kept":
            return ""
        return f"{(self.ended or time.monotonic()) - self.began:6.1f} s"

    def line(self) -> str:
        """The whole line."""
        far = self.meter() if self.meter and self.state == "runs" else ""
        text = " · ".join(part for part in (self.text, far) if part)
        return f"  {_MARK[self.state]} {self.name:<12}{self.seconds():>9}  {text}".rstrip()


class Board:
    """All lines together; steps write from their own threads, one thread paints."""

    def __init__(self, names: Iterable[str], out: TextIO | None = None, every: float = _PLAIN_EVERY) -> None:
        """On a terminal lines are redrawn; elsewhere a line that runs is printed `every` so many seconds."""
        self._every = every
        self._out = out or sys.stdout
        self._live = self._out.isatty()
        self._rows = {name: Row(name) for name in names}
        self._drawn = 0
        self._lock = Lock()

    def set(self, name: str, state: State, text: str, meter: Callable[[], str] | None = None) -> None:
        """Change a line."""
        with self._lock:
            row = self._rows[name]
            if row.began is None and state != "waits":
                row.began = time.monotonic()
            if state not in {"waits", "runs"}:
                row.ended = time.monotonic()
            row.state, row.text, row.meter = state, text, meter

    def paint(self) -> None:
        """Show what is new."""
        with self._lock:
            if self._live:
                self._redraw()
            else:
                self._append()
            self._out.flush()

    def note(self, text: str) -> None:
        """Say a sentence that stays, above the lines."""
        with self._lock:
            self._erase()
            print(text, file=self._out)
        self.paint()

    def _erase(self) -> None:
        if self._drawn:
            self._out.write(f"\x1b[{self._drawn}A\x1b[J")
        self._drawn = 0

    def _redraw(self) -> None:
        width = shutil.get_terminal_size().columns - 1
        lines = [row.line()[:width] for row in self._rows.values()]
        self._erase()
        self._out.write("".join(f"{line}\n" for line in lines))
        self._drawn = len(lines)

    def _append(self) -> None:
        now = time.monotonic()
        for row in self._rows.values():
            ripe = row.state != "runs" or now - row.printed >= self._every
            mark = f"{row.state} {row.text}" if row.state != "runs" else row.line()
            if row.state != "waits" and ripe and mark != row.said:
                print(row.line(), file=self._out)
                row.printed, row.said = now, mark
