"""The market's ground and register, as the plan draws it."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Annotated

from fastapi import Depends, Header, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.plan import Plan
from hub.service import market as markets
from hub.service import number

FRESH_SECONDS = 10.0
"""The ground changes seldom; for so long it is not read again."""
GZIP_LEVEL = 6
MOST_DAYS = 8
"""Markets and days that are kept printed, of today and of other days."""

router = Guarded(prefix="/api", tags=["market"], most=0)


@dataclass(frozen=True, slots=True)
class Printed:
    """The market as bytes, made once for everybody."""

    made: float
    tag: str
    plain: bytes
    packed: bytes


class Shelf:
    """Prints by market and day behind a lock of their own; the oldest are forgotten first."""

    def __init__(self, fresh: float) -> None:
        self._fresh = fresh
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, date], Printed] = OrderedDict()

    def print(self, parts: Parts, market: str, day: date) -> Printed:
        """The market's JSON of a day; who asks for the same waits for it."""
        with self._lock:
            kept = self._kept.get((market, day))
            if kept is None or time.monotonic() - kept.made > self._fresh:
                kept = self._kept[market, day] = _printed(parts, market, day)
                self._kept.move_to_end((market, day))
                if len(self._kept) > MOST_DAYS:
                    self._kept.popitem(last=False)
            return kept


class Press:
    """Prints a market when its last print is old; nobody who wants today's waits for another day's.

    Args:
        fresh: Seconds for which a print is good.
    """

    def __init__(self, fresh: float = FRESH_SECONDS) -> None:
        self._today, self._others = Shelf(fresh), Shelf(fresh)

    def print(self, parts: Parts, market: str, day: date | None = None) -> Printed:
        """The market's JSON of `day`, else of today; at most a few seconds old."""
        with parts.readings() as session:
            today = number.day_of(session, market, parts.clock.now())
        wanted = day or today
        return (self._today if wanted == today else self._others).print(parts, market, wanted)


def _printed(parts: Parts, market: str, day: date) -> Printed:
    with parts.readings() as session:
        plan = Plan.model_validate(markets.plan(session, market, day))
    plain = plan.model_dump_json().encode()
    tag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Printed(time.monotonic(), tag, plain, gzip.compress(plain, GZIP_LEVEL))


@router.get("/market", response_model=Plan)
def market(
    visitor: Annotated[Visitor, Depends(Signed("market.see"))],
    parts: PartsHere,
    day: date | None = None,
    if_none_match: Annotated[str, Header(max_length=200)] = "",
    accept_encoding: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Halls, streets, grids, groups, shops, gates and cameras of a day; metres, y down.

    Answers 304 to its ETag.
    """
    printed = parts.press.print(parts, visitor.actor.market, day)
    headers = {"ETag": printed.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if printed.tag in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding:
        headers["Content-Encoding"] = "gzip"
        return Response(printed.packed, media_type="application/json", headers=headers)
    return Response(printed.plain, media_type="application/json", headers=headers)
