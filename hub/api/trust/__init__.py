"""How a phone or PC comes to trust this hub, and what a plain HTTP client is told instead of a page.

Everything here is for anybody: it holds no secret, and whoever needs it cannot sign in yet.
"""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from importlib import resources
from string import Template

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from hub.api.guard import Guarded, Public
from hub.api.headers import SecurityHeaders

PLAIN_STATUS = 426
PLAIN = {
    "code": "http.plain",
    "en": "This hub is reached by HTTPS. Open {url}; plain HTTP serves nothing but the way to trust it.",
    "zh": "本系统只通过 HTTPS 使用，请打开 {url}。普通 HTTP 只提供信任说明。",
}


@dataclass(frozen=True, slots=True)
class Trust:
    """What has to be brought to a phone: the root in PEM, its fingerprint, and where the hub is then."""

    pem: bytes
    fingerprint: str
    url: str


def trusting(trust: Trust) -> Guarded:
    """The routes below /trust."""
    router = Guarded(prefix="/trust", tags=["trust"], most=0)

    @router.get("", dependencies=[Depends(Public())], response_class=HTMLResponse)
    def page() -> HTMLResponse:
        """How to trust this hub, for each kind of phone and PC."""
        return HTMLResponse(_page(trust))

    @router.get("/page.css", dependencies=[Depends(Public())], include_in_schema=False)
    def style() -> Response:
        return Response(_file("page.css"), media_type="text/css; charset=utf-8")

    @router.get("/authority.crt", dependencies=[Depends(Public())])
    def root() -> Response:
        """The root certificate, PEM."""
        named = {"Content-Disposition": 'attachment; filename="lianfang-authority.crt"'}
        return Response(trust.pem, media_type="application/x-x509-ca-cert", headers=named)

    return router


def plain(trust: Trust) -> FastAPI:
    """What listens without TLS: the way to trust, and for all else the address to use instead."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.include_router(trusting(trust))
    app.add_middleware(SecurityHeaders)
    words = {name: text.format(url=trust.url) for name, text in PLAIN.items()}
    answer = json.dumps(words, ensure_ascii=False)

    def told(request: Request, _error: Exception) -> Response:
        headers = {"Upgrade": "TLS/1.3, HTTP/1.1", "Connection": "Upgrade"}
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(_page(trust), PLAIN_STATUS, headers)
        return Response(answer, PLAIN_STATUS, headers, "application/json")

    for status in (404, 405, 413):
        app.add_exception_handler(status, told)
    return app


def _page(trust: Trust) -> str:
    values = {"url": html.escape(trust.url), "fingerprint": html.escape(trust.fingerprint)}
    return Template(_file("page.html")).substitute(values)


def _file(name: str) -> str:
    return resources.files("hub.api.trust").joinpath(name).read_text(encoding="utf-8")
