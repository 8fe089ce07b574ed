"""Stills and clips by their opaque ids, and each camera's latest picture."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Response
from fastapi.responses import FileResponse

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.refusal import Turned
from hub.core.policy import Target, authorize
from hub.service import media, place
from hub.store.camera import Camera

router = Guarded(prefix="/api", tags=["media"], most=0)

PRIVATE = {"Cache-Control": "private, max-age=300"}
"""An id names the same bytes for ever; rights are asked again after five minutes."""


@router.get("/media/{media_id}", response_class=FileResponse)
def file(
    media_id: Annotated[str, Path(max_length=64)],
    visitor: Annotated[Visitor, Depends(Signed("alert.see", "case.see", "video.play"))],
    parts: PartsHere,
) -> FileResponse:
    """The bytes, whole or the asked-for range. A clip's viewing is registered before its bytes leave."""
    with parts.sessions.begin() as session:
        found = media.find(session, visitor.actor, media_id, parts.clock.now())
    return FileResponse(parts.files.path(found.sha256), media_type=found.type, headers=PRIVATE)


@router.get("/cameras/{camera_id}/still", response_class=Response)
def still(
    camera_id: Annotated[str, Path(max_length=64)],
    visitor: Annotated[Visitor, Depends(Signed("video.live"))],
    parts: PartsHere,
) -> Response:
    """The camera's latest picture; X-At says when it was taken."""
    with parts.readings() as session:
        camera = session.get(Camera, camera_id)
    if camera is None or camera.market != visitor.actor.market:
        raise _none()
    authorize(visitor.actor, "video.live", Target(place.node(camera.market, camera.grid)))
    latest = parts.stills.get(camera_id)
    if latest is None:
        raise _none()
    headers = {"Cache-Control": "no-store", "X-At": latest.at.isoformat()}
    return Response(latest.data, media_type="image/jpeg", headers=headers)


def _none() -> Turned:
    return Turned(404, "still.none", "There is no picture of this camera yet.", "这台摄像机还没有画面。")
