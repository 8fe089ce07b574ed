"""What an edge may be told, as frozen values. Descriptions here are what an editor shows from the schema."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from edge.rule.timetable import Span, Timetable, read_span
from wire.message import Share, Slug

CAMERA_SCHEMES = ("rtsp", "rtsps")
MOST_WEBCAMS = 64
LEAST_AREA = 1e-5

Point = tuple[Share, Share]
Polygon = Annotated[
    tuple[Point, ...],
    Meta(min_length=3, max_length=64, description="corners [x, y] as shares 0..1 of the picture"),
]
Label = Annotated[str, Meta(min_length=1, max_length=32)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]
File = Annotated[str, Meta(min_length=1, max_length=400)]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable, and no key in it that is not known."""


class Hours(Value, frozen=True):
    """Days and hours by the market's own clock; past midnight when `to` is before `from`."""

    begin: Annotated[str, Meta(description="such as 22:00")] = msgspec.field(name="from")
    end: Annotated[str, Meta(description="such as 06:00, or 24:00")] = msgspec.field(name="to")
    days: Annotated[str, Meta(description="such as mon-fri or sat,sun")] = "mon-sun"

    def __post_init__(self) -> None:
        self.span()

    def span(self) -> Span:
        """The same as a rule reads it; raises ValueError with a sentence."""
        return read_span(self.days, self.begin, self.end)


class RuleConfig(Value, frozen=True, tag_field="kind"):
    """What every rule of a zone may be told."""

    labels: Annotated[tuple[Label, ...], Meta(min_length=1, max_length=16, description="what counts")] = (
        "person",
    )
    armed: Annotated[tuple[Hours, ...], Meta(max_length=32, description="when; left out: always")] = ()
    cooldown: Annotated[Seconds, Meta(description="seconds from the end of an event to the next")] = 60.0


class IntrusionRule(RuleConfig, frozen=True, tag="intrusion"):
    """Somebody where and when nobody may be."""

    dwell: Annotated[Seconds, Meta(description="seconds inside before it counts")] = 0.6
    move: Annotated[
        float, Meta(ge=0, le=10, description="moved at least this share of its height: parked things are not")
    ] = 0.25
    grace: Annotated[Seconds, Meta(description="seconds with nobody seen before it is over")] = 3.0


class LingerRule(RuleConfig, frozen=True, tag="linger"):
    """Somebody who stays too long."""

    seconds: Annotated[float, Meta(ge=1, le=86_400, description="how long one may stay")] = 20.0
    grace: Annotated[Seconds, Meta(description="an absence no longer than this does not end a stay")] = 2.0


class CrowdRule(RuleConfig, frozen=True, tag="crowd"):
    """Too many in one place."""

    count: Annotated[int, Meta(ge=2, le=10_000, description="from this many on it is a crowd")] = 6
    clear: Annotated[int, Meta(ge=0, le=10_000, description="at this many or fewer it is over")] = 4
    seconds: Annotated[Seconds, Meta(description="how long either must hold")] = 3.0

    def __post_init__(self) -> None:
        if self.clear >= self.count:
            raise ValueError(f"clear is {self.clear} and must be less than count, which is {self.count}")


class ZoneConfig(Value, frozen=True):
    """A polygon of a camera's picture and the rules that hold in it."""

    id: Slug
    polygon: Polygon
    rules: Annotated[tuple[IntrusionRule | LingerRule | CrowdRule, ...], Meta(min_length=1, max_length=8)]

    def __post_init__(self) -> None:
        _refuse_flat(self.polygon)


class CameraConfig(Value, frozen=True):
    """One camera."""

    id: Slug
    url: Annotated[
        str | int,
        Meta(description="rtsp://user:password@host/path, a video file, or a number for a webcam"),
    ]
    fps: Annotated[float, Meta(ge=0.2, le=25, description="pictures a second that are looked at")] = 5.0
    width: Annotated[int, Meta(ge=160, le=1920, description="widest picture that is looked at")] = 768
    still_every: Annotated[float, Meta(ge=0.2, le=600, description="seconds between live stills")] = 1.0
    pre_roll: Annotated[float, Meta(ge=0, le=30, description="seconds of a clip before its event")] = 5.0
    post_roll: Annotated[float, Meta(ge=0, le=30, description="seconds of a clip after its event")] = 5.0
    lost_after: Annotated[float, Meta(ge=1, le=600, description="seconds without a picture")] = 5.0
    masks: Annotated[
        tuple[Polygon, ...], Meta(max_length=32, description="made black before anything is kept or shown")
    ] = ()
    zones: Annotated[tuple[ZoneConfig, ...], Meta(max_length=32)] = ()

    def __post_init__(self) -> None:
        _refuse_url(self.url)
        _refuse_twice("zone", [zone.id for zone in self.zones])
        for mask in self.masks:
            _refuse_flat(mask)


class HubConfig(Value, frozen=True):
    """Where the hub is and what proves this device to it."""

    mqtt: Annotated[str, Meta(description="mqtt://host:1883 or mqtts://host:8883")]
    http: Annotated[str, Meta(description="http://host:8080 or https://host")]
    password_file: Annotated[File, Meta(description="a file that holds this device's key and nothing else")]
    ca_file: Annotated[File | None, Meta(description="PEM of the hub's certificate authority")] = None

    def __post_init__(self) -> None:
        _refuse_address("mqtt", self.mqtt, ("mqtt", "mqtts"))
        _refuse_address("http", self.http, ("http", "https"))


class DetectorConfig(Value, frozen=True):
    """The network that finds people and things."""

    model: Annotated[File, Meta(description="an ONNX file")]
    decoder: Literal["nanodet", "yolox", "ssd"] = "nanodet"
    threshold: Annotated[float, Meta(gt=0, lt=1, description="least score that counts")] = 0.45
    threads: Annotated[int, Meta(ge=1, le=16)] = 1


class EdgeConfig(Value, frozen=True):
    """One edge: the device, its hub, its detector and its cameras."""

    device: Annotated[Slug, Meta(description="also its MQTT user name and client id")]
    market: Slug
    hub: HubConfig
    data: Annotated[File, Meta(description="folder for what must outlive a power cut")]
    detector: DetectorConfig
    cameras: Annotated[tuple[CameraConfig, ...], Meta(min_length=1, max_length=64)]
    time_zone: Annotated[str, Meta(description="the market's clock, as the tz database names it")] = (
        "Asia/Shanghai"
    )
    outbox_mb: Annotated[int, Meta(ge=1, le=100_000, description="events that wait for the hub")] = 256
    spool_mb: Annotated[int, Meta(ge=16, le=1_000_000, description="stills and clips that wait")] = 2048

    def __post_init__(self) -> None:
        _refuse_twice("camera", [camera.id for camera in self.cameras])
        self.timetable(())

    def timetable(self, armed: tuple[Hours, ...]) -> Timetable:
        """`armed` on the market's clock; raises ValueError when the time zone is not known."""
        try:
            zone = ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"time_zone {self.time_zone!r} is not known; write it as Asia/Shanghai"
            ) from error
        return Timetable(tuple(hours.span() for hours in armed), zone)


def _refuse_flat(polygon: tuple[Point, ...]) -> None:
    """A polygon without area holds nobody, and whoever drew it does not know."""
    ends = (*polygon[1:], polygon[0])
    area = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(polygon, ends, strict=True)) / 2
    if abs(area) < LEAST_AREA:
        raise ValueError("the polygon has no area; give its corners in order, as shares 0..1 of the picture")


def _refuse_twice(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} {twice[0]!r} is there twice; give each {what} an id of its own")


def _refuse_url(url: str | int) -> None:
    if isinstance(url, int):
        if not 0 <= url < MOST_WEBCAMS:
            raise ValueError(f"there is no webcam {url}; the first is 0")
        return
    scheme, mark, _ = url.partition("://")
    if not url or (mark and scheme not in CAMERA_SCHEMES):
        raise ValueError(f"url begins with {scheme!r}; a camera is rtsp://…, rtsps://…, a file or a number")


def _refuse_address(key: str, text: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{key} is {text!r}; write it as {schemes[0]}://host:port")
