"""Everything that a run or the tests need, made in as little time as two cores and a network allow."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from launch import lock, space
from launch.progress import Board
from launch.refuse import Stopped
from launch.step import Span, Step, Work, settle
from launch.steps import browser, detector, environment, footage, mosquitto, node, packages, pages, weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from launch.place import Place

_PAINT = 0.2


@dataclass(frozen=True, slots=True)
class Done:
    """What a set-up took, in seconds on the clock; `loading` of them something was being downloaded.

    `own` is what the steps themselves worked, added up although they ran side by side.
    """

    seconds: float = 0.0
    loading: float = 0.0
    own: float = 0.0
    steps: int = 0

    def __str__(self) -> str:
        if not self.steps:
            return "nothing: everything was there"
        alone = self.seconds - self.loading
        return (
            f"{self.seconds:.1f} s: {self.loading:.1f} s with downloads under way, {alone:.1f} s our own "
            f"steps alone ({self.own:.1f} s added up, side by side)"
        )


def union(spans: Iterable[Span]) -> float:
    """Seconds in which at least one of the spans lies."""
    total, until = 0.0, float("-inf")
    for span in sorted(spans, key=lambda span: span.begin):
        total += max(0.0, span.end - max(span.begin, until))
        until = max(until, span.end)
    return total


def steps(place: Place, *, dev: bool) -> tuple[Step, ...]:
    """The steps, those that others wait for first."""
    user = (
        environment.step(place),
        packages.step(place, dev=dev),
        node.step(place),
        weights.step(place),
        footage.step(place),
        pages.tools(place, dev=dev),
        pages.step(place),
        detector.step(place),
    )
    return (*user, browser.step(place), mosquitto.step(place)) if dev else user


class Setup:
    """One set-up: the stale steps side by side, each on a thread of its own."""

    def __init__(
        self, stale: tuple[Step, ...], place: Place, stop: Event, board: Board | None = None
    ) -> None:
        self._stale, self._stamps, self._stop = stale, place.cache / "stamps", stop
        self._board = board or Board(step.name for step in stale)
        self._over = {step.name: Event() for step in stale}
        self._failed = {step.name: False for step in stale}
        self._wrong: list[Exception] = []
        self._works = [Work(step.name, self._board, stop, self._after) for step in stale]

    def _after(self, name: str) -> None:
        if name in self._over:
            self._over[name].wait()
            if self._failed[name]:
                raise Stopped

    def _do(self, step: Step, work: Work) -> None:
        wrong: Exception | None = Stopped()
        try:
            wrong = settle(step, self._stamps, work, self._board)
        finally:  # also when our own code fails: nobody waits for ever
            if wrong is not None:
                self._failed[step.name] = True
                self._wrong.append(wrong)
                self._stop.set()
            self._over[step.name].set()

    def run(self) -> Done:
        """Do all of it.

        Raises:
            Refused: a step cannot be done.
            Stopped: the person stopped us.
        """
        began = time.monotonic()
        threads = [Thread(target=self._do, args=pair) for pair in zip(self._stale, self._works, strict=True)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            self._board.paint()
            if self._stop.wait(_PAINT):
                self._let_go()
                time.sleep(_PAINT / 4)
        self._board.paint()
        real = [wrong for wrong in self._wrong if not isinstance(wrong, Stopped)]
        if real or self._wrong:
            raise (real or self._wrong)[0]
        spans = [span for work in self._works for span in work.spans]
        loading = union(span for span in spans if span.kind == "downloads")
        own = sum(span.end - span.begin for span in spans if span.kind == "own")
        return Done(time.monotonic() - began, loading, own, len(self._works))

    def _let_go(self) -> None:
        for work in self._works:
            work.let_go()


def setup(place: Place, stop: Event, *, dev: bool) -> Done:
    """Bring this clone up to date; at once when nothing changed.

    Raises:
        Refused: something is missing; the text says what to do.
        Stopped: the person stopped us.
    """
    return _settled(place, stop, steps(place, dev=dev))


def bring(place: Place, stop: Event, *names: str) -> Done:
    """Only these steps of a set-up; raises as `setup` does."""
    return _settled(place, stop, tuple(step for step in steps(place, dev=False) if step.name in names))


def _settled(place: Place, stop: Event, wanted: tuple[Step, ...]) -> Done:
    stamps = place.cache / "stamps"
    if all(step.fresh(stamps) for step in wanted):
        return Done()
    space.enough(place.root, space.SETUP if not place.python.exists() else space.SETUP // 3, "set-up")
    held = lock.wait(place.cache / "lock", lambda: _pause(stop), print)
    try:
        stale = tuple(step for step in wanted if not step.fresh(stamps))
        print("Lianfang 联防 · set-up; what is done is kept, Ctrl-C stops", flush=True)
        done = Setup(stale, place, stop).run() if stale else Done()
        print(f"set-up took {done}", flush=True)
        return done
    finally:
        shutil.rmtree(place.cache / "tmp", ignore_errors=True)
        lock.release(held)


def _pause(stop: Event) -> None:
    if stop.wait(0.5):
        raise Stopped
