"""Whether the hub works, and what it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import Depends, Request, Response

from hub.api.guard import Guarded, Public
from hub.api.parts import PartsHere
from hub.core.health import troubles

router = Guarded(prefix="/api", tags=["health"], most=0)
unbuilt = Guarded(most=0)


@router.get("/health", dependencies=[Depends(Public())])
def health(response: Response, parts: PartsHere) -> dict[str, bool]:
    """Each part and whether it works; 503 when one does not."""
    found = dict(parts.healthy())
    if not all(found.values()):
        response.status_code = 503
    return found


@router.get("/health/ready", dependencies=[Depends(Public())])
def ready(response: Response, parts: PartsHere) -> dict[str, Any]:
    """Whether it does all that it is there for; 503 and sentences when it does not."""
    return _told(response, parts.healthy())


@router.get("/health/live", dependencies=[Depends(Public())])
def live(response: Response, parts: PartsHere) -> dict[str, Any]:
    """Whether it goes on by itself; 503 when it has to be started again."""
    return _told(response, parts.lives())


def _told(response: Response, found: Mapping[str, bool]) -> dict[str, Any]:
    ill = troubles(found)
    response.status_code = 503 if ill else 200
    return {"ok": not ill, "parts": dict(found), "troubles": [asdict(trouble) for trouble in ill]}


@router.get("/openapi.json", dependencies=[Depends(Public())], include_in_schema=False)
def openapi(request: Request) -> dict[str, Any]:
    """This interface in OpenAPI."""
    described: dict[str, Any] = request.app.openapi()
    return described


@unbuilt.get("/", dependencies=[Depends(Public())], include_in_schema=False)
def no_pages() -> Response:
    """Stands where the pages would be, so that whoever opens a hub without them knows what to do."""
    en, zh = (
        "The pages are not built. Start by `make run`, which builds them.",
        "页面尚未生成，请用 make run 启动。",
    )
    words = f"{en}\n{zh}\n"
    return Response(words, 503, media_type="text/plain; charset=utf-8")
