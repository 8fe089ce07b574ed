"""Live pictures on their way from an edge over the hub to a page: what crosses a relay's WebSocket.

A binary message is one coded picture, numbers in network order:

| bytes | what |
|---|---|
| 0 | version, 1 |
| 1 | bit 0: a keyframe; bit 1: of the main stream, else of the one that is looked at |
| 2 | codec: 1 H.264, 2 H.265 |
| 3 | n, length of the camera's name |
| 4-5, 6-7 | width and height, pixels |
| 8-15 | stream time when it is shown, milliseconds of UNIX epoch, a double |
| 16-23 | when the hub had it, the same; 0 on the way to the hub |
| 24-… | the camera's name, n bytes of ASCII |
| 24+n-… | the picture, Annex B; a keyframe begins with its parameter sets |

A text message to the edge is JSON: `{"streams":[{"camera":"c-2-01","main":false}]}`, all that somebody
watches now. It keeps up what a signed order began, or ends it; it begins nothing.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from typing import Annotated

import msgspec
from msgspec import Meta

from wire.border import Bad, read
from wire.message import MAX_BYTES, Body, Slug

VERSION = 1
MOST_BYTES = 4 * 2**20
"""Of one message; a larger picture is not relayed."""
CODECS = {"h264": 1, "hevc": 2}

_HEAD = struct.Struct("!BBBBHHdd")
_ARRIVED = struct.Struct("!d")
_ARRIVED_AT = 16
_KEY, _MAIN = 1, 2
_SLUG = re.compile(rb"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_STARTS = (b"\0\0\1", b"\0\0\0\1")
_NAMES = {number: name for name, number in CODECS.items()}


class Stream(Body, frozen=True):
    """One of a camera's two streams; where it has only one, both are that."""

    camera: Slug
    main: bool = False


class Watched(Body, frozen=True):
    """What somebody watches now."""

    streams: Annotated[tuple[Stream, ...], Meta(max_length=128)] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What a picture says of itself."""

    stream: Stream
    key: bool
    codec: str
    """`h264` or `hevc`."""
    width: int
    height: int
    at: float
    """Stream time when it is shown, seconds of UNIX epoch."""


_watched = msgspec.json.Decoder(Watched)


def pack(head: Head, data: bytes) -> bytes:
    """The message that carries a picture, Annex B.

    Raises:
        Bad: it is larger than what is relayed.
    """
    name = head.stream.camera.encode("ascii")
    if _HEAD.size + len(name) + len(data) > MOST_BYTES:
        raise Bad(f"a picture of {len(data)} bytes is too large to relay")
    bits = _KEY * head.key | _MAIN * head.stream.main
    numbers = (VERSION, bits, CODECS[head.codec], len(name), head.width, head.height, head.at * 1000, 0.0)
    return _HEAD.pack(*numbers) + name + data


def unpack(message: bytes) -> Head:
    """The head of a message; raises Bad with the reason where it is none."""
    if not _HEAD.size < len(message) <= MOST_BYTES:
        raise Bad(f"{len(message)} bytes are no relayed picture")
    version, bits, codec, length, width, height, at, _ = _HEAD.unpack_from(message)
    if version != VERSION or codec not in _NAMES or bits & ~(_KEY | _MAIN):
        raise Bad("this is no relayed picture of a version or codec that is known here")
    start = _HEAD.size + length
    name = message[_HEAD.size : start]
    if not _SLUG.fullmatch(name):
        raise Bad("a relayed picture names no camera")
    if not width or not height or not math.isfinite(at) or not message.startswith(_STARTS, start):
        raise Bad("a relayed picture has no size, no time or no beginning")
    stream = Stream(name.decode("ascii"), bool(bits & _MAIN))
    return Head(stream, bool(bits & _KEY), _NAMES[codec], width, height, at / 1000)


def arrived(message: bytes, at: float) -> bytes:
    """The message with the moment when the hub had it, seconds of UNIX epoch."""
    end = _ARRIVED_AT + _ARRIVED.size
    return b"".join((message[:_ARRIVED_AT], _ARRIVED.pack(at * 1000), message[end:]))


def encode_watched(watched: Watched) -> str:
    """JSON of what is watched."""
    return msgspec.json.encode(watched).decode()


def decode_watched(data: bytes) -> Watched:
    """What is watched; raises Bad with the reason."""
    return read(_watched, data, MAX_BYTES)
