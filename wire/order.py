"""What the hub tells a device: a configuration that it shall have, or a command that it shall carry out.

Both are signed (wire/sign.py). What may be told is a closed list: no address, no path, no shell.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

import msgspec
from msgspec import Meta

from wire.border import Bad, read
from wire.calendar import Calendar
from wire.message import MAX_BYTES, Body, Sha256, Slug, Uuid
from wire.replay import LONGEST_REPLAY
from wire.scene import Masks, Pace, StillEvery, Zones, refuse_scene

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CONFIG_BYTES = 262_144
"""64 cameras with all their zones; below what a broker of ours takes."""
LIFE = timedelta(seconds=30)
"""The longest that a command may be obeyed after it was issued."""
LONGEST_HAND = timedelta(days=7)
"""The longest that a zone stays armed or disarmed by hand; what shall last is written in its timetable."""
EARLY = timedelta(seconds=5)
"""So much may a device's clock be behind the hub's."""

LONGEST_LEASE = timedelta(minutes=5)
"""The longest that somebody has a camera turned without taking it anew."""

LONGEST_LATELY = 30
"""Seconds of a clip that names no beginning: the packet ring is no longer."""

Positive = Annotated[int, Meta(gt=0, le=2**53)]
Speed = Annotated[float, Meta(ge=-1, le=1)]
Signature = Annotated[bytes, Meta(max_length=64)]
"""Ed25519, 64 bytes; empty before signing."""


class CameraFields(Body, frozen=True):
    """What may be set anew at one camera; what is left out stays as the device's own file says."""

    fps: Pace | None = None
    still_every: StillEvery | None = None
    masks: Masks | None = None
    zones: Zones | None = None

    def __post_init__(self) -> None:
        refuse_scene(self.masks or (), self.zones or ())


class Fields(Body, frozen=True):
    """All that a device can be told to be."""

    cameras: Annotated[dict[Slug, CameraFields], Meta(max_length=64)] = msgspec.field(default_factory=dict)
    calendar: Calendar | None = None
    """The market's opening hours and holidays; left out, those of the device's own file."""


class Config(Body, frozen=True, tag="config"):
    """What a device shall be; kept by the broker, so that it is heard at every connection."""

    id: Uuid
    target: Slug
    version: Positive
    digest: Sha256
    issued: datetime
    fields: Fields
    signature: Signature = b""


class Do(Body, frozen=True, tag_field="op"):
    """One operation with what it needs to know."""


class Still(Do, frozen=True, tag="still"):
    """Show the hub what the camera sees now."""

    camera: Slug


class Clip(Do, frozen=True, tag="clip"):
    """Send what the camera saw in the last seconds, or what was recorded of it from a moment on."""

    camera: Slug
    seconds: Annotated[float, Meta(ge=1, le=60)] = 10.0
    begin: datetime | None = None
    """Left out: the last seconds, at most 30."""
    browser: bool = False
    """Whatever a browser does not play is coded anew in H.264, which costs; else as the camera sent it."""

    def __post_init__(self) -> None:
        if self.begin is None and self.seconds > LONGEST_LATELY:
            raise ValueError(f"the last seconds are at most {LONGEST_LATELY}; name a beginning")


class RelayStart(Do, frozen=True, tag="relay.start"):
    """Show the hub what the camera sees, for a while: stills several times a second, or a stream."""

    camera: Slug
    fps: Annotated[float, Meta(ge=0.2, le=5)] = 5.0
    """Of stills."""
    seconds: Annotated[float, Meta(ge=1, le=120)] = 60.0
    packets: Literal["sub", "main"] | None = None
    """The stream that is relayed (wire/relay.py), as long as somebody watches it; left out: stills."""


class RelayStop(Do, frozen=True, tag="relay.stop"):
    """Enough of it."""

    camera: Slug


class Drill(Do, frozen=True, tag="test-alarm"):
    """Send a drill alarm the whole way."""

    camera: Slug


class Restart(Do, frozen=True, tag="restart"):
    """End; whatever watches over the program starts it anew."""


class Arm(Do, frozen=True, tag="arm"):
    """Let a zone's rules be armed until a time, whatever the timetable says; no zone: all of a camera."""

    camera: Slug
    until: datetime
    zone: Slug | None = None


class Disarm(Do, frozen=True, tag="disarm"):
    """Let a zone's rules be silent until a time; no zone: all of a camera's."""

    camera: Slug
    until: datetime
    zone: Slug | None = None


class ByTimetable(Do, frozen=True, tag="timetable"):
    """Let the timetable hold again for a zone; no zone: for all of a camera."""

    camera: Slug
    zone: Slug | None = None


class Show(Do, frozen=True, tag="rules.show"):
    """Show the hub what a camera's rules see and count, picture by picture, while somebody watches it."""

    camera: Slug
    seconds: Annotated[float, Meta(ge=1, le=600)] = 300.0


class Replay(Do, frozen=True, tag="rules.replay"):
    """Run a recorded time through drawn rules and tell what would have fired; it raises no event."""

    camera: Slug
    begin: datetime
    seconds: Annotated[float, Meta(ge=1, le=LONGEST_REPLAY)]
    masks: Masks = ()
    zones: Zones = ()

    def __post_init__(self) -> None:
        refuse_scene(self.masks, self.zones)


class Sound(Do, frozen=True, tag="siren"):
    """Have the siren beside the device sound for a while."""

    seconds: Annotated[float, Meta(ge=1, le=120)] = 30.0


class Leased(Do, frozen=True):
    """What is done with a camera by whoever has it; a lease that is not the last one begun is over."""

    camera: Slug
    lease: Uuid


class Goto(Leased, frozen=True, tag="ptz.goto"):
    """Turn a camera to one of its presets, and keep it there until a time; then it goes home."""

    preset: Slug
    until: datetime


class Move(Leased, frozen=True, tag="ptz.move"):
    """Turn a camera for a moment, each of -1..1: to the right, up, nearer."""

    until: datetime
    pan: Speed = 0.0
    tilt: Speed = 0.0
    zoom: Speed = 0.0
    seconds: Annotated[float, Meta(ge=0.1, le=2)] = 0.5


class Release(Leased, frozen=True, tag="ptz.end"):
    """Let a camera go home now."""


Steer = Goto | Move | Release
Try = Show | Replay
Args = (
    Still | Clip | RelayStart | RelayStop | Drill | Restart | Arm | Disarm | ByTimetable | Sound | Steer | Try
)
Op = Literal[
    "still",
    "clip",
    "relay.start",
    "relay.stop",
    "test-alarm",
    "restart",
    "arm",
    "disarm",
    "timetable",
    "siren",
    "ptz.goto",
    "ptz.move",
    "ptz.end",
    "rules.show",
    "rules.replay",
]
OPS: frozenset[str] = frozenset(get_args(Op))


class Command(Body, frozen=True, tag="command"):
    """Something to do once, now or never."""

    id: Uuid
    target: Slug
    args: Args
    issued: datetime
    expires: datetime
    counter: Positive
    """Rises with every command to this device; one that is not above the last was obeyed already."""
    signature: Signature = b""

    @property
    def op(self) -> str:
        """Which operation."""
        return str(self.args.__struct_config__.tag)


Order = Config | Command
Told = TypeVar("Told", bound=Config | Command)

_encoder = msgspec.json.Encoder(order="deterministic")
_decoders: dict[type, msgspec.json.Decoder[Order]] = {
    Config: msgspec.json.Decoder(Config),
    Command: msgspec.json.Decoder(Command),
}
_fields = msgspec.json.Decoder(Fields)
_args: msgspec.json.Decoder[Args] = msgspec.json.Decoder(Args)
MOST: dict[type, int] = {Config: MAX_CONFIG_BYTES, Command: MAX_BYTES}


def encode(order: Order) -> bytes:
    """JSON of an order, its keys in order of the alphabet.

    Raises:
        Bad: it is larger than the wire allows.
    """
    data = _encoder.encode(order)
    if len(data) > MOST[type(order)]:
        raise Bad(f"order of {len(data)} bytes is over the limit of {MOST[type(order)]}")
    return data


def decode_config(data: bytes) -> Config:
    """The configuration in `data`; raises Bad with the reason, also when its digest is another's."""
    config = _decode(Config, data)
    if digest(config.fields) != config.digest:
        raise Bad("the digest is not that of the fields")
    return config


def decode_command(data: bytes) -> Command:
    """The command in `data`; raises Bad with the reason."""
    command = _decode(Command, data)
    if not timedelta(0) < command.expires - command.issued <= LIFE:
        raise Bad(f"a command lives at most {LIFE.total_seconds():.0f} s from its issue")
    refuse_end(command.args, command.issued)
    return command


def refuse_end(args: Args, issued: datetime) -> None:
    """Refuse what is to hold by hand until before it was ordered, or for too long; raises Bad."""
    if isinstance(args, Arm | Disarm) and not timedelta(0) < args.until - issued <= LONGEST_HAND:
        raise Bad(f"by hand it holds for at most {LONGEST_HAND.days} days from now, and not into the past")
    if isinstance(args, Goto | Move) and not timedelta(0) < args.until - issued <= LONGEST_LEASE:
        minutes = LONGEST_LEASE.total_seconds() / 60
        raise Bad(f"a camera is turned for at most {minutes:g} minutes from now, and not into the past")


def decode_fields(data: bytes) -> Fields:
    """The fields in `data`, JSON; raises Bad with the reason."""
    return read(_fields, data, MAX_CONFIG_BYTES)


def build_args(values: Mapping[str, object]) -> Args:
    """The operation that `values` name under `op`, with what else it needs; raises Bad with the reason."""
    return read(_args, _encoder.encode(values), MAX_BYTES)


def build_fields(values: Mapping[str, object]) -> Fields:
    """The fields that plain values say; raises Bad with the reason."""
    return decode_fields(_encoder.encode(values))


def plain(value: Args | Fields) -> dict[str, Any]:
    """The same as plain values, such as JSON has."""
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found


def canonical(order: Order) -> bytes:
    """The bytes that a signature covers: what a reader understood, without the signature."""
    bare = msgspec.structs.replace(order, signature=b"")
    return _encoder.encode(_decoders[type(order)].decode(_encoder.encode(bare)))


def digest(fields: Fields) -> str:
    """sha256 of the fields as a reader understands them, hexadecimal."""
    return hashlib.sha256(_encoder.encode(_fields.decode(_encoder.encode(fields)))).hexdigest()


def _decode(kind: type[Told], data: bytes) -> Told:
    order = read(_decoders[kind], data, MOST[kind])
    assert isinstance(order, kind)
    return order
