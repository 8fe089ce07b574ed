"""paho as a hub needs it: many packets by one read, and many acknowledgements by one write.

paho asks the kernel four times for each packet and once more for each acknowledgement, and gives the other
threads their turn each time: for thousands of messages a second that is most of the work.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from paho.mqtt import client as paho
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes

if TYPE_CHECKING:
    from collections.abc import Iterable

RECEIVE = 65_536
"""Bytes of one read."""
MOST = 500
"""Packets that are taken before paho looks after its other duties."""
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

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class Reader(paho.Client):
    """paho's client; where it differs is only how often it asks the kernel."""

    def _create_socket(self) -> Any:
        return Buffered(super()._create_socket())

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Handle what has been read, up to MOST packets; paho calls this when there is something."""
        done = MQTTErrorCode.MQTT_ERR_SUCCESS
        for _ in range(MOST):
            done = super().loop_read(max_packets)
            if done or not isinstance(self._sock, Buffered) or not self._sock.pending():
                break
        return done

    def acknowledge(self, numbers: Iterable[int]) -> None:
        """Acknowledge messages of QoS 1 by one write."""
        packets = b"".join(struct.pack(">BBH", ACKNOWLEDGE, 2, number) for number in numbers)
        if packets:
            self._packet_queue(ACKNOWLEDGE, packets, 0, 0)
