"""The hub's HTTP door as the edge meets it: files in parts, stills, calls, and every trouble on the way."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

from edge.config import HubConfig
from tests.edge.market import DEVICE, KEY
from wire.message import Range, Receipt, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

GOOD = "Basic " + base64.b64encode(f"{DEVICE}:{KEY}".encode()).decode()


class Door(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.parts: dict[str, bytes] = {}
        self.stored: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        self.stills: list[tuple[str, str, bytes]] = []
        self.scenes: list[tuple[str, bytes]] = []
        self.unwanted: dict[str, int] = {}
        """Camera → status that its scene is refused with."""
        self.calls: list[bytes] = []
        self.answers: dict[str, bytes] = {}
        """Path → what a GET is given."""
        self.requests: list[str] = []
        self.troubles: list[int | str] = []
        """What the next requests meet: a status, `cut` before the answer, or `torn` after half a body."""
        self.connections = 0

    @property
    def hub(self) -> HubConfig:
        return HubConfig(
            mqtt="mqtt://127.0.0.1", http=f"http://127.0.0.1:{self.server_port}", password_file="key"
        )

    def handle_error(self, *_: object) -> None:
        """A connection that was cut on purpose is no news."""


class _Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Door

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.server.requests.append("HEAD")
        name = self.path.rsplit("/", 1)[1]
        known = self.server.stored.get(name, self.server.parts.get(name, b""))
        self._say(200, {"Upload-Offset": str(len(known))})

    def do_GET(self) -> None:
        self.server.requests.append(f"GET {self.path}")
        found = self.server.answers.get(self.path) if self.headers["Authorization"] == GOOD else None
        self._say(404 if found is None else 200, body=found or b"")

    def do_PUT(self) -> None:
        if "/scenes/" in self.path:
            self._drawn()
            return
        self.server.requests.append("PUT")
        trouble = self.server.troubles.pop(0) if self.server.troubles else None
        length = int(self.headers["Content-Length"])
        name = self.path.rsplit("/", 1)[1]
        if self.headers["Authorization"] != GOOD:
            self.rfile.read(length)
            self._say(401)
        elif trouble == "torn":
            self.server.parts[name] = self.server.parts.get(name, b"") + self.rfile.read(length // 2)
            self.close_connection = True
        elif trouble == "cut":
            self.rfile.read(length)
            self.close_connection = True
        elif isinstance(trouble, int):
            self.rfile.read(length)
            self._say(trouble)
        elif "/stills/" in self.path:
            self.server.stills.append((name, self.headers["X-At"], self.rfile.read(length)))
            self._say(204)
        else:
            self._take(name, self.rfile.read(length))

    def _drawn(self) -> None:
        """What is in force is told besides all else: troubles are not meant for it."""
        drawn = self.rfile.read(int(self.headers["Content-Length"]))
        camera = self.path.rsplit("/", 1)[1]
        status = self.server.unwanted.get(camera, 204) if self.headers["Authorization"] == GOOD else 401
        if status == 204:
            self.server.scenes.append((camera, drawn))
        self._say(status)

    def do_POST(self) -> None:
        self.server.requests.append("POST")
        trouble = self.server.troubles.pop(0) if self.server.troubles else None
        data = self.rfile.read(int(self.headers["Content-Length"]))
        if trouble == "cut":
            self.close_connection = True
        elif self.headers["Authorization"] != GOOD or self.path != "/edge/v1/sos":
            self._say(401)
        elif isinstance(trouble, int):
            self._say(trouble)
        else:
            self.server.calls.append(data)
            said = decode(data)
            seq = said.seq or 0
            self._say(200, body=encode(Receipt((Range(said.epoch, seq, seq),))))

    def _take(self, name: str, data: bytes) -> None:
        server, parts = self.server, self.server.parts
        if name in server.stored:
            self._say(204)
            return
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", self.headers.get("Content-Range", ""))
        begin, total = (int(found[1]), int(found[3])) if found else (0, len(data))
        if begin not in {0, len(parts.get(name, b""))}:
            self._say(409, {"Upload-Offset": str(len(parts.get(name, b"")))})
            return
        parts[name] = parts.get(name, b"")[:begin] + data
        if len(parts[name]) < total:
            self._say(308, {"Upload-Offset": str(len(parts[name]))})
        elif hashlib.sha256(parts[name]).hexdigest() != name:
            del parts[name]
            self._say(422)
        else:
            server.stored[name] = parts.pop(name)
            server.types[name] = self.headers["Content-Type"]
            self._say(201)

    def _say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def door() -> Iterator[Door]:
    server = Door()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
