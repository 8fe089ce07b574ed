"""Keeps the programs of a run alive, and ends them all within five seconds."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from launch.child import Child
from launch.log import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

_FIRST, _LONGEST, _SETTLED = 0.5, 15.0, 30.0
_HEAD_START = 1.5
"""Seconds that a wave of programs has before the next wave is told to end as well."""


def _deaf(_line: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and when it ends: programs of wave 0 first, `grace` seconds before they are killed."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    wave: int = 0
    grace: float = 2.5
    hear: Callable[[str], None] = _deaf


class Kept:
    """One program on a thread of its own, started again whenever it ends; `last` is its last word."""

    def __init__(
        self, program: Program, home: Path, log: Log, say: Callable[[str], None], hold: tuple[int, ...]
    ) -> None:
        self.program, self.starts, self.last = program, 0, ""
        self._home, self._log, self._say, self._hold = home, log, say, hold
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._thread = threading.Thread(target=self._keep, name=program.name)
        self._thread.start()

    def _keep(self) -> None:
        pause = _FIRST
        while (child := self._start()) is not None:
            began = time.monotonic()
            for line in child.lines():
                self._log.write(line)
                self.program.hear(line)
                self.last = line or self.last
            code = child.wait()
            self._log.write(f"ended with code {code}")
            if self._over.is_set():
                return
            pause = _FIRST if time.monotonic() - began >= _SETTLED else pause
            ended = f"{self.program.name} ended (code {code}: {self.last[:160]})"
            self._say(f"{ended}; it starts again in {pause:.1f} s")
            self._over.wait(pause)
            pause = min(pause * 2, _LONGEST)

    def _start(self) -> Child | None:
        with self._lock:
            if self._over.is_set():
                return None
            self.starts += 1
            self._child = Child(
                self.program.argv,
                cwd=self._home,
                env=self.program.env,
                grace=self.program.grace,
                hold=self._hold,
            )
            return self._child

    def let_go(self) -> None:
        """Ask it to end, for good; returns at once."""
        with self._lock:
            self._over.set()
            if self._child is not None:
                self._child.let_go()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until it has ended; whether it has."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


class Supervisor:
    """All programs of a run."""

    def __init__(
        self, home: Path, logs: Path, say: Callable[[str], None], hold: tuple[int, ...] = ()
    ) -> None:
        """`hold` are descriptors that stay open until the last program is gone."""
        self._home, self._logs, self._say, self._hold = home, logs, say, hold
        self._kept: list[Kept] = []

    def start(self, program: Program) -> Kept:
        """Run it, and keep it running."""
        kept = Kept(program, self._home, Log(self._logs / f"{program.name}.log"), self._say, self._hold)
        self._kept.append(kept)
        return kept

    def stop(self) -> None:
        """End all: wave by wave, the next one following when the last is over or had its head start."""
        for wave in sorted({kept.program.wave for kept in self._kept}):
            ending = [kept for kept in self._kept if kept.program.wave == wave]
            until = time.monotonic() + _HEAD_START
            for kept in ending:
                kept.let_go()
            for kept in ending:
                kept.join(max(0.0, until - time.monotonic()))
        for kept in self._kept:
            kept.join()
