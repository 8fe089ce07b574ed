"""What the solver made of a market, kept for whoever asks the same: grounds, coverage, looks into zones."""

from __future__ import annotations

import time
from collections import OrderedDict
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING, Any, TypeVar

from hub.core import asks
from hub.core.cover import CoverAsked, CoverMade, ZonesAsked, ZonesMade
from hub.ports import UnsolvedError
from hub.service import ground as grounds
from hub.service import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from hub.core.asks import Ask
    from hub.core.ground import Ground
    from hub.ports import Clock, Solver

A = TypeVar("A")
M = TypeVar("M")

FRESH_SECONDS = 10.0
"""The ground changes seldom; for so long it is not read again."""
MOST = 12
MOST_WAITING = 4


class Pictures:
    """Answers by what was asked, the newest `MOST`; two who ask the same wait for one answer."""

    def __init__(self) -> None:
        self._grounding, self._reading, self._asking = Lock(), Lock(), Lock()
        self._waiters = BoundedSemaphore(MOST_WAITING)
        self._grounds: dict[str, tuple[float, Ground]] = {}
        self._made: OrderedDict[Any, Any] = OrderedDict()

    def ground(self, readings: sessionmaker[Session], clock: Clock, market: str) -> Ground:
        """The market's ground today, at most a few seconds old."""
        with self._grounding:
            read, ground = self._grounds.get(market, (0.0, None))
            if ground is None or time.monotonic() - read > FRESH_SECONDS:
                with readings() as s:
                    ground = grounds.of(s, market, number.day_of(s, market, clock.now()))
                self._grounds[market] = (time.monotonic(), ground)
            return ground

    def whole(self, solver: Solver, asked: CoverAsked) -> CoverMade:
        """Coverage; raises UnsolvedError."""
        grids = frozenset((asked.grid_of or {}).items())
        key = (asked.ground, asked.lenses, asked.scale, asked.level, grids)
        made: CoverMade = self._once(key, lambda: solver.quick(asks.COVER, asked))
        return made

    def entered(self, solver: Solver, asked: ZonesAsked) -> ZonesMade:
        """Who looks into which zones; raises UnsolvedError."""
        if not asked.zones or not asked.lenses:
            return ZonesMade(())
        made: ZonesMade = self._once(asked, lambda: solver.quick(asks.ZONES, asked))
        return made

    def ask(self, solver: Solver, ask: Ask[A, M], asked: A) -> M:
        """What is not kept; raises UnsolvedError."""
        with self.waiting():
            return solver.quick(ask, asked)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Bound who waits for the solver, so that the other pages keep threads to be answered by.

        Raises:
            UnsolvedError: as many wait as may.
        """
        if not self._waiters.acquire(blocking=False):
            raise UnsolvedError(f"{MOST_WAITING} wait for the solver already")
        try:
            yield
        finally:
            self._waiters.release()

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        found = self._known(key)
        if found is not None:
            return found
        with self.waiting(), self._asking:
            found = self._known(key)
            if found is None:
                found = make()
                with self._reading:
                    self._made[key] = found
                    if len(self._made) > MOST:
                        self._made.popitem(last=False)
            return found

    def _known(self, key: Any) -> Any:
        with self._reading:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)
