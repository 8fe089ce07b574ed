"""One kept-open HTTP connection to the hub, with this device's name and key on every request."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from edge.config import HubConfig

WITHIN = 10.0
"""Seconds for the hub to take or answer anything."""
MOST_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hub said: status, headers in lower case, and the beginning of the body as text."""

    status: int
    headers: Mapping[str, str]
    text: str


def authorization(device: str, key: str) -> str:
    """How a device names and proves itself in the header of that name."""
    return "Basic " + base64.b64encode(f"{device}:{key}".encode()).decode()


class Carrier:
    """Asks one request at a time; for one thread, but `interrupt` may come from another."""

    def __init__(self, hub: HubConfig, device: str, key: str) -> None:
        parts = urlsplit(hub.http)
        self._host, self._port, self._base = parts.hostname or "", parts.port, parts.path.rstrip("/")
        self._tls = ssl.create_default_context(cafile=hub.ca_file) if parts.scheme == "https" else None
        self._headers = {"Authorization": authorization(device, key)}
        self._connection: http.client.HTTPConnection | None = None
        self._closed = threading.Event()

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The hub's answer to one request.

        Raises:
            OSError: the hub cannot be reached, goes away meanwhile, or does not speak HTTP.
        """
        used = self._connection is not None
        try:
            return self._once(method, path, body, headers or {})
        except ConnectionError:
            if not used or self._closed.is_set():
                raise
            # A connection that stood idle may have been closed by the hub; that says nothing about it now.
            return self._once(method, path, body, headers or {})

    def interrupt(self) -> None:
        """A request under way fails, and so does any later one."""
        self._closed.set()
        connection = self._connection
        if connection and connection.sock:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go, once nobody asks any more."""
        self._drop()

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        connection = self._connection = self._connection or self._open()
        try:
            connection.request(method, self._base + path, body or None, {**self._headers, **headers})
            response = connection.getresponse()
            text = response.read(MOST_ANSWER).decode(errors="replace")
            if not response.isclosed():
                self._drop()
        except http.client.HTTPException as error:
            self._drop()
            raise ConnectionError(f"the hub does not answer in HTTP: {error!r}") from error
        except OSError:
            self._drop()
            raise
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, text)

    def _open(self) -> http.client.HTTPConnection:
        if self._closed.is_set():
            raise ConnectionError("closed")
        if self._tls is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=WITHIN)
        return http.client.HTTPSConnection(self._host, self._port, timeout=WITHIN, context=self._tls)

    def _drop(self) -> None:
        if connection := self._connection:
            self._connection = None
            connection.close()
