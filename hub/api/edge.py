"""What devices send by HTTP: files by hash, in parts if need be, live stills, and calls for help."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import IntegrityError
from starlette.requests import ClientDisconnect

from hub.api import stills
from hub.api.guard import FromDevice, Guarded
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.stills import Still
from hub.core import film, jpeg
from hub.ports import OffsetError, TooLargeError, Upload
from hub.service import alert as alerts
from hub.service import device as devices
from hub.service import media, order

MOST_FILE = 64 * 1024 * 1024
MOST_CALL = 16 * 1024
GATHER = 1 << 18
"""Bytes that are written at once."""
PIECE_SECONDS = 30.0
RANGE = re.compile(r"bytes (\d{1,10})-(\d{1,10})/(\d{1,10})")
KINDS = {"image/jpeg": re.compile(rb"\xff\xd8\xff"), "video/mp4": re.compile(rb".{4}ftyp", re.DOTALL)}
"""Types of files and how their bytes begin."""
FLOODS = {"image/jpeg": jpeg.is_flood, "video/mp4": film.is_flood}
"""Whether a file's first bytes claim more than anybody can open."""
AHEAD = timedelta(minutes=1)
"""A still may claim to be so much younger than now."""

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
Device = Annotated[str, Depends(FromDevice())]

router = Guarded(prefix="/edge/v1", tags=["edge"])


@router.head("/media/{sha256}")
def how_far(sha256: Sha256, _device: Device, parts: PartsHere) -> Response:
    """How many bytes of this file the hub has, in Upload-Offset."""
    whole = parts.files.has(sha256)
    offset = parts.files.size(sha256) if whole else parts.files.offset(sha256)
    return Response(headers={"Upload-Offset": str(offset)})


@router.put("/media/{sha256}", max_body_size=MOST_FILE)
async def store(sha256: Sha256, request: Request, _device: Device, parts: PartsHere) -> Response:
    """Take a file, or the part that Content-Range names.

    201 stored whole, 204 there already, 308 a part was taken and Upload-Offset says where to go on, 408
    nothing came for a while, 409 another part is wanted, 413 too large, 422 other bytes than announced.
    """
    kind = request.headers.get("content-type", "")
    if kind not in KINDS:
        raise _bad(415, "media.type", f"Send one of: {', '.join(KINDS)}.", "只接受 JPEG 或 MP4。")
    if await run_in_threadpool(parts.files.has, sha256):
        await run_in_threadpool(_note, parts, sha256, kind)
        return Response(status_code=204)
    start, total = _extent(request)
    try:
        async with _upload(parts, sha256, start, total) as upload:
            await _pour(request, upload)
            whole = await run_in_threadpool(_finish, upload, kind)
    except TooLargeError as error:
        raise _bad(413, "media.size", f"{error}.", "文件过大。") from error
    except OffsetError as error:
        raise _bad(409, "media.offset", f"{error}.", "续传位置不对。", error.offset) from error
    except TimeoutError as error:
        raise _bad(
            408, "media.slow", "Nothing came for a while. Go on later.", "上传中断，请稍后续传。"
        ) from error
    except BlockingIOError as error:
        raise _bad(409, "media.busy", f"{error}.", "同一文件正在上传。") from error
    except ValueError as error:
        raise _bad(422, "media.hash", f"{error}.", "文件内容与摘要不符。") from error
    if not whole:
        return await run_in_threadpool(_go_on, parts, sha256)
    await run_in_threadpool(_note, parts, sha256, kind)
    return Response(status_code=201)


@router.get("/orders-key", response_class=Response)
def orders_key(_device: Device, parts: PartsHere) -> Response:
    """The key by which a device checks what it is told, PEM; a device that has one keeps it."""
    with parts.readings() as session:
        public = order.pinned(session)
    if public is None:
        raise _bad(404, "order.key", "No hub has begun to send orders yet.", "尚无可用的指令公钥。")
    return Response(public, media_type="application/x-pem-file")


@router.put("/stills/{camera}", status_code=204, max_body_size=stills.MOST_BYTES)
async def show(
    camera: Annotated[str, Path(max_length=64)],
    request: Request,
    device: Device,
    parts: PartsHere,
    x_at: Annotated[datetime, Header()],
) -> None:
    """Take the latest picture of one of the device's own cameras; it is kept in memory only."""
    data = await request.body()
    if not data.startswith(jpeg.MAGIC):
        raise _bad(422, "still.jpeg", "Send a JPEG picture.", "请发送 JPEG 图片。")
    if jpeg.is_flood(data, whole=True):
        raise _flood("image/jpeg")
    at = _moment(x_at)
    if not await run_in_threadpool(_serves, parts, device, camera):
        raise _bad(404, "still.camera", f"{device} has no camera {camera}.", "该设备没有这台摄像机。")
    parts.stills.put(camera, Still(data, min(at, parts.clock.now() + AHEAD)))


@router.post("/sos", max_body_size=MOST_CALL)
async def call(request: Request, device: Device, parts: PartsHere) -> Response:
    """Take a call for help, the very message that goes by MQTT too; the answer is its receipt.

    200 committed, now or before, 422 not a call of this device.
    """
    receipt = await run_in_threadpool(_called, parts, device, await request.body())
    parts.feeds.wake()
    return Response(receipt, media_type="application/json")


@asynccontextmanager
async def _upload(parts: Parts, sha256: str, start: int, total: int) -> AsyncIterator[Upload]:
    """The upload, begun and ended beside the loop: a store may be far away. It ends whatever happens."""
    taking = parts.files.upload(sha256, start, total)
    upload = await run_in_threadpool(taking.__enter__)
    try:
        yield upload
    except BaseException as error:
        await asyncio.shield(run_in_threadpool(taking.__exit__, type(error), error, error.__traceback__))
        raise
    await run_in_threadpool(taking.__exit__, None, None, None)


async def _pour(request: Request, upload: Upload) -> None:
    """Write what comes; what came before a broken connection stays for the next part."""
    waiting = bytearray()
    pieces = aiter(request.stream())
    try:
        # An edge that lost its power says nothing more; its upload must not bar the next try for ever.
        while (data := await asyncio.wait_for(anext(pieces, None), PIECE_SECONDS)) is not None:
            waiting += data
            if len(waiting) >= GATHER:
                await run_in_threadpool(upload.write, bytes(waiting))
                waiting.clear()
    except (ClientDisconnect, TimeoutError):
        await run_in_threadpool(upload.write, bytes(waiting))
        raise
    await run_in_threadpool(upload.write, bytes(waiting))


def _finish(upload: Upload, kind: str) -> bool:
    head = upload.head()
    if not KINDS[kind].match(head):
        raise ValueError(f"these bytes are no {kind}")
    if FLOODS[kind](head, whole=len(head) < jpeg.HEAD):
        raise _flood(kind)
    return upload.finish()


def _moment(at: datetime) -> datetime:
    try:
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except OverflowError:  # the first and the last hours of the calendar, seen from elsewhere
        pass
    raise _bad(
        422, "still.at", "X-At needs a moment of our time with its zone.", "X-At 需要带时区的有效时间。"
    )


def _note(parts: Parts, sha256: str, kind: str) -> None:
    """The row comes after the file, and only then the answer."""
    with parts.sessions.begin() as session:
        media.stored(session, sha256, parts.files.size(sha256), kind, parts.clock.now())
    parts.feeds.wake()


def _called(parts: Parts, device: str, data: bytes) -> bytes:
    """Commit the call; where it came by MQTT in this very moment, it is known at the second look."""
    try:
        with parts.sessions.begin() as session:
            return alerts.posted(session, parts.market, device, data, parts.clock.now())
    except IntegrityError:
        with parts.sessions.begin() as session:
            return alerts.posted(session, parts.market, device, data, parts.clock.now())


def _serves(parts: Parts, device: str, camera: str) -> bool:
    with parts.readings() as session:
        return devices.serves(session, device, camera)


def _extent(request: Request) -> tuple[int, int]:
    """Where the bytes begin, and of how many in all."""
    text = request.headers.get("content-range")
    if text is None:
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or not int(length):
            raise _bad(411, "media.length", "Say how long the file is.", "请注明文件长度。")
        return 0, int(length)
    match = RANGE.fullmatch(text)
    if match is None or not int(match[1]) <= int(match[2]) < int(match[3]):
        raise _bad(
            422, "media.range", "Content-Range reads like 'bytes 0-99/1000'.", "Content-Range 格式不对。"
        )
    return int(match[1]), int(match[3])


def _go_on(parts: Parts, sha256: str) -> Response:
    return Response(status_code=308, headers={"Upload-Offset": str(parts.files.offset(sha256))})


def _flood(kind: str) -> Turned:
    most, minutes = jpeg.MOST_PIXELS // 1_000_000, film.MOST_SECONDS // 60
    if kind == "video/mp4":
        en = f"Send a film of at most {minutes} min and {most} million pixels, in one piece, its index first."
        zh = f"请发送不超过 {minutes} 分钟、{most // 10} 千万像素、索引在前的完整视频。"
        return _bad(413, "media.film", en, zh)
    en = f"Send a picture of at most {most} million pixels, which says how large it is in its header."
    return _bad(413, "media.pixels", en, f"请发送不超过 {most // 10} 千万像素的图片。")


def _bad(status: int, code: str, en: str, zh: str, offset: int | None = None) -> Turned:
    return Turned(status, code, en, zh, {} if offset is None else {"Upload-Offset": str(offset)})
