"""paho as a hub needs it: many messages by one read, and many acknowledgements by one write.

paho asks the kernel four times for each packet and once more for each acknowledgement, gives other threads
their turn each time, and walks through twenty functions a message: for thousands a second that is most of
the work. So messages that lie whole in what was read are taken from it here; everything else is paho's.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RECEIVE = 65_536
"""Bytes of one read."""
MOST = 500
"""Packets that are taken before paho looks after its other duties."""
PUBLISH = PacketTypes.PUBLISH << 4
KIND = 0xF0
HEAD = 2
"""Bytes of the shortest packet."""
ACKNOWLEDGE = PacketTypes.PUBACK << 4


class Buffered:
    """A socket (`whole`) that reads ahead; paho knows the kind, since TLS and WebSocket do it too."""

    def __init__(self, whole: Any) -> None:
        self._socket = whole
        self._bytes, self._at = b"", 0

    def recv(self, size: int) -> bytes:
        """At most `size` bytes, like a socket's own."""
        if self._at >= len(self._bytes):
            self._bytes, self._at = self._socket.recv(RECEIVE), 0
        found = self._bytes[self._at : self._at + size]
        self._at += len(found)
        return found

    def pending(self) -> int:
        """Bytes that were read ahead."""
        return len(self._bytes) - self._at

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """First byte and body of each PUBLISH that lies whole at the front; what follows them stays."""
        data, whole = self._bytes, len(self._bytes)
        while self._at + HEAD <= whole and data[self._at] & KIND == PUBLISH:
            first, at, size, shift = data[self._at], self._at + 1, 0, 0
            while at < whole:
                byte = data[at]
                size |= (byte & 127) << shift
                shift, at = shift + 7, at + 1
                if not byte & 128:
                    break
            else:
                return
            if at + size > whole:
                return
            self._at = at + size
            yield first, data[at : at + size]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Reader(paho.Client):
    """paho's client, which hands what is published to `said`: topic, body, retained, QoS, number.

    That must not raise: paho's thread would die of it.
    """

    said: Callable[[str, bytes, bool, int, int], None]

    def _create_socket(self) -> Any:
        return Buffered(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle what has been read, up to MOST packets; paho calls this when there is something."""
        done = MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(MOST):
            done = super().loop_read(max_packets)
            sock = self._sock
            if done or not isinstance(sock, Buffered):
                break
            if not self._in_packet["command"]:  # paho is not in the middle of one
                for first, body in sock.messages():
                    self._publish(first, body)
            if not sock.pending():
                break
        return done

    def _handle_on_message(self, message: paho.MQTTMessage) -> None:
        self.said(message.topic, bytes(message.payload), message.retain, message.qos, message.mid)

    def _publish(self, first: int, body: bytes) -> None:
        qos, start = first >> 1 & 3, 2 + int.from_bytes(body[:2], "big")
        number = int.from_bytes(body[start : start + 2], "big") if qos else 0
        words = body[2:start].decode("utf-8", "replace")
        self.said(words, body[start + 2 if qos else start :], bool(first & 1), qos, number)

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1 by one write."""
        packets = b"".join(struct.pack(">BBH", ACKNOWLEDGE, 2, number) for number in numbers)
        if packets:
            self._packet_queue(ACKNOWLEDGE, packets, 0, 0)
