"""The market's ground and register, as the plan draws it."""

from __future__ import annotations

import gzip
import hashlib
import time
from dataclasses import dataclass
from threading import Lock
from typing import Annotated

from fastapi import Depends, Header, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.plan import Plan
from hub.service import market as markets

FRESH_SECONDS = 10.0
"""The ground changes seldom; for so long it is not read again."""
GZIP_LEVEL = 6

router = Guarded(prefix="/api", tags=["market"], most=0)


@dataclass(frozen=True, slots=True)
class Printed:
    """The market as bytes, made once for everybody."""

    made: float
    tag: str
    plain: bytes
    packed: bytes


class Press:
    """Prints a market when its last print is old."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: dict[str, Printed] = {}

    def print(self, parts: Parts, market: str) -> Printed:
        """The market's JSON, at most a few seconds old."""
        with self._lock:
            last = self._last.get(market)
            if last is None or time.monotonic() - last.made > FRESH_SECONDS:
                with parts.readings() as session:
                    plan = Plan.model_validate(markets.plan(session, market))
                plain = plan.model_dump_json().encode()
                tag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
                last = Printed(time.monotonic(), tag, plain, gzip.compress(plain, GZIP_LEVEL))
                self._last[market] = last
            return last


@router.get("/market", response_model=Plan)
def market(
    visitor: Annotated[Visitor, Depends(Signed("market.see"))],
    parts: PartsHere,
    if_none_match: Annotated[str, Header(max_length=200)] = "",
    accept_encoding: Annotated[str, Header(max_length=200)] = "",
) -> Response:
    """Halls, streets, grids, groups, shops, gates and cameras; metres, y down. Answers 304 to its ETag."""
    printed = parts.press.print(parts, visitor.actor.market)
    headers = {"ETag": printed.tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if printed.tag in if_none_match:
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding:
        headers["Content-Encoding"] = "gzip"
        return Response(printed.packed, media_type="application/json", headers=headers)
    return Response(printed.plain, media_type="application/json", headers=headers)
