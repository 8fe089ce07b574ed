"""MQTT 3.1.1 on a bare socket: as little between a benchmark and the broker as can be."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONNACK, PUBLISH, PUBACK, SUBACK = 0x20, 0x30, 0x40, 0x90
RECEIVE = 262_144


def _text(words: str) -> bytes:
    data = words.encode()
    return struct.pack(">H", len(data)) + data


def _frame(first: int, body: bytes) -> bytes:
    left, size = len(body), b""
    while True:
        left, low = left >> 7, left & 127
        size += bytes([low | (128 if left else 0)])
        if not left:
            return bytes([first]) + size + body


def publish(topic: str, data: bytes, mid: int) -> bytes:
    """A PUBLISH of QoS 1."""
    return _frame(PUBLISH | 2, _text(topic) + struct.pack(">H", mid) + data)


def puback(mids: Iterable[int]) -> bytes:
    """PUBACKs in a row."""
    return b"".join(b"\x40\x02" + struct.pack(">H", mid) for mid in mids)


def said(body: bytes, qos: int) -> tuple[str, int, bytes]:
    """Topic, packet number (0 for QoS 0) and payload of a PUBLISH."""
    long = int.from_bytes(body[:2], "big")
    topic, at = body[2 : 2 + long].decode(), 2 + long
    if not qos:
        return topic, 0, body[at:]
    return topic, int.from_bytes(body[at : at + 2], "big"), body[at + 2 :]


class Wire:
    """One connection."""

    def __init__(self, port: int, client: str, user: str, key: str, *, clean: bool = True) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._left = b""
        flags = 0xC0 | (2 if clean else 0)
        body = _text("MQTT") + bytes([4, flags]) + struct.pack(">H", 0)
        self.socket.sendall(_frame(0x10, body + _text(client) + _text(user) + _text(key)))
        kind, answer = self.wait(CONNACK)
        assert answer[1] == 0, f"the broker refuses: {kind} {answer!r}"

    def subscribe(self, topics: Iterable[str], qos: int) -> None:
        """Subscribe and wait until it holds."""
        wishes = b"".join(_text(topic) + bytes([qos]) for topic in topics)
        self.socket.sendall(_frame(0x82, struct.pack(">H", 1) + wishes))
        self.wait(SUBACK)

    def wait(self, kind: int) -> tuple[int, bytes]:
        """The next packet of this kind; others are thrown away."""
        while True:
            for first, body in self.read():
                if first & 0xF0 == kind:
                    return first, body

    def read(self) -> Iterator[tuple[int, bytes]]:
        """What has come, at least something: first byte and body of each packet."""
        data = self._left + self.socket.recv(RECEIVE)
        at, end = 0, len(data)
        found = []
        while at + 2 <= end:
            size, shift, body = 0, 0, at + 1
            while body < end:
                byte = data[body]
                size |= (byte & 127) << shift
                shift, body = shift + 7, body + 1
                if not byte & 128:
                    break
            else:
                break
            if body + size > end or data[body - 1] & 128:
                break
            found.append((data[at], data[body : body + size]))
            at = body + size
        self._left = data[at:]
        return iter(found)

    def close(self) -> None:
        """Leave."""
        self.socket.close()
