"""Serves the hub until it is told to stop; one JSON line says when it is ready."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import uvicorn

from hub.app.ground import HubError
from hub.app.hub import DOES, Hub
from hub.app.tls import PlainDoor, bracketed, secure
from hub.app.watch import Watch
from wire.memory import Tidy
from wire.relay import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hub.api.trust import Trust
    from hub.app.hub import Role
    from hub.app.tls import Secured
    from hub.config import Settings

GRACE_SECONDS = 2
"""For requests that are under way when the hub is told to stop."""


def serve(settings: Settings, role: Role = "serve") -> None:
    """Prepare and serve one role; returns after SIGINT or SIGTERM.

    Raises:
        HubError: it cannot serve here; the sentence says what to do.
        BrokerError: likewise, the broker.
        CertificateError: likewise, the certificate.
    """
    secured = secure(settings, datetime.now(UTC)) if "api" in DOES[role] else None
    with _listen(settings, settings.port) as listening:
        trust = secured.trust(listening.getsockname()[1]) if secured else None
        hub = Hub(settings, role, trust)
        hub.prepare()
        with _door(settings, trust) as door:
            try:
                hub.start()
                Serving(_config(hub, secured), hub, listening, door).run([listening])
            finally:
                hub.stop()


def _config(hub: Hub, secured: Secured | None) -> uvicorn.Config:
    return uvicorn.Config(
        hub.app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,
        ssl_certfile=secured.pair.certificate if secured else None,
        ssl_keyfile=secured.pair.key if secured else None,
    )


@contextmanager
def _door(settings: Settings, trust: Trust | None) -> Iterator[PlainDoor | None]:
    """The plain door while the block lasts, where people have to be told how to trust."""
    if trust is None or settings.plain_port < 0:
        yield None
        return
    door = PlainDoor(trust, _listen(settings, settings.plain_port))
    door.start()
    try:
        yield door
    finally:
        door.stop()


class Serving(uvicorn.Server):
    """uvicorn that says when it is ready and lets the feeds go before it waits for requests."""

    def __init__(
        self, config: uvicorn.Config, hub: Hub, listening: socket.socket, door: PlainDoor | None
    ) -> None:
        super().__init__(config)
        self._hub, self._listening, self._door = hub, listening, door
        self._watch = Watch(hub, hub.settings.heartbeat_url)
        self._tidy = Tidy()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that launchers wait for."""
        await super().startup(sockets)
        self._tidy.start()
        if self.started:
            print(json.dumps(self._ready(), ensure_ascii=False), flush=True)  # noqa: T201 - this line is the promise
            self._watch.start()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second while requests are answered."""
        self._watch.tick()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the feeds, which never end by themselves, then stop."""
        self._watch.stop()
        self._tidy.stop()
        self._hub.api.feeds.close()
        await super().shutdown(sockets)

    def _ready(self) -> dict[str, object]:
        host, port = self._listening.getsockname()[:2]
        logins = [{"user": one.user, "password": one.password, "role": one.role} for one in self._hub.logins]
        return {
            "ready": True,
            "role": self._hub.role,
            "url": f"{'https' if self.config.is_ssl else 'http'}://{bracketed(host)}:{port}",
            **self._trusting(host),
            **self._setting_up(),
            "mqtt": self._hub.mqtt_url,
            "logins": logins,
        }

    def _setting_up(self) -> dict[str, str]:
        """The code for the first page, while nobody can sign in."""
        shows = "api" in DOES[self._hub.role] and self._hub.empty
        return {"setup": self._hub.setup_code} if shows else {}

    def _trusting(self, host: str) -> dict[str, str]:
        """Where phones are told how to trust this hub, and the fingerprint to compare."""
        if self._door is None:
            return {}
        return {
            "trust": f"http://{bracketed(host)}:{self._door.port}/trust",
            "fingerprint": self._door.trust.fingerprint,
        }


def _listen(settings: Settings, port: int) -> socket.socket:
    if settings.demo and not settings.loopback:
        raise HubError("the demo's passwords are known to everybody: serve it with --host 127.0.0.1")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Named, since asyncio sends at once (TCP_NODELAY) only where the socket says that it is TCP: an answer of
    # a head and a body waits 40 ms for the reader's delayed acknowledgement otherwise.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, port))
    except OSError as error:
        listening.close()
        raise HubError(
            f"port {port} of {settings.host} cannot be had ({error.strerror}); "
            "end the program that has it, or give another with --port"
        ) from error
    return listening
