"""A broker that runs elsewhere: a service beside the hub, or one that the house already has.

Who may speak there is said in that broker's own configuration (firmware_configs/broker/nats.conf is one).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.gear.broker import BrokerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hub.gear.permissions import Peer

MQTT_PORT = 1883


class Elsewhere:
    """Stands where `Broker` stands, and starts nothing.

    Args:
        url: mqtt://host or mqtt://host:port.
        password: the hub's own there.

    Raises:
        BrokerError: the address is none.
    """

    def __init__(self, url: str, password: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or MQTT_PORT
        except ValueError:
            host, port = None, MQTT_PORT
        if not host or not url.startswith("mqtt://"):
            raise BrokerError(f"the broker's address is {url!r}; write it as mqtt://host:{MQTT_PORT}")
        self.host, self.port, self.password = host, port, password

    def start(self, peers: Iterable[Peer] = ()) -> None:
        """Nothing: it runs."""

    def admit(self, peers: Iterable[Peer]) -> None:
        """Nothing: its own configuration says who may speak."""

    def stop(self) -> None:
        """Nothing: others use it."""
