"""Serves the hub until it is told to stop; one JSON line says when it is ready."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import uvicorn

from hub.app.ground import HubError
from hub.app.hub import Hub

if TYPE_CHECKING:
    from hub.app.hub import Role
    from hub.config import Settings

GRACE_SECONDS = 2
"""For requests that are under way when the hub is told to stop."""


def serve(settings: Settings, role: Role = "serve") -> None:
    """Prepare and serve one role; returns after SIGINT or SIGTERM.

    Raises:
        HubError: it cannot serve here; the sentence says what to do.
        BrokerError: likewise, the broker.
    """
    with _listen(settings) as listening:
        hub = Hub(settings, role)
        hub.prepare()
        config = uvicorn.Config(
            hub.app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            timeout_keep_alive=30,
        )
        try:
            hub.start()
            Serving(config, hub, listening).run([listening])
        finally:
            hub.stop()


class Serving(uvicorn.Server):
    """uvicorn that says when it is ready and lets the feeds go before it waits for requests."""

    def __init__(self, config: uvicorn.Config, hub: Hub, listening: socket.socket) -> None:
        super().__init__(config)
        self._hub, self._listening = hub, listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then print the one line that launchers wait for."""
        await super().startup(sockets)
        if self.started:
            print(json.dumps(self._ready(), ensure_ascii=False), flush=True)  # noqa: T201 - this line is the promise

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the feeds, which never end by themselves, then stop."""
        self._hub.api.feed.close()
        await super().shutdown(sockets)

    def _ready(self) -> dict[str, object]:
        host, port = self._listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        logins = [{"user": one.user, "password": one.password, "role": one.role} for one in self._hub.logins]
        return {
            "ready": True,
            "role": self._hub.role,
            "url": f"http://{shown}:{port}",
            "mqtt": self._hub.mqtt_url,
            "logins": logins,
        }


def _listen(settings: Settings) -> socket.socket:
    if settings.demo and not settings.loopback:
        raise HubError("the demo's passwords are known to everybody: serve it with --host 127.0.0.1")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        raise HubError(
            f"port {settings.port} of {settings.host} cannot be had ({error.strerror}); "
            "end the program that has it, or give another with --port"
        ) from error
    return listening
