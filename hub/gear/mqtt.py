"""The hub's end of MQTT 3.1.1: hears its market, sends receipts.

paho's thread dies of an exception in a callback and the client lives on, deaf; so its callbacks only put
bytes into a queue. Acknowledging is left to whoever committed the message.

A broker bounds what a session has not acknowledged, all its subscriptions together, and nats-server delivers
what exceeds the bound only after its patience of seconds. So calls for help and each kind of which there may
be many have a session of their own: a flood of one does not hold up another.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.gear.lanes import FIRST, Lanes
from hub.gear.reader import Reader
from hub.ports import Heard
from wire import topic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
"""More unacknowledged messages than this and nothing is read: they fill the broker, not our memory."""
PAUSE_SECONDS = 0.01

SESSIONS: Mapping[str, frozenset[str]] = {
    "": topic.UP - FIRST - {"event", "manifest", "segment", "scan"},
    "-events": frozenset({"event"}),
    "-files": frozenset({"manifest", "segment"}),
    "-scans": frozenset({"scan"}),
    "-first": FIRST,
}
"""End of a session's name → the kinds that it hears."""

log = logging.getLogger(__name__)


def session_name(markets: Sequence[str]) -> str:
    """The client id under which a broker keeps what these markets say while the hub is away."""
    if len(markets) <= 1:
        return "-".join(("hub", *markets))
    return f"hub-{sha256(' '.join(sorted(markets)).encode()).hexdigest()[:12]}"


def forget(markets: Sequence[str], host: str, port: int, user: str, password: str) -> None:
    """End the sessions of an MQTT link that is used no more, which would fill the broker's store for ever.

    Raises:
        OSError: the broker does not answer.
    """
    for end in SESSIONS:
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id=session_name(markets) + end,
            clean_session=True,
            protocol=paho.MQTTv311,
        )
        client.username_pw_set(user, password)
        client.on_connect = lambda client, *_: client.disconnect()
        client.connect(host, port, KEEPALIVE)
        client.loop_forever(retry_first_connection=False)


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
        self._heard = Lanes()
        self._host, self._port = host, port
        numbers = itertools.count(1)
        texts = [text for market in tuple(markets) or ("+",) for text in topic.upward(market)]
        name = session_name(markets)
        sessions = {name + end: kinds for end, kinds in SESSIONS.items()} if hears else {"": frozenset[str]()}
        self._ears = [_Ear(one, kinds, texts, self._heard, numbers) for one, kinds in sessions.items()]
        for ear in self._ears:
            ear.client.username_pw_set(user, password)

    @property
    def dropped(self) -> int:
        """Messages without guarantee that were not let in, since there were too many."""
        return sum(ear.dropped for ear in self._ears)

    @property
    def ready(self) -> bool:
        """Whether the hub is connected and its subscriptions stand."""
        return all(ear.ready.is_set() for ear in self._ears)

    def start(self) -> None:
        """Connect in the background, again and again until it holds."""
        for ear in self._ears:
            ear.client.connect_async(self._host, self._port, KEEPALIVE)
            ear.client.loop_start()

    def wait_ready(self, seconds: float) -> bool:
        """Wait until `ready`; False when it took longer."""
        until = time.monotonic() + seconds
        return all(ear.ready.wait(max(0.0, until - time.monotonic())) for ear in self._ears)

    def stop(self) -> None:
        """Say good-bye; the broker keeps the sessions for the next start."""
        for ear in self._ears:
            ear.stopping = True
            ear.client.disconnect()
        for ear in self._ears:
            ear.client.loop_stop()

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Hand over a message. One of QoS 0, such as a receipt, is lost where no end is connected.

        After the broker was away the ends come back one by one: what the first of them heard is receipted by
        it, or the device would wait half a minute and send it again. What must not be lost keeps its order.
        """
        connected = (ear for ear in reversed(self._ears) if ear.client.is_connected())
        ear = self._ears[-1] if qos else next(connected, self._ears[-1])
        ear.client.publish(topic, data, qos, retain)

    def hear(self, seconds: float) -> Heard | None:
        """The next message, calls for help first, or None when none came in time."""
        return self._heard.get(seconds)

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        """Tell the broker that it may forget these.

        One of an earlier connection comes again under a new number; its old number may be another's now.
        """
        for ear in self._ears:
            ear.acknowledge([heard.mid for heard in batch if heard.qos and heard.session == ear.session])


class _Ear:
    """One connection, and the session that the broker keeps for it under a name.

    Args:
        name: of the session; none is kept for an empty one.
        kinds: what it hears of `texts`; the rest, which an earlier version may have asked for, it lets go.
        texts: every subscription of the hub.
        heard: takes what comes.
        numbers: of the connections, each the next one.
    """

    def __init__(
        self, name: str, kinds: Iterable[str], texts: Sequence[str], heard: Lanes, numbers: Iterator[int]
    ) -> None:
        self.dropped = self.session = 0
        self.stopping, self.ready = False, threading.Event()
        self._wanted = [text for text in texts if text.rpartition("/")[2] in kinds]
        self._unwanted = [text for text in texts if text not in self._wanted]
        self._heard, self._numbers = heard, numbers
        self._waiting: set[int] = set()
        self.client = Reader(
            CallbackAPIVersion.VERSION2,
            client_id=name,
            clean_session=not name,
            protocol=paho.MQTTv311,
            manual_ack=True,
        )
        self.client.reconnect_delay_set(*RECONNECT)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._disconnected
        self.client.on_subscribe = self._subscribed
        self.client.said = self._message

    def acknowledge(self, mids: Sequence[int]) -> None:
        """The broker may forget the messages of these numbers."""
        # Before the broker knows: as soon as it does it may give a number to another message.
        self._waiting.difference_update(mids)
        self.client.acknowledge(mids)

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
        self.session, self._waiting = next(self._numbers), set()
        if not self._wanted:
            self.ready.set()
            return
        client.unsubscribe(self._unwanted)
        client.subscribe([(text, 0 if text.rpartition("/")[2] in PASSING else 1) for text in self._wanted])

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
        self.ready.set()

    def _disconnected(
        self,
        _client: paho.Client,
        _data: Any,
        _flags: paho.DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.ready.clear()
        log.info("connection to the broker ended: %s", reason)

    def _message(self, where: str, data: bytes, retained: bool, qos: int, mid: int) -> None:
        if qos == 0 and self._heard.qsize() > MOST_PASSING:
            self.dropped += 1
            return
        # The broker repeats what is not acknowledged in time; while it waits here, once is enough.
        if qos and mid in self._waiting:
            return
        while len(self._waiting) >= MOST_WAITING and not self.stopping:
            time.sleep(PAUSE_SECONDS)
        if qos:
            self._waiting.add(mid)
        self._heard.put(Heard(where, data, retained, qos, mid, self.session))
