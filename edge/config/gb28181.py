"""What an edge is told of GB/T 28181: the platforms above it, the devices below it, and who is who there."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import Annotated, Literal

from msgspec import Meta

from wire.message import EventKind, Slug
from wire.scene import refuse_twice
from wire.value import Value

MOST_PORT = 65_535
CAMERAS = ("131", "132")
"""Digits 11 to 13 of a camera's code: a camera, a network camera."""
INPUTS = ("134",)
"""The same of what gives an alarm: smoke, door, infrared."""
PLATFORM = "200"
"""The same of a platform's signalling server."""

Code = Annotated[str, Meta(pattern=r"\A[0-9]{20}\Z", description="the 20 digits that name it, in quotes")]
Name = Annotated[str, Meta(pattern=r"\A[^\x00-\x1f\x7f<>&\"]{1,64}\Z")]
File = Annotated[str, Meta(min_length=1, max_length=400)]
User = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._-]{1,64}\Z")]
Host = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?\Z")]
Domain = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9.-]{0,63}\Z")]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Edition = Literal["2016", "2022"]
Keepalive = Annotated[float, Meta(ge=5, le=600, description="seconds between two signs of life")]
Misses = Annotated[int, Meta(ge=1, le=20, description="so many missed in a row are silence")]

TOLD: tuple[EventKind, ...] = (
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
)
"""Kinds of events that have a counterpart among the alarms of GB/T 28181."""


class ChannelConfig(Value, frozen=True):
    """One of our cameras, as platforms above know it."""

    camera: Slug
    code: Code
    name: Name
    place: Annotated[Name | None, Meta(description="where it hangs; left out: its name")] = None

    def __post_init__(self) -> None:
        if kind_of(self.code) not in CAMERAS:
            raise ValueError(_not_a("camera", self.code, "131 (camera) or 132 (network camera)"))


class AboveConfig(Value, frozen=True):
    """A platform at which this edge registers as a device."""

    platform: Annotated[Code, Meta(description="the platform's own code")]
    host: Annotated[Host, Meta(description="its name or address")]
    code: Annotated[Code, Meta(description="what this edge is called there, as the platform gave it")]
    password_file: Annotated[File, Meta(description="a file that holds the password and nothing else")]
    cameras: Annotated[tuple[ChannelConfig, ...], Meta(min_length=1, max_length=64)]
    port: Port = 5060
    transport: Literal["udp", "tcp"] = "udp"
    domain: Annotated[Domain | None, Meta(description="left out: the platform's first ten digits")] = None
    user: Annotated[User | None, Meta(description="left out: the code")] = None
    name: Name = "Lianfang edge"
    edition: Annotated[Edition, Meta(description="of GB/T 28181 that the platform speaks")] = "2016"
    expires: Annotated[int, Meta(ge=60, le=86_400, description="seconds that a registration lasts")] = 3600
    keepalive: Keepalive = 60.0
    misses: Misses = 3
    alarms: Annotated[tuple[EventKind, ...], Meta(max_length=16, description="kinds that it is told")] = TOLD

    def __post_init__(self) -> None:
        if kind_of(self.platform) != PLATFORM:
            raise ValueError(_not_a("platform", self.platform, "200"))
        refuse_twice("code", [self.code, self.platform, *(one.code for one in self.cameras)])
        refuse_twice("camera", [one.camera for one in self.cameras])
        if strange := sorted(set(self.alarms) - set(TOLD)):
            raise ValueError(f"alarms: {', '.join(strange)} has no counterpart in GB/T 28181; leave it out")


class InputConfig(Value, frozen=True):
    """An alarm input of a device below, and what its alarm is here."""

    code: Code
    camera: Annotated[Slug, Meta(description="the camera that shows the place; registered at the hub")]
    kind: EventKind


class SightedConfig(Value, frozen=True):
    """A camera of a device below, and its name here."""

    code: Code
    camera: Annotated[Slug, Meta(description="its name here; registered at the hub with this edge")]


class BelowConfig(Value, frozen=True):
    """A device that may register at this edge."""

    code: Code
    password_file: Annotated[File, Meta(description="a file that holds the password and nothing else")]
    algorithm: Annotated[
        Literal["MD5", "SHA-256"], Meta(description="of its digest; older devices know MD5 alone")
    ] = "MD5"
    cameras: Annotated[tuple[SightedConfig, ...], Meta(max_length=64)] = ()
    inputs: Annotated[tuple[InputConfig, ...], Meta(max_length=64)] = ()

    def __post_init__(self) -> None:
        refuse_twice("code", [one.code for one in self.cameras] + [one.code for one in self.inputs])


class DevicesConfig(Value, frozen=True):
    """The devices below: this edge is their platform."""

    code: Annotated[Code, Meta(description="what this edge is called as a platform")]
    networks: Annotated[
        tuple[str, ...],
        Meta(min_length=1, max_length=16, description="10.0.5.0/24: whoever else is not heard"),
    ]
    devices: Annotated[tuple[BelowConfig, ...], Meta(min_length=1, max_length=64)]
    keepalive: Keepalive = 60.0
    misses: Misses = 3
    edition: Edition = "2016"

    def __post_init__(self) -> None:
        if kind_of(self.code) != PLATFORM:
            raise ValueError(_not_a("platform", self.code, "200"))
        refuse_twice("code", [self.code, *(device.code for device in self.devices)])
        for network in self.networks:
            try:
                ip_network(network)
            except ValueError as error:
                raise ValueError(f"networks: {network!r} is none; write it as 10.0.5.0/24") from error


class Gb28181Config(Value, frozen=True):
    """Who this edge speaks GB/T 28181 with."""

    listen: Annotated[str, Meta(description="10.0.5.2:5060, UDP and TCP: this machine's own address")]
    above: Annotated[tuple[AboveConfig, ...], Meta(max_length=4)] = ()
    below: DevicesConfig | None = None

    def __post_init__(self) -> None:
        host, _, port = self.listen.rpartition(":")
        try:
            good = port.isascii() and port.isdecimal() and int(port) <= MOST_PORT
            good = good and not ip_address(host).is_unspecified
        except ValueError:
            good = False
        if not good:
            raise ValueError(
                f"listen is {self.listen!r}; write this machine's own address and a port, as 10.0.5.2:5060"
            )
        if not self.above and self.below is None:
            raise ValueError("there is nobody to speak with; give `above`, `below` or both")
        refuse_twice("platform", [one.platform for one in self.above])

    def refuse_strangers(self, cameras: frozenset[str]) -> None:
        """Raise ValueError where a platform is told of a camera that this edge does not have."""
        for above in self.above:
            for channel in above.cameras:
                if channel.camera not in cameras:
                    raise ValueError(
                        f"gb28181: platform {above.platform} is told of camera {channel.camera!r}, which "
                        "this edge does not have; correct the name or leave it out"
                    )


def kind_of(code: str) -> str:
    """Digits 11 to 13 of a code, which say what it names (GB/T 28181 annex E)."""
    return code[10:13]


def _not_a(what: str, code: str, right: str) -> str:
    return f"{code} is no {what}'s code: digits 11 to 13 are {kind_of(code)}; they must be {right}"
