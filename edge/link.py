"""The edge's line to the hub: MQTT 3.1.1, a window of messages under way, receipts, a beat, a last will.

Callbacks of the client only enqueue: an exception in one of them would end its thread and leave the edge
deaf. One worker does everything else.
"""

from __future__ import annotations

import logging
import random
import ssl
import threading
import time
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge.envelope import seal
from wire.message import Bad, Beat, State, decode_receipt, encode
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from paho.mqtt.reasoncodes import ReasonCode

    from edge.config import EdgeConfig
    from edge.outbox import Outbox
    from wire.topic import Kind

log = logging.getLogger(__name__)

WINDOW = 20
"""Messages that the broker has not acknowledged yet."""
BEAT = 30.0
SOONEST_BEAT = 1.0
"""Seconds between two beats at least, whatever changes."""
KEEPALIVE = 15
CONNECT_WITHIN = 2.0
BACK_OFF = (0.5, 15.0)
"""Seconds between attempts to connect, doubling from the first to the second; both are spread at random."""
SPREAD = 2.0
"""At most so many seconds after a reconnection the rows without a receipt are sent again, so that a market's
edges do not all do it at once."""
IDLE = 0.25
PORTS = {"mqtt": 1883, "mqtts": 8883}


class Link:
    """Connects, publishes from the outbox, takes receipts, beats; `start` and `stop` once each."""

    def __init__(
        self,
        config: EdgeConfig,
        key: str,
        outbox: Outbox,
        beat: Callable[[], Beat],
        *,
        beat_every: float = BEAT,
    ) -> None:
        """Prepare the connection.

        Args:
            config: device, market and the hub's address.
            key: what proves this device to the broker.
            outbox: where messages wait and receipts are told.
            beat: gives the health to report, every `beat_every` seconds.
            beat_every: seconds.
        """
        self.connected = False
        """The broker said yes and has not gone since."""
        self._config, self._outbox = config, outbox
        self._beat, self._beat_every = beat, beat_every
        self._heard: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._under_way: dict[int, int] = {}
        """Message of the client → row of the outbox."""
        self._listening = False
        self._last_beat = self._next_beat = self._again_at = 0.0
        self._said = ""
        self._stopping = threading.Event()
        self._ears: dict[str, Callable[[bytes], None]] = {self._topic("receipt"): self._receipted}
        self._client = self._build(key)
        self._worker = threading.Thread(target=self.run, name="link", daemon=True)

    def hear(self, kind: Kind, by: Callable[[bytes], None]) -> None:
        """Have `by` called, in the worker, with what the hub says on `kind`; before `start`."""
        self._ears[self._topic(kind)] = by

    def start(self) -> None:
        """Begin to connect, for as long as it takes; returns at once."""
        address = urlsplit(self._config.hub.mqtt)
        self._client.connect_async(address.hostname or "", address.port or PORTS[address.scheme], KEEPALIVE)
        self._client.loop_start()
        self._worker.start()

    def stop(self) -> None:
        """Say that this device goes, then go; within about two seconds."""
        self._stopping.set()
        self.wake()
        if self._worker.ident:
            self._worker.join(1.0)
        if self.connected:
            with suppress(RuntimeError, ValueError):  # it went in this very moment: the last will says so
                self._state(State(online=False, reason="stopped")).wait_for_publish(0.5)
        self.connected = False
        self._client.disconnect()
        # The client's own thread may sit in a connection attempt that nobody can interrupt.
        ending = threading.Thread(target=self._client.loop_stop, daemon=True)
        ending.start()
        ending.join(CONNECT_WITHIN / 2)

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._heard.put(lambda: None)

    def beat_soon(self) -> None:
        """Something changed that the hub should not learn only at the next beat."""
        self._heard.put(self._advance_beat)

    def run(self) -> None:
        """Hear and speak until stopped."""
        while not self._stopping.is_set():
            try:
                self.once(IDLE)
            except Exception:
                log.exception("the link stumbled and goes on")
                self._stopping.wait(1.0)

    def once(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for news, do what it asks, then send what is due."""
        try:
            self._heard.get(timeout=timeout)()
            while True:
                self._heard.get_nowait()()
        except Empty:
            pass
        if self.connected and self._listening:
            self._send(time.monotonic())

    def _send(self, now: float) -> None:
        if now >= self._next_beat:
            self._last_beat, self._next_beat = now, now + self._beat_every
            self._client.publish(self._topic("beat"), self._sealed(self._beat()), qos=0)
        if self._again_at and now >= self._again_at:
            self._again_at = 0.0
            self._outbox.again(keep=self._under_way.values())
        free = WINDOW - len(self._under_way)
        for row in self._outbox.due(now, free) if free > 0 else ():
            self._under_way[self._client.publish(self._topic(row.kind), row.data, qos=1).mid] = row.id

    def _sealed(self, body: Beat | State) -> bytes:
        return encode(seal(self._config.device, self._outbox.epoch, body))

    def _state(self, state: State) -> mqtt.MQTTMessageInfo:
        return self._client.publish(self._topic("state"), self._sealed(state), qos=1, retain=True)

    def _topic(self, kind: Kind) -> str:
        return str(Topic(self._config.market, self._config.device, kind))

    def _advance_beat(self) -> None:
        self._next_beat = min(self._next_beat, self._last_beat + SOONEST_BEAT)

    # What the broker says; each of these runs in the worker.

    def _answered(self, code: ReasonCode) -> None:
        if code.is_failure:
            self._say(
                f"the broker refuses {self._config.device}: {code}; check its key and the hub's device list"
            )
            return
        self._say(f"connected to {self._config.hub.mqtt} as {self._config.device}")
        self.connected = True
        self._client.subscribe([(topic, 0) for topic in self._ears])
        self._state(State(online=True))
        self._next_beat = 0.0
        self._again_at = time.monotonic() + random.uniform(0.0, SPREAD)  # noqa: S311 - jitter, not a secret

    def _gone(self, code: ReasonCode) -> None:
        if self.connected:
            self._say(f"the broker is gone: {code}; {self._outbox.counts().queued} messages wait")
        self.connected = self._listening = False

    def _unreachable(self) -> None:
        self._say(f"nobody answers at {self._config.hub.mqtt}; trying again")

    def _subscribed(self, codes: list[ReasonCode]) -> None:
        self._listening = True
        if any(code.is_failure for code in codes):
            self._say(
                f"the broker lets {self._config.device} hear nothing from the hub; check its permissions"
            )

    def _acknowledged(self, message: int) -> None:
        row = self._under_way.pop(message, None)
        if row is not None:
            self._outbox.sent([row], time.monotonic())

    def _received(self, topic: str, data: bytes) -> None:
        self._ears.get(topic, self._strange)(data)

    def _strange(self, data: bytes) -> None:
        log.warning("%d bytes came on a topic that nobody here listens to", len(data))

    def _receipted(self, data: bytes) -> None:
        try:
            receipt = decode_receipt(data)
        except Bad as error:
            log.warning("a receipt that cannot be read: %s", error)
            return
        self._outbox.receipted(receipt.ranges)

    def _say(self, words: str) -> None:
        """Log once what is repeated at every attempt."""
        if words != self._said:
            self._said = words
            log.info(words)

    def _build(self, key: str) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, self._config.device, protocol=mqtt.MQTTv311)
        client.username_pw_set(self._config.device, key)
        client.will_set(
            self._topic("state"), self._sealed(State(online=False, reason="last will")), 1, retain=True
        )
        client.connect_timeout = CONNECT_WITHIN
        client.max_inflight_messages_set(WINDOW + 2)
        first, most = (random.uniform(0.7, 1.3) * seconds for seconds in BACK_OFF)  # noqa: S311 - jitter
        client.reconnect_delay_set(first, most)  # type: ignore[arg-type]
        if urlsplit(self._config.hub.mqtt).scheme == "mqtts":
            client.tls_set_context(ssl.create_default_context(cafile=self._config.hub.ca_file))
        tell = self._heard.put
        client.on_connect = lambda _c, _u, _f, code, _p: tell(partial(self._answered, code))
        client.on_connect_fail = lambda _c, _u: tell(self._unreachable)
        client.on_disconnect = lambda _c, _u, _f, code, _p: tell(partial(self._gone, code))
        client.on_subscribe = lambda _c, _u, _m, codes, _p: tell(partial(self._subscribed, codes))
        client.on_publish = lambda _c, _u, mid, _r, _p: tell(partial(self._acknowledged, mid))
        client.on_message = lambda _c, _u, message: tell(
            partial(self._received, message.topic, bytes(message.payload))
        )
        return client
