"""What phones send from their queue, the photos that go with it, and their first page."""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from hub.api.guard import Guarded, Signed, Someone, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import RowPath
from hub.api.shape.phone import BODIES, NewSaid, Receipts, RoundTold, SaidItem, Today
from hub.core import alert as alerts
from hub.core import jpeg
from hub.core.refuse import Refused
from hub.service import media
from hub.service.patrol import mine, walk
from hub.service.phone import said, today
from hub.service.phone.item import Item

if TYPE_CHECKING:
    from datetime import datetime

MOST_SAID = 256 * 1024
MOST_PHOTO = 6 * 1024 * 1024
JPEG = "image/jpeg"

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Walker = Annotated[Visitor, Depends(Signed("patrol.walk", shows=False))]
Reporter = Annotated[Visitor, Depends(Signed("report", shows=False))]

router = Guarded(prefix="/api", tags=["phone"], most=MOST_SAID)


@router.post("/phone/said", response_model=Receipts)
def hear(given: NewSaid, visitor: Someone, parts: PartsHere) -> dict[str, Any]:
    """What a phone has kept in its queue: a receipt for each thing, the same however often it is sent."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        found = [said.take(session, visitor.actor, _item(one, now), now) for one in given.items]
    parts.feeds.wake()
    shown = [{"id": one.id, "state": one.state, "en": one.words.en, "zh": one.words.zh} for one in found]
    return {"receipts": shown}


@router.put("/phone/photos/{sha256}", max_body_size=MOST_PHOTO)
async def store(sha256: Sha256, request: Request, visitor: Reporter, parts: PartsHere) -> Response:
    """A photo under the hash of its bytes; whatever names it is sent afterwards.

    201 stored, 204 there already, 413 too large, 415 no JPEG, 422 other bytes than announced,
    429 too many in a day.
    """
    if await run_in_threadpool(parts.files.has, sha256):
        await run_in_threadpool(_note, parts, sha256)
        return Response(status_code=204)
    data = await request.body()
    if not data.startswith(jpeg.MAGIC):
        raise Turned(415, "photo.jpeg", "Send a JPEG picture.", "请发送 JPEG 图片。")
    if jpeg.is_flood(data[: jpeg.HEAD], whole=len(data) <= jpeg.HEAD):
        raise Turned(413, "photo.pixels", "This picture has too many pixels.", "图片像素过多，请缩小后重试。")
    if await run_in_threadpool(_digest, data) != sha256:
        raise Turned(422, "photo.hash", "These are other bytes than announced.", "照片内容与摘要不符。")
    parts.flood.store(visitor.actor.person, len(data))
    await run_in_threadpool(parts.files.put, sha256, [data])
    await run_in_threadpool(_note, parts, sha256)
    return Response(status_code=201)


@router.get("/phone/today", response_model=Today)
def day(visitor: Someone, parts: PartsHere) -> dict[str, Any]:
    """Who I am, my duty, my turn, my round and how many notices I have not read."""
    with parts.readings() as session:
        return today.page(session, visitor.actor, parts.clock.now())


@router.post("/patrol/rounds/{one}/start", response_model=RoundTold)
def start(one: RowPath, visitor: Walker, parts: PartsHere) -> dict[str, Any]:
    """Set out on a round: its points in the order that was drawn for it."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        row = walk.start(session, visitor.actor, one, now)
        shown = mine.told(session, row, now)
    parts.feeds.wake()
    return shown


def _item(given: SaidItem, now: datetime) -> Item:
    """What was said, shaped by its kind; what has no shape is refused by itself and not with all the rest."""
    at = _moment(given.at, now)
    shape = BODIES.get(given.kind)
    if shape is None:
        en = "This phone's page says something that the hub does not know. Reload the page."
        fault = Refused("input", "said.kind", en, "页面版本与系统不符，请刷新页面。")
        return Item(given.id, given.kind, at, {}, fault)
    try:
        body = shape.model_validate(given.body).model_dump()
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])[:64]
        fault = Refused("input", f"said.{given.kind}", f"Look at: {field}.", f"请检查填写内容：{field}。")
        return Item(given.id, given.kind, at, {}, fault)
    return Item(given.id, given.kind, at, body)


def _moment(at: datetime, now: datetime) -> datetime:
    """The phone's time unless it is plainly wrong."""
    try:
        return alerts.moment(at.astimezone(UTC), now)
    except OverflowError:  # the first and the last hours of the calendar, seen from elsewhere
        return now


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _note(parts: Parts, sha256: str) -> None:
    """The row comes after the file, and only then the answer."""
    with parts.sessions.begin() as session:
        media.stored(session, sha256, parts.files.size(sha256), JPEG, parts.clock.now())
