"""Envelope and every body that edge and hub exchange.

JSON by msgspec. Unknown fields and over-long values are refused here, once, and what
else may not cross in wire/border.py; past them types are trusted.
What a receipt promises stands in docs/decisions/0003-receipt.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta
from uuid6 import uuid7

from wire import border

VERSION = "1.4"
"""1.4 added what patrol terminals read: codes and positions, and scans that name no checkpoint; 1.3 cameras
that turn; 1.2 pieces of recording; 1.1 what a beat tells of given up numbers and of the configuration, and
finer clock sources."""
MAX_BYTES = 16_384
"""Most bytes of one message, thumbnail apart."""
MAX_EVENT_BYTES = 16_384 + 44_000
"""An event may carry a thumbnail of 32 KB, which base64 makes a third longer."""

Slug = Annotated[str, Meta(pattern=r"\A[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?\Z")]
"""Name of a market, device, camera or zone: lower case letters, digits and inner hyphens, at most 64."""
Uuid = Annotated[str, Meta(pattern=r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")]
Sha256 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Line = Annotated[str, Meta(max_length=200)]
"""One line of text for a person."""
Count = Annotated[int, Meta(ge=0, le=2**53)]
Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Pixel = Annotated[int, Meta(ge=0, le=65_535)]

Prio = Literal["p0", "p1", "p2", "p3"]
EventKind = Literal[
    "intrusion",
    "line",
    "linger",
    "crowd",
    "left",
    "removed",
    "blocked",
    "vehicle",
    "fire",
    "smoke",
    "covered",
    "defocused",
    "moved",
    "dazzled",
    "frozen",
    "lost",
    "hole",
    "clock",
]
Blind = Literal["covered", "defocused", "moved", "dazzled", "frozen"]
"""Why a camera that gives pictures does not see."""
BLIND: tuple[Blind, ...] = get_args(Blind)


Bad = border.Bad
"""A message that may not pass; its text is the reason kept with the dead letter."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every body shares: immutable, and nothing in it that this version does not know."""


class Clock(Body, frozen=True):
    """How far a device's wall clock can be trusted."""

    source: Literal["none", "system", "ntp", "ptp", "gps", "hub", "unset"]
    """`unset`: the device was started without knowing the time."""
    offset_ms: Annotated[float, Meta(ge=-1e12, le=1e12)] = 0.0


class Box(Body, frozen=True):
    """A rectangle in pixels of the analysed picture, edges included left and top."""

    left: Pixel
    top: Pixel
    width: Pixel
    height: Pixel
    label: Annotated[str, Meta(max_length=32)]
    score: Share
    track: Count | None = None


class MediaRef(Body, frozen=True):
    """A still or clip that belongs to an event: its hash and size; the bytes travel by HTTP."""

    role: Literal["still", "clip"]
    sha256: Sha256
    size: Annotated[int, Meta(gt=0, le=2**31)]
    type: Literal["image/jpeg", "video/mp4"]


class Event(Body, frozen=True, tag="event"):
    """One happening under one id: `new`, any number of `update`, one `end`."""

    event: Uuid
    phase: Literal["new", "update", "end"]
    kind: EventKind
    camera: Slug
    began: datetime
    at: datetime
    """Stream time of what is shown (PTS mapped to wall clock), UTC; not the time of arrival."""
    score: Share
    trust: Literal["low", "normal", "high"] = "normal"
    zone: Slug | None = None
    boxes: Annotated[tuple[Box, ...], Meta(max_length=64)] = ()
    picture: tuple[Pixel, Pixel] | None = None
    """Width and height of the analysed picture, in whose pixels the boxes are."""
    count: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    seconds: Annotated[float, Meta(ge=0, le=1e8)] | None = None
    """How long it has lasted, stream seconds."""
    reason: Line | None = None
    drill: bool = False
    thumb: Annotated[bytes, Meta(max_length=32_768)] | None = None
    """A JPEG with privacy masks burnt in."""


class Manifest(Body, frozen=True, tag="manifest"):
    """Announces the files of one event; their bytes are PUT to the hub by hash."""

    event: Uuid
    camera: Slug
    began: datetime
    ended: datetime
    media: Annotated[tuple[MediaRef, ...], Meta(min_length=1, max_length=8)]
    cpu_s: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    """CPU seconds that coding it anew took; left out where packets were copied."""


class Gap(Body, frozen=True):
    """Time without recording, up to the piece that names it."""

    since: datetime
    reason: Literal["start", "camera", "disk", "quota", "late", "clock"]
    """The edge was off or killed; the camera gave nothing; the disk took nothing; no room within the days
    that must be kept; the writer fell behind; a clock was set."""
    detail: Line | None = None


class Segment(Body, frozen=True, tag="segment"):
    """A whole piece of recording that the edge keeps, named by its hash."""

    camera: Slug
    began: datetime
    ended: datetime
    size: Annotated[int, Meta(gt=0, le=2**40)]
    codec: Literal["h264", "hevc"]
    picture: tuple[Pixel, Pixel]
    """Width and height."""
    stream: Literal["main", "sub"]
    sha256: Sha256
    before: Sha256 | None = None
    """Of the camera's piece before this one."""
    hole: Gap | None = None
    """Between the piece before and this one."""
    masked: bool = False
    """Its pictures were masked and coded anew; all others are packets as the camera sent them."""
    torn: bool = False
    """Cut off by a power failure; the last second is missing."""
    cores: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    """CPU seconds a second that recording it took."""
    kept_from: datetime | None = None
    """From when on this camera's recordings are still kept."""
    days: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    """For how many days the edge has room, as it records now."""


class Position(Body, frozen=True):
    """Where a terminal is, by satellites (WGS 84, degrees)."""

    lat: Annotated[float, Meta(ge=-90.0, le=90.0)]
    lon: Annotated[float, Meta(ge=-180.0, le=180.0)]
    accuracy_m: Annotated[float, Meta(ge=0.0, le=1e6)] | None = None
    """Radius within which it truly is, most of the time; left out where nobody knows."""


Code = Annotated[str, Meta(min_length=1, max_length=160)]
"""What a reader read: the text of a printed code, or the number of a tag in hexadecimal."""


class Scan(Body, frozen=True, tag="scan"):
    """A patrol point that was read: named by whoever knows its name, else by the code alone."""

    by: Literal["nfc", "qr", "gps"]
    checkpoint: Slug | None = None
    round: Uuid | None = None
    code: Code | None = None
    """As it was read; whether it holds, the hub alone decides."""
    position: Position | None = None

    def __post_init__(self) -> None:
        if self.checkpoint is None and self.code is None:
            raise ValueError("a scan names its checkpoint, or the code that was read")


class Sos(Body, frozen=True, tag="sos"):
    """Somebody asks for help now."""

    call: Uuid
    button: Literal["panic", "help", "fire", "medical"]
    note: Line | None = None
    position: Position | None = None


class State(Body, frozen=True, tag="state"):
    """Online or offline; the last will says offline."""

    online: bool
    reason: Line | None = None


class CameraHealth(Body, frozen=True):
    """What one camera of a box is doing."""

    camera: Slug
    state: Literal["live", "opening", "lost", "covered", "defocused", "moved", "dazzled", "frozen"]
    since: datetime
    reason: Line | None = None
    fps: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    delay_ms: Annotated[float, Meta(ge=0, le=1e9)] = 0.0


class Range(Body, frozen=True):
    """Sequence numbers `first` to `last`, both included, of one epoch."""

    epoch: Uuid
    first: Count
    last: Count


class Twin(Body, frozen=True):
    """What a device says it is told: the counterpart of what the hub desires of it."""

    version: Count = 0
    """Of the configuration from the hub that holds; 0: only its own file."""
    digest: Sha256 | None = None
    """Of that configuration's fields."""
    firmware: Annotated[str, Meta(max_length=64)] | None = None
    error: Line | None = None
    """Why the last configuration does not hold."""


Presets = Annotated[tuple[Slug, ...], Meta(max_length=32)]


class Beat(Body, frozen=True, tag="beat"):
    """Health every 30 s."""

    uptime_s: Annotated[float, Meta(ge=0, le=1e10)]
    rss_mb: Annotated[float, Meta(ge=0, le=1e7)]
    queued: Count
    """Outbox rows without a receipt."""
    dropped: Count
    """Rows given up since start because the outbox was full; never sos, scan or event."""
    cameras: Annotated[tuple[CameraHealth, ...], Meta(max_length=256)] = ()
    given_up: Annotated[tuple[Range, ...], Meta(max_length=64)] = ()
    """Numbers that never come, since the outbox was full; told again until the hub receipts them."""
    twin: Twin | None = None
    turns: Annotated[dict[Slug, Presets], Meta(max_length=16)] = msgspec.field(default_factory=dict)
    """Cameras that can be turned → the places that they can show, the first of which is home."""


Outcome = Literal["done", "refused", "applied", "rejected", "rolled-back"]


class Reply(Body, frozen=True, tag="reply"):
    """What became of a command or configuration."""

    to: Uuid
    outcome: Outcome
    reason: Line | None = None
    version: Count | None = None
    """Of the configuration that is meant."""


class Receipt(Body, frozen=True, tag="receipt"):
    """The hub has committed these; only now may the outbox forget them."""

    ranges: Annotated[tuple[Range, ...], Meta(max_length=256)]


Up = Event | Manifest | Segment | Scan | Sos | State | Beat | Reply


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What wraps every message upward. Identity is credential and topic; `device` helps a reader."""

    v: Annotated[str, Meta(pattern=r"\A1\.\d{1,4}\Z")]
    id: Uuid
    device: Slug
    epoch: Uuid
    """One per start of the device's outbox."""
    at: datetime
    mono_ms: Count
    clock: Clock
    prio: Prio
    body: Up
    seq: Count | None = None
    """Only rows of the outbox carry one; states and beats do not."""


_encoder = msgspec.json.Encoder()
_envelope = msgspec.json.Decoder(Envelope)
_receipt = msgspec.json.Decoder(Receipt)


def new_id() -> str:
    """A UUID version 7 (RFC 9562): sorts by time of making."""
    return str(uuid7())


def encode(message: Envelope | Receipt) -> bytes:
    """JSON of a message.

    Raises:
        Bad: it is larger than the wire allows; refused here, since a broker would cut the connection instead.
    """
    data = _encoder.encode(message)
    _refuse_size(len(data), message.body if isinstance(message, Envelope) else message)
    return data


def bare(envelope: Envelope) -> Envelope:
    """The same without the thumbnail of its event."""
    body = envelope.body
    if not isinstance(body, Event) or body.thumb is None:
        return envelope
    return msgspec.structs.replace(envelope, body=msgspec.structs.replace(body, thumb=None))


def decode(data: bytes) -> Envelope:
    """The envelope in `data`, checked whole.

    Raises:
        Bad: with the reason, in words for the dead letter page.
    """
    envelope = border.read(_envelope, data, MAX_EVENT_BYTES)
    _refuse_size(len(data), envelope.body)
    return envelope


def decode_receipt(data: bytes) -> Receipt:
    """The receipt in `data`.

    Raises:
        Bad: with the reason.
    """
    return border.read(_receipt, data, MAX_BYTES)


def _refuse_size(size: int, body: object) -> None:
    limit = MAX_EVENT_BYTES if isinstance(body, Event) and body.thumb else MAX_BYTES
    if size > limit:
        raise Bad(f"message of {size} bytes is over the limit of {limit}")
