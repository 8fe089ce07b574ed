"""Whether the hub works, and what it speaks."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request, Response

from hub.api.guard import Guarded, Public
from hub.api.parts import PartsHere

router = Guarded(prefix="/api", tags=["health"], most=0)
unbuilt = Guarded(most=0)


@router.get("/health", dependencies=[Depends(Public())])
def health(response: Response, parts: PartsHere) -> dict[str, bool]:
    """Each part and whether it works; 503 when one does not."""
    found = dict(parts.healthy())
    if not all(found.values()):
        response.status_code = 503
    return found


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
