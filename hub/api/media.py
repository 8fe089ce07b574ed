"""Stills and clips by their opaque ids, and each camera's latest picture."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Depends, Header, Path, Response

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.ranged import ranged
from hub.api.refusal import Turned
from hub.core.policy import Target, authorize, reached
from hub.service import media, place, register
from hub.store.camera import Camera

router = Guarded(prefix="/api", tags=["media"], most=0)

Asked = Annotated[str, Header(max_length=200)]


@router.get("/media/{media_id}", response_class=Response)
def file(
    media_id: Annotated[str, Path(max_length=64)],
    visitor: Annotated[Visitor, Depends(Signed("alert.see", "case.see", "video.play"))],
    parts: PartsHere,
    asked: Annotated[str, Header(alias="range", max_length=200, include_in_schema=False)] = "",
    if_none_match: Asked = "",
) -> Response:
    """The bytes, whole or the asked-for range. A look is registered before its bytes leave."""
    look = (visitor.actor, media_id, visitor.session, parts.clock.now())
    with parts.readings() as session:
        found = media.find(session, *look)
    if found is None:
        with parts.sessions.begin() as session:
            found = media.show(session, *look)
    try:
        size = parts.files.size(found.sha256)
    except FileNotFoundError as error:
        raise _lost() from error
    read = partial(parts.files.read, found.sha256)
    return ranged(read, size, found.sha256, found.type, asked, if_none_match)


@router.get("/cameras/{camera_id}/still", response_class=Response)
def still(
    camera_id: Annotated[str, Path(max_length=64)],
    visitor: Annotated[Visitor, Depends(Signed("video.live"))],
    parts: PartsHere,
) -> Response:
    """The camera's latest picture; X-At says when it was taken. Looking is registered once a session."""
    with parts.readings() as session:
        camera = session.get(Camera, camera_id)
    if camera is None or camera.market != visitor.actor.market:
        raise _none()
    at = place.node(camera.market, camera.grid)
    authorize(visitor.actor, "video.live", Target(at))
    _note_watching(parts, visitor, reached(visitor.actor, at))
    latest = parts.stills.get(camera_id)
    if latest is None:
        raise _none()
    headers = {"Cache-Control": "no-store", "X-At": latest.at.isoformat()}
    return Response(latest.data, media_type="image/jpeg", headers=headers)


def _note_watching(parts: Parts, visitor: Visitor, node: str) -> None:
    """The register's row, before the first picture of the session leaves."""
    key = (visitor.session, node)
    if key not in parts.watched:
        with parts.sessions.begin() as session:
            register.watch(session, visitor.actor, visitor.session, node, parts.clock.now())
        parts.watched[key] = True


def _none() -> Turned:
    return Turned(404, "still.none", "There is no picture of this camera yet.", "这台摄像机还没有画面。")


def _lost() -> Turned:
    en = "The bytes of this file are gone. Tell whoever looks after the hub."
    return Turned(404, "media.lost", en, "文件内容已丢失，请告知系统管理员。")
