"""What an edge is told of a camera's ONVIF side: whether its own alarms are heard, and how it turns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import unquote, urlsplit

import msgspec
from msgspec import Meta

from wire.calendar import Armed
from wire.message import EventKind, Slug
from wire.value import Seconds, Value

if TYPE_CHECKING:
    from edge.config.values import CameraConfig

PORT = 80
Topic = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_./-]{1,256}\Z")]
Token = Annotated[str, Meta(min_length=1, max_length=64)]
Address = Annotated[str, Meta(pattern=r"\A(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")]
Presets = Annotated[dict[Slug, Token], Meta(max_length=32)]


class PtzConfig(Value, frozen=True):
    """How a camera turns."""

    home: Annotated[Slug, Meta(description="the preset that it shows unless somebody has it turned")]
    presets: Annotated[Presets, Meta(description="our word for a place → the camera's own token of it")]
    profile: Annotated[str, Meta(max_length=64, description="media profile; left out: its first")] = ""

    def __post_init__(self) -> None:
        if self.home not in self.presets:
            raise ValueError(f"home is `{self.home}` and must be one of presets: {', '.join(self.presets)}")


class OnvifConfig(Value, frozen=True):
    """A camera's ONVIF side; who asks is told by its url."""

    address: Annotated[Address | None, Meta(description="host:port; left out: the url's host, port 80")] = (
        None
    )
    events: Annotated[bool, Meta(description="its own alarms are heard, and believed a little")] = True
    armed: Annotated[
        Armed, Meta(description="when its motion and inputs count; faults of sight, fire and smoke always do")
    ] = "closed"
    cooldown: Annotated[Seconds, Meta(description="seconds from the end of one alarm to the next")] = 60.0
    topics: Annotated[
        dict[Topic, EventKind | Literal["nothing"]],
        Meta(max_length=64, description="what a topic means here, over the table of them all"),
    ] = msgspec.field(default_factory=dict)
    ptz: Annotated[PtzConfig | None, Meta(description="left out: nobody turns it from here")] = None


@dataclass(frozen=True, slots=True)
class Where:
    """A camera's ONVIF address, and who asks."""

    host: str
    port: int = PORT
    user: str = ""
    password: str = field(default="", repr=False)


def where(camera: CameraConfig) -> Where:
    """Where a camera with `onvif` is asked, by the user and password of its url."""
    parts = urlsplit(str(camera.url))
    told = camera.onvif.address if camera.onvif else None
    at = urlsplit(f"//{told}") if told else None
    host, port = (at.hostname, at.port or PORT) if at else (parts.hostname, PORT)
    return Where(host or "", port, unquote(parts.username or ""), unquote(parts.password or ""))
