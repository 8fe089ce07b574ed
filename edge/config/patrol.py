"""What a patrol terminal is told: its readers, its satellites, the keys that call for help, its sounds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from edge.config.values import Command, File, HubConfig
from wire.message import Slug
from wire.scene import refuse_twice
from wire.value import Value

KeyName = Annotated[str, Meta(pattern=r"\A(?:KEY|BTN)_[A-Z0-9_]{1,40}\Z")]
Node = Annotated[str, Meta(pattern=r"\A/dev/[!-~]{1,200}\Z")]
Host = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?\Z")]


class ReaderConfig(Value, frozen=True):
    """One reader of tags or printed codes: it types like a keyboard, or speaks on a serial line."""

    reads: Literal["nfc", "qr"]
    keyboard: Annotated[
        Node | None, Meta(description="/dev/input/by-id/…-event-kbd; what it types goes nowhere else")
    ] = None
    serial: Annotated[Node | None, Meta(description="/dev/serial/by-id/…")] = None
    baud: Annotated[int, Meta(ge=300, le=4_000_000, description="of the serial line")] = 9600

    def __post_init__(self) -> None:
        if (self.keyboard is None) == (self.serial is None):
            raise ValueError("a reader is either a `keyboard` or `serial`; give the one that it is")

    @property
    def node(self) -> str:
        """The file by which Linux has it."""
        return self.keyboard or self.serial or ""


class GpsConfig(Value, frozen=True):
    """Where gpsd answers."""

    host: Host = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65_535)] = 2947
    within: Annotated[float, Meta(ge=1, le=600, description="seconds that a position stays one")] = 15.0


class PanicConfig(Value, frozen=True):
    """A key that calls for help."""

    keyboard: Annotated[Node, Meta(description="/dev/input/by-id/…: may be that of a reader")]
    key: Annotated[KeyName, Meta(description="as `evtest` names it, such as KEY_F12")]
    button: Literal["panic", "help", "fire", "medical"] = "panic"
    seconds: Annotated[float, Meta(ge=0, le=10, description="held so long it calls")] = 1.0


class SoundsConfig(Value, frozen=True):
    """What whoever carries it hears: commands run as they stand, without a shell."""

    taken: Annotated[Command | None, Meta(description="a point was read and is kept")] = None
    refused: Annotated[Command | None, Meta(description="it was not: read it again")] = None
    called: Annotated[Command | None, Meta(description="help is being called")] = None
    heard: Annotated[Command | None, Meta(description="the hub has taken every call")] = None


class PatrolConfig(Value, frozen=True):
    """What hangs on the terminal."""

    readers: Annotated[tuple[ReaderConfig, ...], Meta(max_length=8)] = ()
    gps: Annotated[GpsConfig | None, Meta(description="left out: nobody is told where it is")] = None
    panic: Annotated[tuple[PanicConfig, ...], Meta(max_length=4)] = ()
    sounds: SoundsConfig = SoundsConfig()

    def __post_init__(self) -> None:
        if not self.readers and not self.panic:
            raise ValueError("there is nothing to read and nothing to press; give `readers`, `panic` or both")
        refuse_twice("reader", [reader.node for reader in self.readers])
        refuse_twice("panic key", [f"{one.keyboard} {one.key}" for one in self.panic])


class TerminalConfig(Value, frozen=True):
    """One patrol terminal: the device, its hub, and what hangs on it."""

    device: Annotated[Slug, Meta(description="also its MQTT user name and client id")]
    market: Slug
    hub: HubConfig
    data: Annotated[File, Meta(description="folder for what must outlive a power cut")]
    patrol: PatrolConfig
    outbox_mb: Annotated[int, Meta(ge=1, le=100_000, description="what waits for the hub")] = 64
    reserve_mb: Annotated[
        int, Meta(ge=0, le=1_000, description="of the disk, held for calls for when it is full")
    ] = 4
