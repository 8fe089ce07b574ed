"""What a camera's process and its supervisor say to each other: one JSON object a line."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from edge.camera.piece import Hole, Piece

Reason = Literal[
    "no-network", "refused-login", "silent", "decoder-crashed", "not-video", "ended", "not-found"
]
"""Why a camera is lost; the hub has words for each in both languages."""

MOST_LINE = 65_536
"""Longest line either side sends, bytes."""

_Finite = Annotated[float, Meta(ge=-1e12, le=1e12)]


Mode = Literal["main", "sub", "none"]
"""Which stream is recorded."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a camera is recorded."""

    camera: str
    folder: str
    """Of all recordings of this edge."""
    length: float
    """Seconds after which a piece ends with the next keyframe."""
    mode: Mode
    masked: bool
    before: str | None
    """sha256 of the last piece that is known."""
    until: _Finite | None
    """When that piece ends."""


class Setup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First line to the child. By standard input, since a command line shows the password to everybody."""

    url: str | int
    fps: float
    masks: tuple[tuple[tuple[float, float], ...], ...]
    width: int | None
    ring_seconds: float
    ring_bytes: int
    memory: int
    """File descriptor of the frame memory."""
    seq: int
    """Number of the last picture handed on by the child before."""
    main: str | int | None = None
    """The stream that is recorded, relayed and cut; None: `url` is that too."""
    record: Record | None = None
    """None: not at all."""
    relay: int | None = None
    """File descriptor of the way for live pictures."""


class Cut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="cut"):
    """Order: write the clip `begin`..`end` (stream time) to `path`."""

    order: int
    begin: float
    end: float
    path: str


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="turn"):
    """Order: record another stream from now on, or none."""

    mode: Mode


class Sleep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="sleep"):
    """Order: keyframes will do from now on, or each picture is needed again."""

    asleep: bool


Order = Cut | Turn | Sleep
"""What a child may be told after its set-up."""


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="opening"):
    """The child tries to reach the camera."""


class Live(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="live"):
    """First picture of a session."""

    codec: Annotated[str, Meta(max_length=32)]
    width: Annotated[int, Meta(gt=0, le=65_535)]
    height: Annotated[int, Meta(gt=0, le=65_535)]


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="shown"):
    """Picture `seq` of stream time `at` lies in the frame memory."""

    seq: Annotated[int, Meta(gt=0)]
    at: _Finite


class Pulse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="pulse"):
    """Once a second while the child is well; `fps` is what the camera sends, pictures a second."""

    fps: Annotated[float, Meta(ge=0, le=1000)]
    clock_off: _Finite | None = None
    """The camera's clock minus this machine's, seconds; None: it does not tell."""


class Lost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="lost"):
    """The session is over; the child will try again by itself."""

    reason: Reason
    detail: Annotated[str, Meta(max_length=200)]


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="done"):
    """A clip has been written."""

    order: int
    began: _Finite
    ended: _Finite
    size: Annotated[int, Meta(gt=0)]
    sha256: Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Failed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="failed"):
    """A clip could not be written; `sentence` says why."""

    order: int
    sentence: Annotated[str, Meta(max_length=300)]


class Wrote(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="wrote"):
    """A piece of recording is whole."""

    piece: Piece


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="recording"):
    """Recording goes on, or there is a hole now."""

    mode: Mode
    hole: Hole | None


Report = Opening | Live | Shown | Pulse | Lost | Done | Failed | Wrote | Recording
"""What a child may say."""


def line(message: msgspec.Struct) -> bytes:
    """`message` as it goes over the pipe."""
    return msgspec.json.encode(message) + b"\n"
