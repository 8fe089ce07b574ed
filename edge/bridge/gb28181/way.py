"""A way to somebody: by datagrams, or over a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import asyncio


class Way(Protocol):
    """Where a message came from, and how one goes there."""

    @property
    def host(self) -> str:
        """The address, as digits."""

    @property
    def port(self) -> int:
        """The port."""

    @property
    def transport(self) -> Literal["UDP", "TCP"]:
        """As Via names it."""

    @property
    def is_open(self) -> bool:
        """Whether something may still go."""

    def send(self, data: bytes) -> None:
        """Send a message; what cannot go is lost."""

    def close(self) -> None:
        """It is not needed any more."""


@dataclass(frozen=True, slots=True)
class Datagrams:
    """A way by UDP."""

    socket: asyncio.DatagramTransport
    host: str
    port: int
    transport: Literal["UDP", "TCP"] = "UDP"

    @property
    def is_open(self) -> bool:
        """Until the bridge stops."""
        return not self.socket.is_closing()

    def send(self, data: bytes) -> None:
        """One datagram."""
        if self.is_open:
            self.socket.sendto(data, (self.host, self.port))

    def close(self) -> None:
        """Nothing: the socket is everybody's."""
