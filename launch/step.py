"""One step of set-up: what it takes in, what it makes, and the means it works with."""

from __future__ import annotations

import re
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from launch import stamp
from launch.child import Child
from launch.refuse import Broken, Refused, Skipped, Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from threading import Event

    from launch.progress import Board

T = TypeVar("T")
Spent = Literal["own", "downloads", "waits"]
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Step:
    """`keys` are cheap digests of the inputs: the first is what `make` does, any of them is good enough.

    `make` works, verifies, and returns the files that must stand from then on; `made` says for the person
    what they are. While the file `doubt` exists the step is not done, whatever its stamp says.
    """

    name: str
    made: str
    keys: Callable[[], tuple[str, ...]]
    make: Callable[[Work], tuple[Path, ...]]
    doubt: Path | None = None

    def fresh(self, stamps: Path) -> bool:
        """Whether nothing has to be done."""
        if self.doubt is not None and self.doubt.exists():
            return False
        return stamp.holds(stamps / f"{self.name}.json", self.keys())

    def run(self, stamps: Path, work: Work) -> None:
        """Do the work, then remember it."""
        key = self.keys()[0]
        made = self.make(work)
        stamp.write(stamps / f"{self.name}.json", key, made)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a step's time, in seconds of the monotonic clock, and what it was spent on."""

    kind: Spent
    begin: float
    end: float


class Work:
    """What a step has in hand: its line on the board, its clock, and programs that end on a stop."""

    def __init__(
        self, name: str, board: Board, stop: Event, after: Callable[[str], None], pause: float = 2.0
    ) -> None:
        self.name = name
        self.spans: list[Span] = []
        self._board, self._stop, self._after, self._pause = board, stop, after, pause
        self._kind: Spent = "own"
        self._since = time.monotonic()
        self._child: Child | None = None

    def say(self, text: str, meter: Callable[[], str] | None = None) -> None:
        """Show what is being done; `meter` is asked for how far it is whenever the line is painted."""
        if self._stop.is_set():
            raise Stopped
        self._board.set(self.name, "runs", text, meter)

    def note(self, text: str) -> None:
        """Say a sentence that stays."""
        self._board.note(f"{self.name}: {text}")

    def turn(self, kind: Spent) -> None:
        """From now on the clock counts for downloads, for waiting, or for work of our own."""
        now = time.monotonic()
        self.spans.append(Span(self._kind, self._since, now))
        self._kind, self._since = kind, now

    @contextmanager
    def download(self) -> Iterator[None]:
        """Within, the clock counts for downloads."""
        self.turn("downloads")
        try:
            yield
        finally:
            self.turn("own")

    def after(self, step: str) -> None:
        """Wait until another step is done.

        Raises:
            Stopped: it failed, so this one ends too.
        """
        self._board.set(self.name, "waits", f"waits for {step}")
        self.turn("waits")
        self._after(step)
        self.turn("own")

    def run(
        self,
        *argv: str | Path,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        hear: Callable[[str], None] | None = None,
    ) -> str:
        """Run a program to its end; its last lines.

        Raises:
            Broken: it failed, with its last word.
            Stopped: the person stopped us.
        """
        if self._stop.is_set():
            raise Stopped
        child = self._child = Child(tuple(map(str, argv)), cwd=cwd, env=env)
        last: deque[str] = deque(maxlen=40)
        for line in child.lines():
            last.append(line)
            if hear is not None:
                hear(line)
        code = child.wait()
        if self._stop.is_set():
            raise Stopped
        text = "\n".join(last)
        if code:
            raise Broken(text or f"{argv[0]} ended with code {code}")
        return text

    def let_go(self) -> None:
        """End the program that runs, if one does; called by the thread that heard the stop."""
        if self._child is not None:
            self._child.let_go()

    def again(self, what: str, fetch: Callable[[], T]) -> T:
        """Call `fetch` until it does not break, saying so each time.

        Raises:
            Refused: it broke three times.
        """
        for turn in range(1, _TRIES + 1):
            try:
                return fetch()
            except Broken as broken:
                reason = shorten(str(broken))
                if turn < _TRIES:
                    self.note(f"{what} broke off ({reason}); trying again, {turn + 1} of {_TRIES}")
                    self._stop.wait(self._pause * turn)
        raise Refused(
            f"{what} could not be downloaded in {_TRIES} tries: {reason}\n"
            "Check the network (and the proxy or registry settings of pip, npm or apt, if you have any), "
            "then run again: what is done is kept."
        )


_CAUSES = (
    *(
        "connection refused",
        "connection reset",
        "network is unreachable",
        "timed out",
        "no space left on device",
    ),
    *("name or service not known", "temporary failure in name resolution", "certificate verify failed"),
    *("ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"),
)
_CAUSE = re.compile("|".join(_CAUSES), re.IGNORECASE)


def shorten(text: str, limit: int = 300) -> str:
    """The line that says what went wrong, as pip, npm and apt mark it; the cause may stand in another."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    marked = [line for line in lines if line.lower().startswith(("error", "e:", "npm error", "npm err"))]
    line = (marked or lines[-1:] or ["no reason given"])[0][:limit]
    why = _CAUSE.search(text)
    return f"{line} ({why[0]})" if why and why[0] not in line else line


def tail(text: str, lines: int = 12) -> str:
    """The last lines of a program's output, for a person to read."""
    return "\n".join(f"    {line[:200]}" for line in text.splitlines()[-lines:])


def settle(step: Step, stamps: Path, work: Work, board: Board) -> Exception | None:
    """Run one step to its end on its own thread; what stopped it, if something did."""
    try:
        step.run(stamps, work)
    except Stopped:
        board.set(step.name, "failed", "stopped; the next run goes on here")
        return Stopped()
    except Skipped as skipped:
        board.set(step.name, "left out", str(skipped))
        return None
    except (Refused, Broken) as refused:
        board.set(step.name, "failed", str(refused).splitlines()[0][:300])
        return refused
    except OSError as error:
        board.set(step.name, "failed", str(error))
        return Refused(f"{step.name}: {error}. Mend that and run again; what is done is kept.")
    finally:
        work.turn("waits")
    board.set(step.name, "done", step.made)
    return None
