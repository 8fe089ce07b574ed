"""What a flood of log-ins meets first: an answer before the request is read, routed or logged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from hub.api.flood import flooded

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from hub.api.measure import Times

LOGIN = "/api/session"


class Early:
    """ASGI middleware; what it refuses is counted in `times` and not logged."""

    def __init__(self, app: ASGIApp, times: Times) -> None:
        self.app, self.times = app, times
        turned = flooded()
        self._answer = JSONResponse(turned.body, turned.status, turned.headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse."""
        if scope["type"] != "http" or scope["path"] != LOGIN or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        began, client = time.perf_counter(), scope["client"]
        if not scope["app"].state.parts.flood.too_many(client[0] if client else ""):
            await self.app(scope, receive, send)
            return
        await self._answer(scope, receive, send)
        self.times["POST", LOGIN, self._answer.status_code].note(time.perf_counter() - began)
