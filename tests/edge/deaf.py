"""A broker that lets everybody in, hears everything and acknowledges nothing until it is told to."""

from __future__ import annotations

import socket
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, BinaryIO, Self

from wire.message import decode

if TYPE_CHECKING:
    from types import TracebackType

    from wire.message import Envelope


class Deaf:
    def __init__(self) -> None:
        self.answers = False
        self.heard: dict[str, list[Envelope]] = defaultdict(list)
        """Kind → what was published with QoS 1, states apart."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._door.close()
        for wire in self._open:
            wire.close()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._door.accept()
            except OSError:
                return
            self._open.append(wire)
            threading.Thread(target=self._talk, args=(wire,), daemon=True).start()

    def _talk(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as coming:
            try:
                while first := coming.read(1):
                    body = coming.read(_length(coming))
                    wire.sendall(self._answer(first[0], body))
            except OSError:
                return

    def _answer(self, first: int, body: bytes) -> bytes:
        match first & 0xF0:
            case 0x10:  # connect
                return b"\x20\x02\x00\x00"
            case 0x80:  # subscribe
                topics = body.count(b"lf/v1/")
                return bytes([0x90, 2 + topics]) + body[:2] + bytes(topics)
            case 0xC0:  # ping
                return b"\xd0\x00"
            case 0x30 if first & 0x06:  # publish with a number
                return self._hear(body)
            case _:
                return b""

    def _hear(self, body: bytes) -> bytes:
        end = 2 + int.from_bytes(body[:2], "big")
        kind = body[2:end].decode().rsplit("/", 1)[1]
        if kind != "state":
            self.heard[kind].append(decode(body[end + 2 :]))
        return b"\x40\x02" + body[end : end + 2] if self.answers or kind == "state" else b""


def _length(coming: BinaryIO) -> int:
    value = shift = 0
    while True:
        byte = coming.read(1)[0]
        value |= (byte & 127) << shift
        if byte < 128:
            return value
        shift += 7
