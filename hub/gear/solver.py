"""The solver: child processes that plan. One for long questions, one kept warm for quick ones.

A child begins with its first question, may use so much memory and time, and is begun anew after it died. What
it says besides its answers comes to this log.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Any, TypeVar

import msgspec

from hub.core.planned import Progress
from hub.core.refuse import Refused
from hub.ports import UnsolvedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.core.asks import Ask

A = TypeVar("A")
M = TypeVar("M")

COMMAND = (sys.executable, "-m", "hub.solve")
MEMORY_MB = 4096
QUICK_SECONDS = 20.0
"""A cold child imports its libraries first."""
GRACE_SECONDS = 30.0
"""After a stop, or once the time that was asked for is over, until the child is ended; or as long as that
time, since what is to be kept must be made a whole plan first."""
TICK_SECONDS = 1.0
"""Whoever waits is asked that often whether to go on, also when the child says nothing."""
END_SECONDS = 3.0

log = logging.getLogger(__name__)


class Told(msgspec.Struct):
    """A line of a child."""

    id: str
    progress: Progress | None = None
    made: msgspec.Raw = msgspec.Raw()
    refused: dict[str, str] | None = None
    failed: str | None = None


@dataclass(slots=True)
class Child:
    """A process and what it has said; None in `said` means that it ended."""

    process: subprocess.Popen[bytes]
    said: SimpleQueue[Told | None]


class Lane:
    """One child at a time and one question at a time; `close` ends it."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self._name, self._command = name, command
        self._turn, self._lock = threading.Lock(), threading.Lock()
        self._child: Child | None = None
        self._count = 0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        child = self._child
        return child.process.pid if child and child.process.poll() is None else None

    def ask(self, name: str, value: object, heard: Callable[[Progress], bool], seconds: float) -> bytes:
        """The answer as JSON.

        Raises:
            Refused: the child's own refusal.
            UnsolvedError: it died, failed, or is `seconds` and the grace over.
        """
        with self._turn:
            child, number = self._ready(), self._next()
            try:
                _write(child, {"id": number, "ask": name, "value": value})
                told = self._wait(child, number, heard, seconds)
            except BaseException:
                # Whatever it was, also a fault of whoever listens: nobody waits for the answer any more.
                self._end(child)
                raise
        if told.refused is not None:
            raise Refused(**told.refused)  # type: ignore[arg-type]
        if told.failed is not None:
            raise UnsolvedError(told.failed)
        return bytes(told.made)

    def close(self) -> None:
        """End the child; whoever waits for it hears that."""
        self._closed = True
        with self._lock:
            child = self._child
        if child:
            self._end(child)

    def _next(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    def _ready(self) -> Child:
        with self._lock:
            if self._closed:
                raise UnsolvedError("the hub is stopping")
            if self._child is None or self._child.process.poll() is not None:
                self._child = _begin(self._command)
            return self._child

    def _wait(self, child: Child, number: str, heard: Callable[[Progress], bool], seconds: float) -> Told:
        began, grace = time.monotonic(), max(GRACE_SECONDS, seconds)
        until, last, stopped = began + seconds + grace, Progress("", 0.0), False
        while (now := time.monotonic()) < until:
            told = _next_of(child)
            if told is not None and told.id == number:
                if told.progress is None:
                    return told
                last = told.progress
            goes_on = heard(_aged(last, now - began)) and now - began < seconds
            if not goes_on and not stopped:
                stopped, until = True, now + grace
                _write(child, {"id": number, "stop": True})
        raise UnsolvedError("it was stopped before it had anything" if stopped else "it took too long")

    def _end(self, child: Child) -> None:
        """End a child; its pipes are closed by whoever reads them."""
        with self._lock:
            self._child = None if self._child is child else self._child
        with suppress(OSError):
            child.process.kill()
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(END_SECONDS)


class Solvers:
    """Port Solver, filled by two children.

    Args:
        memory_mb: Most megabytes that each may take.
        command: What is started; more words follow it.
    """

    def __init__(self, memory_mb: int = MEMORY_MB, command: Sequence[str] = COMMAND) -> None:
        words = (*command, str(memory_mb))
        self.long, self.warm = Lane("long", words), Lane("quick", words)

    def work(self, ask: Ask[A, M], asked: A, heard: Callable[[Progress], bool]) -> M:
        """The answer to a question that may take minutes; see the port."""
        seconds = float(getattr(asked, "seconds", ask.seconds))
        return msgspec.json.decode(self.long.ask(ask.name, asked, heard, seconds), type=ask.made)

    def quick(self, ask: Ask[A, M], asked: A) -> M:
        """The answer to a question that takes no time; see the port."""
        made = self.warm.ask(ask.name, asked, lambda _: True, QUICK_SECONDS)
        return msgspec.json.decode(made, type=ask.made)

    def close(self) -> None:
        """End both children."""
        self.long.close()
        self.warm.close()


def _begin(command: Sequence[str]) -> Child:
    # A session of its own: Ctrl-C goes to the hub, which ends its children itself.
    process = subprocess.Popen(  # noqa: S603 - our own words, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    child = Child(process, SimpleQueue())
    threading.Thread(target=_read, args=(process.stdout, child), name="solver", daemon=True).start()
    threading.Thread(target=_overhear, args=(process.stderr,), name="solver log", daemon=True).start()
    return child


def _read(stream: IO[bytes], child: Child) -> None:
    """Put every line into `said`; the end of the stream is the end of the child."""
    decode = msgspec.json.Decoder(Told).decode
    with stream:
        for line in stream:
            try:
                child.said.put(decode(line))
            except msgspec.DecodeError:
                log.warning("the solver said what nobody understands: %s", line[:200])
                child.process.kill()
    child.process.wait()
    with suppress(OSError):
        child.process.stdin.close()  # type: ignore[union-attr]
    child.said.put(None)


def _overhear(stream: IO[bytes]) -> None:
    with stream:
        for line in stream:
            log.warning("solver: %s", line.decode("utf-8", "replace").rstrip())


def _next_of(child: Child) -> Told | None:
    """What it says next; None when it said nothing for a moment.

    Raises:
        UnsolvedError: it ended.
    """
    try:
        told = child.said.get(timeout=TICK_SECONDS)
    except Empty:
        return None
    if told is None:
        raise UnsolvedError(f"the solver ended with {child.process.returncode}")
    return told


def _aged(last: Progress, seconds: float) -> Progress:
    return Progress(last.stage, seconds, last.best, last.bound, last.share)


def _write(child: Child, words: dict[str, Any]) -> None:
    stdin = child.process.stdin
    assert stdin is not None
    try:
        stdin.write(msgspec.json.encode(words) + b"\n")
        stdin.flush()
    except (OSError, ValueError) as error:
        raise UnsolvedError("the solver ended") from error
