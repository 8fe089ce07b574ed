"""The hub's end of MQTT 3.1.1: hears its market, sends receipts.

paho's thread dies of an exception in a callback and the client lives on, deaf; so its callbacks only put
bytes into a queue. Acknowledging is left to whoever committed the message.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.ports import Heard
from wire import topic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode

KEEPALIVE = 20
RECONNECT = (1, 5)
"""Least and most seconds between two tries."""
PASSING = frozenset({"beat"})
"""Kinds that a device sends without guarantee; no session keeps them."""
MOST_PASSING = 5_000
"""More waiting messages than this and beats are dropped: they say nothing that the next one does not."""
MOST_WAITING = 10_000
"""More waiting messages than this and nothing is read: what is not read fills the broker, not our memory."""
PAUSE_SECONDS = 0.01

log = logging.getLogger(__name__)


def session_name(markets: Sequence[str]) -> str:
    """The client id under which a broker keeps what these markets say while the hub is away."""
    if len(markets) <= 1:
        return "-".join(("hub", *markets))
    return f"hub-{sha256(' '.join(sorted(markets)).encode()).hexdigest()[:12]}"


class MqttLink:
    """Ports Link and Hearing by paho.

    Args:
        markets: those that are heard; none is every market.
        host: of the broker.
        port: its MQTT port.
        user: the hub's name there.
        password: the hub's own.
        hears: False for an end that only speaks; no session of it is kept.
    """

    def __init__(
        self,
        markets: Sequence[str],
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        hears: bool = True,
    ) -> None:
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self.dropped = 0
        self._markets, self._host, self._port = tuple(markets) or ("+",), host, port
        self._hears = hears
        self._stopping = False
        self._ready = threading.Event()
        self._session = 0
        self._waiting: set[int] = set()
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=session_name(markets) if hears else "",
            clean_session=not hears,
            protocol=paho.MQTTv311,
            manual_ack=True,
        )
        self._client.username_pw_set(user, password)
        self._client.reconnect_delay_set(*RECONNECT)
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._disconnected
        self._client.on_subscribe = self._subscribed
        self._client.on_message = self._message

    @property
    def ready(self) -> bool:
        """Whether the hub is connected and its subscriptions stand."""
        return self._ready.is_set()

    def start(self) -> None:
        """Connect in the background, again and again until it holds."""
        self._client.connect_async(self._host, self._port, KEEPALIVE)
        self._client.loop_start()

    def wait_ready(self, seconds: float) -> bool:
        """Wait until `ready`; False when it took longer."""
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Say good-bye; the broker keeps the session for the next start."""
        self._stopping = True
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Hand over a message; without a connection one of QoS 0 is lost, as a receipt may be."""
        self._client.publish(topic, data, qos, retain)

    def hear(self, seconds: float) -> Heard | None:
        """The next message, or None when none came in time."""
        try:
            return self._heard.get(timeout=seconds)
        except queue.Empty:
            return None

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        """Tell the broker that it may forget these.

        One of an earlier connection comes again under a new number; its old number may be another's now.
        """
        for heard in batch:
            if heard.qos and heard.session == self._session:
                self._client.ack(heard.mid, heard.qos)
                self._waiting.discard(heard.mid)

    def _connected(
        self,
        client: paho.Client,
        _data: Any,
        _flags: paho.ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            log.warning("broker refuses the hub: %s", reason)
            return
        self._session += 1
        self._waiting = set()
        if not self._hears:
            self._ready.set()
            return
        texts = [text for market in self._markets for text in topic.upward(market)]
        client.subscribe([(text, 0 if text.rpartition("/")[2] in PASSING else 1) for text in texts])

    def _subscribed(
        self,
        _client: paho.Client,
        _data: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("broker refuses subscriptions of the hub: %s", reasons)
            return
        self._ready.set()

    def _disconnected(
        self,
        _client: paho.Client,
        _data: Any,
        _flags: paho.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._ready.clear()
        log.info("connection to the broker ended: %s", reason)

    def _message(self, _client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        if message.qos == 0 and self._heard.qsize() > MOST_PASSING:
            self.dropped += 1
            return
        # The broker repeats what is not acknowledged in time; while it waits here, once is enough.
        if message.qos and message.mid in self._waiting:
            return
        while self._heard.qsize() >= MOST_WAITING and not self._stopping:
            time.sleep(PAUSE_SECONDS)
        if message.qos:
            self._waiting.add(message.mid)
        self._heard.put(
            Heard(
                message.topic, bytes(message.payload), message.retain, message.qos, message.mid, self._session
            )
        )
