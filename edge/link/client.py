"""The MQTT client as the link wants it.

Its callbacks only enqueue: an exception in one of them would end its thread and leave the edge deaf.
"""

from __future__ import annotations

import random
import socket
import ssl
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge.link.window import WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from queue import SimpleQueue

    from paho.mqtt.reasoncodes import ReasonCode

    from edge.config import HubConfig

KEEPALIVE = 15
CONNECT_WITHIN = 2.0
BACK_OFF = (0.5, 4.0)
"""Seconds between attempts to connect, doubling from the first to the second; both are spread at random. An
alarm waits for the next attempt, and an attempt costs a broker that is back less than one message."""
PORTS = {"mqtt": 1883, "mqtts": 8883}


class Spoken(Protocol):
    """What of a configuration says who speaks, and to whom."""

    @property
    def device(self) -> str:
        """Also its user name and client id."""

    @property
    def market(self) -> str:
        """Whose topics these are."""

    @property
    def hub(self) -> HubConfig:
        """Where the broker is."""


class Told(Protocol):
    """Who takes what the broker says, in its own thread."""

    def answered(self, code: ReasonCode) -> None:
        """Whether it lets this device in."""

    def unreachable(self) -> None:
        """Nobody answers."""

    def gone(self, code: ReasonCode) -> None:
        """The connection ended."""

    def subscribed(self, codes: list[ReasonCode]) -> None:
        """What may be heard."""

    def acknowledged(self, message: int) -> None:
        """It has this message."""

    def received(self, topic: str, data: bytes) -> None:
        """Something came."""


def build(config: Spoken, key: str, heard: SimpleQueue[Callable[[], None]], told: Told) -> mqtt.Client:
    """A client that is not connected yet; what it hears is put into `heard` for `told`."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, config.device, protocol=mqtt.MQTTv311)
    client.username_pw_set(config.device, key)
    client.connect_timeout = CONNECT_WITHIN
    client.max_inflight_messages_set(WINDOW + 2)
    first, most = (random.uniform(0.7, 1.3) * seconds for seconds in BACK_OFF)  # noqa: S311 - jitter
    client.reconnect_delay_set(first, most)  # type: ignore[arg-type]
    if urlsplit(config.hub.mqtt).scheme == "mqtts":
        client.tls_set_context(ssl.create_default_context(cafile=config.hub.ca_file))
    tell = heard.put
    client.on_connect = lambda _c, _u, _f, code, _p: tell(partial(told.answered, code))
    client.on_connect_fail = lambda _c, _u: tell(told.unreachable)
    client.on_disconnect = lambda _c, _u, _f, code, _p: tell(partial(told.gone, code))
    client.on_subscribe = lambda _c, _u, _m, codes, _p: tell(partial(told.subscribed, codes))
    client.on_publish = lambda _c, _u, mid, _r, _p: tell(partial(told.acknowledged, mid))
    client.on_message = lambda _c, _u, message: tell(
        partial(told.received, message.topic, bytes(message.payload))
    )
    return client


def begin(client: mqtt.Client, url: str) -> None:
    """Connect, for as long as it takes; returns at once."""
    address = urlsplit(url)
    client.connect_async(address.hostname or "", address.port or PORTS[address.scheme], KEEPALIVE)
    client.loop_start()


def leave(client: mqtt.Client) -> None:
    """Break the connection off; the client makes another."""
    wire = client.socket()
    if isinstance(wire, socket.socket):
        with suppress(OSError):
            wire.shutdown(socket.SHUT_RDWR)


def end(client: mqtt.Client) -> None:
    """Disconnect and make no other connection; within a second."""
    client.disconnect()
    # The client's own thread may sit in a connection attempt that nobody can interrupt.
    ending = threading.Thread(target=client.loop_stop, daemon=True)
    ending.start()
    ending.join(CONNECT_WITHIN / 2)
