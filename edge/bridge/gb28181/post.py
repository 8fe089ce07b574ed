"""The sockets: messages in by UDP and TCP, from whoever may be heard, and the ways back."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING, Literal

from edge.bridge.gb28181 import sip
from edge.bridge.gb28181.sip import Malformed
from edge.bridge.gb28181.stream import Cutter
from edge.bridge.gb28181.way import Datagrams

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.bridge.gb28181.counts import Counts
    from edge.bridge.gb28181.sip import Message
    from edge.bridge.gb28181.way import Way

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 64
MOST_A_SECOND = 200
"""Messages of one address; a catalog of a thousand cameras comes in some hundred."""
MOST_WAITING = 256 * 1024
"""Bytes that one connection may leave unread."""
IDLE = 600.0
"""Seconds after which a connection that says nothing is closed."""
MOST_TOLD = 50
"""Malformed messages that the log names; all are counted."""
TRIES = 5
CONNECT_WITHIN = 10.0


class Post:
    """`start` and `stop` once each, within one event loop."""

    def __init__(
        self,
        listen: tuple[str, int],
        hears: Callable[[str], bool],
        take: Callable[[Message, Way], None],
        counts: Counts,
    ) -> None:
        """Prepare.

        Args:
            listen: own address and port; port 0: any.
            hears: whether an address may be heard at all.
            take: given each message and its way back.
            counts: what is dropped.
        """
        self.host, self.port = listen
        self._hears, self._take, self.counts = hears, take, counts
        self.wires: set[Wire] = set()
        self._rates: Counter[str] = Counter()
        self._second = 0.0
        self._server: asyncio.Server | None = None
        self._socket: asyncio.DatagramTransport | None = None

    async def start(self) -> None:
        """Open the sockets; raises OSError."""
        loop = asyncio.get_running_loop()
        for trial in range(TRIES):
            server = await loop.create_server(lambda: Wire(self, self._admit), self.host, self.port)
            port = server.sockets[0].getsockname()[1]
            try:
                self._socket, _ = await loop.create_datagram_endpoint(
                    lambda: _Ear(self), local_addr=(self.host, port)
                )
            except OSError:
                server.close()
                if self.port or trial == TRIES - 1:
                    raise
                continue
            self._server, self.port = server, port
            return

    async def stop(self) -> None:
        """Close them."""
        if self._server:
            self._server.close()
        if self._socket:
            self._socket.close()
        for wire in list(self.wires):
            wire.close()
        await asyncio.sleep(0)

    def datagrams(self, host: str, port: int) -> Way:
        """The way by UDP to somebody."""
        if self._socket is None:
            raise OSError("the bridge has no socket")
        return Datagrams(self._socket, host, port)

    async def connect(self, host: str, port: int, lost: Callable[[], None]) -> Way:
        """A connection to somebody; `lost` is called when it ends. Raises OSError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_WITHIN):
            _, wire = await loop.create_connection(lambda: Wire(self, lambda _: True, lost), host, port)
        return wire

    def came(self, data: bytes, way: Way) -> None:
        """A datagram, or a message cut out of a stream."""
        if not self._hears(way.host):
            self.counts.add("stranger")
        elif not self._lets(way.host):
            self.counts.add("flooded")
        elif data.strip(b"\r\n\x00 "):  # devices keep their router's hole open with empty datagrams
            self._read(data, way)

    def _read(self, data: bytes, way: Way) -> None:
        try:
            message = sip.read(data)
        except Malformed as error:
            self.malformed(error, way)
            return
        self.counts.add("heard")
        try:
            self._take(message, way)
        except Exception:
            self.counts.add("stumbled")
            log.exception("a message of %s made the bridge stumble; it goes on", way.host)

    def malformed(self, error: Malformed, way: Way) -> None:
        """Count it; answer it where it says to whom."""
        self.counts.add("malformed")
        is_told = self.counts["malformed"] <= MOST_TOLD
        log.log(logging.INFO if is_told else logging.DEBUG, "a message of %s is none: %s", way.host, error)
        if error.headers:
            way.send(sip.write(sip.answer(error, 400)))

    def _admit(self, wire: Wire) -> bool:
        if not self._hears(wire.host):
            self.counts.add("stranger")
            return False
        return len(self.wires) < MOST_CONNECTIONS

    def _lets(self, host: str) -> bool:
        now = asyncio.get_running_loop().time()
        if not 0 <= now - self._second < 1.0:
            self._second = now
            self._rates.clear()
        self._rates[host] += 1
        return self._rates[host] <= MOST_A_SECOND


class _Ear(asyncio.DatagramProtocol):
    def __init__(self, post: Post) -> None:
        self._post = post
        self._socket: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._socket = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self._socket is not None
        self._post.came(data, Datagrams(self._socket, addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        log.debug("a datagram did not arrive: %s", exc)


class Wire(asyncio.Protocol):
    """A TCP connection, and the way back over it."""

    transport: Literal["UDP", "TCP"] = "TCP"

    def __init__(
        self, post: Post, admits: Callable[[Wire], bool], lost: Callable[[], None] = lambda: None
    ) -> None:
        self.host, self.port = "", 0
        self._post, self._admits, self._lost = post, admits, lost
        self._cutter = Cutter()
        self._socket: asyncio.Transport | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Until either side has closed it."""
        return self._socket is not None and not self._socket.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.Transport)
        self._socket = transport
        peer = transport.get_extra_info("peername")
        if peer is None:  # whoever it was is gone already
            self.close()
            return
        self.host, self.port = peer[:2]
        if not self._admits(self):
            self.close()
            return
        self._post.wires.add(self)
        self._rest()

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        self._rest()
        try:
            for message in self._cutter.feed(data):
                self._post.came(message, self)
        except Malformed as error:
            self._post.malformed(error, self)
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - either way it is gone
        """It is gone."""
        self._post.wires.discard(self)
        if self._idle:
            self._idle.cancel()
        self._lost()

    def send(self, data: bytes) -> None:
        """Send a message; who does not read is let go."""
        if self._socket is None or not self.is_open:
            return
        if self._socket.get_write_buffer_size() > MOST_WAITING:
            self.close()
            return
        self._socket.write(data)

    def close(self) -> None:
        """At once; what is still on its way is lost."""
        if self._socket:
            self._socket.abort()

    def _rest(self) -> None:
        if self._idle:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE, self.close)
