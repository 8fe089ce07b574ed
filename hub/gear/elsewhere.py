"""A broker that runs elsewhere: a service beside the hub, or one that the house already has.

Who may speak there is said in that broker's own configuration (firmware_configs/broker/nats.conf is one).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hub.gear.broker import BrokerError

MQTT_PORT = 1883
PORTS = {"mqtt": MQTT_PORT, "nats": 4222}


class Elsewhere:
    """Stands where `Broker` stands, and starts nothing.

    Args:
        urls: mqtt://host or mqtt://host:port, where devices and the hub connect; beside it, separated by
            commas, nats://host:port of each server from whose JetStream the hub may pull.
        password: the hub's own there.

    Raises:
        BrokerError: an address is none, or there is none for MQTT.
    """

    def __init__(self, urls: str, password: str) -> None:
        each = [_read(url.strip()) for url in urls.split(",")]
        mqtt = [(host, port) for scheme, host, port in each if scheme == "mqtt"]
        if not mqtt:
            raise BrokerError(
                f"the broker's addresses {urls!r} lack one for MQTT: add mqtt://host:{MQTT_PORT}"
            )
        self.host, self.port = mqtt[0]
        self.password = password
        self.nats = tuple(f"nats://{_shown(host)}:{port}" for scheme, host, port in each if scheme == "nats")
        """Its servers as NATS clients reach them; none unless told."""

    def start(self) -> None:
        """Nothing: it runs."""

    def stop(self) -> None:
        """Nothing: others use it."""


def _read(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme not in PORTS:
        raise BrokerError(f"the broker's address is {url!r}; write it as mqtt://host:{MQTT_PORT}")
    return parts.scheme, host, port


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
