"""What every answer carries: only our own scripts, no framing, no guessing, how long it may be kept.

A body that is too large is refused by the framework in plain text; here it gets the shape of all refusals.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
WASM = POLICY.replace("default-src 'self'", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'")
"""The reader of codes is compiled by the browser; no script is the looser for it."""
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
POCKET = {
    "Content-Security-Policy": WASM,
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(self)",
}
"""For the page of a phone alone: it scans by the camera, and a call for help says where."""
STRICT = "max-age=31536000"
"""A browser that has come by HTTPS once does not come by plain HTTP again."""
LARGE_WORDS = ("This is too large to send.", "发送的内容过大。")
TOO_LARGE = json.dumps(
    {"code": "http.413", "en": LARGE_WORDS[0], "zh": LARGE_WORDS[1]}, ensure_ascii=False
).encode()
TOO_LARGE_STATUS = 413
KEPT = "public, max-age=31536000, immutable"
"""For built files, whose names carry their hash."""


class SecurityHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        too_large = False

        async def with_headers(message: Message) -> None:
            nonlocal too_large
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _of(scope["path"]).items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", STRICT)
                headers.setdefault("Cache-Control", _kept(scope["path"], message["status"]))
                too_large = message["status"] == TOO_LARGE_STATUS and "text/" in headers["content-type"]
                if too_large:
                    headers["content-type"] = "application/json"
                    headers["content-length"] = str(len(TOO_LARGE))
            elif too_large:
                message = {"type": "http.response.body", "body": TOO_LARGE}
            await send(message)

        await self.app(scope, receive, with_headers)


def _of(path: str) -> dict[str, str]:
    mine = path in {"/phone", "/phone.html"} or path.startswith("/phone/")
    return ALWAYS | POCKET if mine else ALWAYS


def _kept(path: str, status: int) -> str:
    if path.startswith("/assets/") and status == 200:  # noqa: PLR2004
        return KEPT
    return "no-store" if path.startswith(("/api/", "/edge/", "/metrics")) else "no-cache"
