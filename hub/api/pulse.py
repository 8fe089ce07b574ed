"""The hub's pulse: how long ago it was proved that devices are heard, told to every open page.

A page that gets no pulse, or one with an old proof, says by itself that the hub is silent. So the pulse never
waits for the database: what it tells was looked up beside it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import TYPE_CHECKING

from fastapi.concurrency import run_in_threadpool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

PULSE_SECONDS = 5.0
NEEDED = ("database", "broker", "ingest")
"""Parts without which no alert comes in; one that this process does not know of is not asked for."""

log = logging.getLogger(__name__)


class Pulse:
    """Looks with `healthy`, which names each part and whether it works; `clock` gives monotonic seconds."""

    def __init__(
        self, healthy: Callable[[], Mapping[str, bool]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._healthy, self._clock = healthy, clock
        self._proved: float | None = None
        self._trouble: tuple[str, ...] = ()

    async def run(self) -> None:
        """Look for as long as the hub serves."""
        while True:
            await self.look()
            await asyncio.sleep(PULSE_SECONDS)

    async def look(self) -> None:
        """Look once; a look that does not come back proves nothing, and the last proof grows old."""
        try:
            found = await run_in_threadpool(self._healthy)
        except Exception:
            log.exception("the hub cannot tell how it is")
            self._trouble = ("hub",)
            return
        self._trouble = tuple(part for part, works in found.items() if not works)
        if found and not set(NEEDED) & set(self._trouble):
            self._proved = self._clock()

    def said(self, now: datetime) -> str:
        """JSON: `at`, `ingest` (seconds since the last proof, or null) and `trouble` (parts by name)."""
        age = None if self._proved is None else round(self._clock() - self._proved, 1)
        return json.dumps({"at": now.isoformat(), "ingest": age, "trouble": self._trouble})
