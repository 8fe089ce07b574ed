"""How long answers take, and one name for everything that is logged on the way of a request.

The name is that of `X-Request-Id`, which a proxy may give and every answer carries. What is timed ends where
the answer begins, since a feed never ends.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections import defaultdict
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from structlog.contextvars import bound_contextvars

from hub.core.spread import Spread

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "x-request-id"
NAMED = re.compile(r"[A-Za-z0-9-]{1,64}")
SLOW_SECONDS = 1.0
READS = frozenset({"GET", "HEAD", "OPTIONS"})
DEVICES = "/edge/"
FAULT = 500

log = logging.getLogger(__name__)

Times = dict[tuple[str, str, int], Spread]
"""Method, route and status → seconds until the answer began."""


def times() -> Times:
    """None yet."""
    return defaultdict(Spread)


class Measure:
    """ASGI middleware; `times` is filled from the event loop only."""

    def __init__(self, app: ASGIApp, times: Times) -> None:
        self.app, self.times = app, times

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; count and log when the answer begins."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        given = Headers(scope=scope).get(NAME, "")
        name = given if NAMED.fullmatch(given) else uuid.uuid4().hex
        answered = False

        async def timed(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                MutableHeaders(scope=message)[NAME] = name
                self._note(scope, message["status"], time.perf_counter() - began)
            await send(message)

        with bound_contextvars(request=name):
            try:
                await self.app(scope, receive, timed)
            except Exception:
                if not answered:
                    self._note(scope, FAULT, time.perf_counter() - began)
                raise

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method, route = scope["method"], _route(scope)
        self.times[method, route, status].note(seconds)
        level = _level(method, route, status, seconds)
        if log.isEnabledFor(level):
            about = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            who = scope.get("state", {}).get("who", "")
            log.log(level, "answered", extra={**about, "who": who, "of": scope.get("path_params", {})})


def _level(method: str, route: str, status: int, seconds: float) -> int:
    """What people change is told; looks and what devices send, only when it failed or was slow."""
    if status >= FAULT or seconds >= SLOW_SECONDS:
        return logging.WARNING
    return logging.DEBUG if method in READS or route.startswith(DEVICES) else logging.INFO


def _route(scope: Scope) -> str:
    """The route's pattern, never the address itself: labels stay few."""
    path: str | None = getattr(scope.get("route"), "path", None)
    return path or "other"
