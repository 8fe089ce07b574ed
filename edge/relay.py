"""Live pictures go to the hub over one WebSocket, as long as somebody watches.

A signed order begins a stream; from then on the hub says over the socket what is still watched, which keeps
it up or ends it, and begins nothing. A stream of which nobody says anything ends by itself.
"""

from __future__ import annotations

import logging
import random
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit, urlunsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from edge.camera.pace import back_off
from edge.carrier import authorization
from edge.veil import Veil
from wire.border import Bad
from wire.relay import MOST_BYTES, Stream, decode_watched, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from websockets.sync.client import ClientConnection

    from edge.config import HubConfig

log = logging.getLogger(__name__)

WHERE = "/edge/v1/relay"
KEPT = 30.0
"""Seconds that a stream goes on after the hub last said that it is watched."""
GRACE = 10.0
"""Seconds after its order in which a stream goes on though the hub says that nobody watches it."""
LOOK = 1.0
WITHIN = 10.0
LONGEST = 20.0
"""Seconds between two tries to connect."""
SEND_BYTES = 256 * 1024
"""Bytes that the system may hold on their way: what waits there is old when it arrives."""


class Eye(Protocol):
    """A camera whose packets can be had; edge.camera.source.Source is one."""

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        """Hand these of its streams to `take`, and no others."""


class Relay:
    """One worker; `start` and `stop` once each, `begin`, `end` and what cameras give from any thread."""

    def __init__(
        self,
        hub: HubConfig,
        device: str,
        key: str,
        eyes: Callable[[], Mapping[str, Eye]],
        veil: Veil | None = None,
    ) -> None:
        """Prepare.

        Args:
            hub: where it is.
            device: who this is.
            key: what proves it to the hub.
            eyes: the cameras by name, as they are now.
            veil: whose pictures must stay here.
        """
        self._veil = veil or Veil()
        parts = urlsplit(hub.http)
        scheme = "wss" if parts.scheme == "https" else "ws"
        self._url = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") + WHERE, "", ""))
        self._tls = ssl.create_default_context(cafile=hub.ca_file) if scheme == "wss" else None
        self._headers = {"Authorization": authorization(device, key)}
        self._eyes = eyes
        self.sent = self.lost = 0
        """Pictures that went, and those for which there was no way."""
        self._until: dict[Stream, float] = {}
        """Stream → monotonic second at which it ends."""
        self._begun: dict[Stream, float] = {}
        """Stream → monotonic second of its order."""
        self._lock = threading.Lock()
        self._fresh = threading.Event()
        self._stopping = threading.Event()
        self._connection: ClientConnection | None = None
        self._worker = threading.Thread(target=self.run, name="relay", daemon=True)

    @property
    def streams(self) -> tuple[Stream, ...]:
        """What is relayed now."""
        return tuple(self._until)

    @property
    def connected(self) -> bool:
        """Whether the way is open."""
        return self._connection is not None

    def start(self) -> None:
        """Begin to work; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Relay no more."""
        self._stopping.set()
        self._fresh.set()
        if connection := self._connection:
            _cut(connection)
        if self._worker.ident:
            self._worker.join(2.0)

    def begin(self, stream: Stream, seconds: float) -> None:
        """An order: relay this stream for `seconds`, and longer while the hub says that it is watched."""
        now = time.monotonic()
        with self._lock:
            self._begun[stream] = now
            self._until[stream] = max(self._until.get(stream, 0.0), now + seconds)
        self._turn()
        self._fresh.set()

    def end(self, camera: str) -> None:
        """An order: relay nothing of this camera."""
        with self._lock:
            for stream in [one for one in self._until if one.camera == camera]:
                del self._until[stream], self._begun[stream]
        self._turn()

    def take(self, message: bytes) -> None:
        """A picture; blocks while the way is full, and so lets the camera's process drop what waits."""
        connection = self._connection
        try:
            if connection is None:
                raise ConnectionError("not connected")
            if self._veil.hides(unpack(message).stream.camera):
                raise ConnectionError("its masks are changing")
            connection.send(message)
            self.sent += 1
        except (OSError, WebSocketException):
            self.lost += 1

    def heard(self, watched: Iterable[Stream], now: float) -> None:
        """The hub says at monotonic second `now` what is watched."""
        named = frozenset(watched)
        with self._lock:
            for stream in self._until:
                if stream in named:
                    self._until[stream] = max(self._until[stream], now + KEPT)
                elif now - self._begun[stream] > GRACE:
                    self._until[stream] = now

    def run(self) -> None:
        """Connect while there is something to relay, until stopped."""
        failures = 0
        while not self._stopping.is_set():
            if not self._tidy(time.monotonic()):
                self._fresh.wait(LOOK)
                self._fresh.clear()
                continue
            try:
                self.once()
                failures = 0
            except (OSError, WebSocketException, Bad) as error:
                if failures == 0 and not self._stopping.is_set():
                    log.warning("live pictures do not reach the hub: %s; trying again", error)
                failures += 1
            except Exception:
                log.exception("relaying stumbled and goes on")
                failures += 1
            if self._until:
                pause = back_off(failures, random.random())  # noqa: S311 - jitter, not a secret
                self._stopping.wait(min(LONGEST, pause))

    def once(self) -> None:
        """One connection, until nothing is watched any more.

        Raises:
            OSError: the hub cannot be reached or has gone.
            WebSocketException: likewise, or it does not let this device in.
            Bad: it says what cannot be understood.
        """
        with connect(
            self._url,
            ssl=self._tls,
            additional_headers=self._headers,
            compression=None,
            proxy=None,
            open_timeout=WITHIN,
            close_timeout=1.0,
            max_size=MOST_BYTES,
        ) as connection:
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
            self._connection = connection
            try:
                while not self._stopping.is_set() and self._tidy(time.monotonic()):
                    self._turn()
                    with suppress(TimeoutError):
                        said = connection.recv(timeout=LOOK)
                        text = said if isinstance(said, bytes) else said.encode()
                        self.heard(decode_watched(text).streams, time.monotonic())
            finally:
                self._connection = None
                self._turn()

    def _tidy(self, now: float) -> bool:
        """Forget what has ended; whether anything goes on."""
        with self._lock:
            over = [stream for stream, until in self._until.items() if until <= now]
            for stream in over:
                del self._until[stream], self._begun[stream]
        return bool(self._until)

    def _turn(self) -> None:
        """Let every camera give what is relayed of it; without a way to the hub, nothing."""
        streams = self.streams if self._connection else ()
        for name, eye in self._eyes().items():
            eye.relay([stream.main for stream in streams if stream.camera == name], self.take)


def _cut(connection: ClientConnection) -> None:
    with suppress(OSError):
        connection.socket.shutdown(socket.SHUT_RDWR)
