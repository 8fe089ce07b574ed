"""What an edge may be told, as frozen values. Descriptions here are what an editor shows from the schema."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Meta

from edge.config.gb28181 import Gb28181Config
from edge.config.onvif import OnvifConfig
from wire.calendar import Calendar
from wire.message import BLIND, Blind, Slug
from wire.scene import Masks, Pace, StillEvery, Zones, refuse_scene, refuse_twice
from wire.value import Value

CAMERA_SCHEMES = ("rtsp", "rtsps")
MOST_WEBCAMS = 64
LOOPBACK = ("127.0.0.1", "localhost")
MOST_PORT = 65_535

File = Annotated[str, Meta(min_length=1, max_length=400)]
Command = Annotated[tuple[File, ...], Meta(min_length=1, max_length=32)]


class RecordConfig(Value, frozen=True):
    """How one camera is recorded."""

    tier: Annotated[
        int, Meta(ge=1, le=3, description="where room is short, 3 is made small first and 1 never")
    ] = 2
    days: Annotated[int, Meta(ge=30, le=3650, description="kept so long, then deleted")] = 30


class RecordingsConfig(Value, frozen=True):
    """Where recordings of this edge stand, and how much room they may take."""

    folder: Annotated[File | None, Meta(description="left out: `record` in the data folder")] = None
    gb: Annotated[
        Annotated[float, Meta(gt=0)] | None, Meta(description="left out: the whole disk, but a reserve")
    ] = None
    leave_gb: Annotated[float, Meta(ge=0, description="of the disk, left free for all else")] = 2.0
    seconds: Annotated[float, Meta(ge=10, le=600, description="length of one file")] = 60.0


class SightConfig(Value, frozen=True):
    """When a camera that gives pictures counts as blind."""

    kinds: Annotated[
        tuple[Blind, ...],
        Meta(max_length=5, description="what is told; leave out moved where it turns by itself"),
    ] = BLIND
    seconds: Annotated[float, Meta(ge=1, le=600, description="how long a fault lasts before it is told")] = (
        5.0
    )
    frozen: Annotated[
        float,
        Meta(ge=1, le=3600, description="the same for a picture that does not change, as at a quiet night"),
    ] = 20.0
    clock: Annotated[
        Annotated[float, Meta(ge=1, le=86_400)] | None,
        Meta(description="seconds that the camera's own clock may be off; null: nobody looks"),
    ] = 5.0


class CameraConfig(Value, frozen=True):
    """One camera."""

    id: Slug
    url: Annotated[
        str | int,
        Meta(description="rtsp://user:password@host/path, a video file, or a number for a webcam"),
    ]
    main: Annotated[
        str | int | None,
        Meta(
            description="the large stream that is recorded, relayed and cut into clips; left out: url is all"
        ),
    ] = None
    fps: Pace = 5.0
    width: Annotated[int, Meta(ge=160, le=1920, description="widest picture that is looked at")] = 768
    far: Annotated[
        Annotated[float, Meta(gt=0, le=1)] | None,
        Meta(description="height of the farthest person who is to be found, as a share of the picture's"),
    ] = None
    still_every: StillEvery = 1.0
    pre_roll: Annotated[float, Meta(ge=0, le=30, description="seconds of a clip before its event")] = 5.0
    post_roll: Annotated[float, Meta(ge=0, le=30, description="seconds of a clip after its event")] = 5.0
    lost_after: Annotated[float, Meta(ge=1, le=600, description="seconds without a picture")] = 5.0
    sight: SightConfig = SightConfig()
    masks: Masks = ()
    zones: Zones = ()
    record: Annotated[RecordConfig | None, Meta(description="left out: it is not recorded")] = None
    onvif: Annotated[OnvifConfig | None, Meta(description="left out: it is not asked by ONVIF")] = None

    def __post_init__(self) -> None:
        _refuse_url(self.url)
        if self.main is not None:
            _refuse_url(self.main)
        refuse_scene(self.masks, self.zones)
        if self.onvif and not self.onvif.address and "://" not in str(self.url):
            raise ValueError("onvif needs an address where url is no address of a network")


class HubConfig(Value, frozen=True):
    """Where the hub is and what proves this device to it."""

    mqtt: Annotated[str, Meta(description="mqtt://host:1883 or mqtts://host:8883")]
    http: Annotated[str, Meta(description="http://host:8080 or https://host")]
    password_file: Annotated[File, Meta(description="a file that holds this device's key and nothing else")]
    ca_file: Annotated[File | None, Meta(description="PEM of the hub's certificate authority")] = None
    orders_key_file: Annotated[
        File | None,
        Meta(description="PEM by which orders are checked, asked of the hub once; left out: obeys nobody"),
    ] = None

    def __post_init__(self) -> None:
        _refuse_address("mqtt", self.mqtt, ("mqtt", "mqtts"))
        _refuse_address("http", self.http, ("http", "https"))


class DetectorConfig(Value, frozen=True):
    """The network that finds people and things."""

    model: Annotated[File, Meta(description="an ONNX file")]
    decoder: Literal["nanodet", "yolox", "ssd"] = "nanodet"
    threshold: Annotated[float, Meta(gt=0, lt=1, description="least score that counts")] = 0.45
    threads: Annotated[int, Meta(ge=1, le=16)] = 1


class SirenConfig(Value, frozen=True):
    """What sounds beside this edge when the hub is silent: commands run as they stand, without a shell."""

    on: Annotated[Command, Meta(description="program and arguments that make it sound")]
    off: Annotated[Command, Meta(description="program and arguments that end it")]


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
    calendar: Annotated[Calendar, Meta(description="the market's opening hours and holidays")] = Calendar()
    outbox_mb: Annotated[int, Meta(ge=1, le=100_000, description="events that wait for the hub")] = 256
    spool_mb: Annotated[int, Meta(ge=16, le=1_000_000, description="stills and clips that wait")] = 2048
    reserve_mb: Annotated[
        int, Meta(ge=0, le=1_000, description="of the disk, held for alarms for when it is full")
    ] = 16
    recordings: RecordingsConfig = RecordingsConfig()
    siren: Annotated[SirenConfig | None, Meta(description="sounds while the hub is silent")] = None
    gb28181: Annotated[
        Gb28181Config | None, Meta(description="platforms above and devices below, by GB/T 28181")
    ] = None
    metrics: Annotated[
        str | None,
        Meta(
            description="127.0.0.1:9464: figures for Prometheus at /metrics, health at /health; port 0: any"
        ),
    ] = None

    def __post_init__(self) -> None:
        refuse_twice("camera", [camera.id for camera in self.cameras])
        if self.metrics is not None:
            _refuse_elsewhere(self.metrics)
        if self.gb28181 is not None:
            self.gb28181.refuse_strangers(frozenset(camera.id for camera in self.cameras))
        self.clock()

    def clock(self) -> ZoneInfo:
        """The market's own; raises ValueError when its name is not known."""
        try:
            return ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"time_zone {self.time_zone!r} is not known; write it as Asia/Shanghai"
            ) from error


def _refuse_url(url: str | int) -> None:
    if isinstance(url, int):
        if not 0 <= url < MOST_WEBCAMS:
            raise ValueError(f"there is no webcam {url}; the first is 0")
        return
    # What opens pictures knows many sources that need no slashes, such as concat: and tcp:.
    scheme, mark, _ = url.partition(":")
    if not url or (mark and "/" not in scheme and scheme not in CAMERA_SCHEMES):
        raise ValueError(f"url begins with {scheme!r}; a camera is rtsp://…, rtsps://…, a file or a number")


def _refuse_address(key: str, text: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(text)
        good = parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"{key} is {text!r}; write it as {schemes[0]}://host:port")


def _refuse_elsewhere(text: str) -> None:
    """Figures are for programs on this machine: whoever reads them from afar has an agent here."""
    host, _, port = text.rpartition(":")
    if host not in LOOPBACK or not port.isdecimal() or int(port) > MOST_PORT:
        raise ValueError(f"metrics is {text!r}; write it as 127.0.0.1:9464")
