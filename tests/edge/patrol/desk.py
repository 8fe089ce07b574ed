"""Real ends of what hangs on a terminal: a pty as the serial line, a server that speaks as gpsd does."""

from __future__ import annotations

import json
import os
import pty
import socket
import tty
from contextlib import contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FIX = {"class": "TPV", "device": "/dev/ttyACM0", "mode": 3, "lat": 29.3312345, "lon": 120.0823456, "eph": 4.2}
VERSION = {"class": "VERSION", "release": "3.25", "proto_major": 3, "proto_minor": 15}


class Line:
    """A serial line whose other end a test holds."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.node = os.ttyname(self._slave)

    def say(self, data: bytes) -> None:
        os.write(self._master, data)

    def pull(self) -> None:
        """Take the plug out."""
        for end in (self._master, self._slave):
            with suppress(OSError):
                os.close(end)


@contextmanager
def line() -> Iterator[Line]:
    one = Line()
    try:
        yield one
    finally:
        one.pull()


class Gpsd:
    """Greets, waits to be asked, then says what a test has it say."""

    def __init__(self, port: int = 0) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self.asked: list[str] = []
        self._peers: list[socket.socket] = []
        Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                peer, _ = self._server.accept()
                peer.sendall(json.dumps(VERSION).encode() + b"\r\n")
                self.asked.append(peer.recv(1024).decode())
                self._peers.append(peer)

    def say(self, *reports: object) -> None:
        self.write(b"".join(json.dumps(report).encode() + b"\r\n" for report in reports))

    def write(self, data: bytes) -> None:
        for peer in self._peers:
            peer.sendall(data)

    @property
    def listeners(self) -> int:
        return len(self._peers)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for peer in self._peers:
            peer.close()


@contextmanager
def gpsd() -> Iterator[Gpsd]:
    one = Gpsd()
    try:
        yield one
    finally:
        with suppress(OSError):
            one.close()
