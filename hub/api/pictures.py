"""What the solver made of a market, kept for whoever asks the same: grounds, coverage, looks into zones."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

from hub.core import asks
from hub.core.cover import CoverAsked, CoverMade, ZonesAsked, ZonesMade
from hub.service import ground as grounds
from hub.service import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.core.ground import Ground
    from hub.ports import Clock, Solver

FRESH_SECONDS = 10.0
"""The ground changes seldom; for so long it is not read again."""
MOST = 12


class Pictures:
    """Answers by what was asked, the newest `MOST`; two who ask the same wait for one answer."""

    def __init__(self) -> None:
        self._reading, self._asking = Lock(), Lock()
        self._grounds: dict[str, tuple[float, Ground]] = {}
        self._made: OrderedDict[Any, Any] = OrderedDict()

    def ground(self, readings: sessionmaker[Session], clock: Clock, market: str) -> Ground:
        """The market's ground today, at most a few seconds old."""
        with self._reading:
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

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        with self._asking:
            if key not in self._made:
                self._made[key] = make()
                if len(self._made) > MOST:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
            return self._made[key]
