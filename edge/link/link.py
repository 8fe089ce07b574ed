"""The edge's line to the hub: MQTT 3.1.1, a window of messages under way, receipts, a beat, a last will.

One worker does everything but the client's own traffic.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from edge.envelope import seal
from edge.link.answer import Answer
from edge.link.client import begin, build, end, leave
from edge.link.sender import Sender
from edge.link.window import STALLED
from edge.silence import Silence
from wire.message import Bad, Beat, State, decode_receipt, encode
from wire.topic import Topic, pulse

if TYPE_CHECKING:
    from collections.abc import Callable

    import paho.mqtt.client as mqtt
    from paho.mqtt.reasoncodes import ReasonCode

    from edge.link.client import Spoken
    from edge.outbox import Outbox, Row
    from wire.topic import Kind

log = logging.getLogger(__name__)

BEAT = 30.0
SOONEST_BEAT = 1.0
"""Seconds between two beats at least, whatever changes."""
IDLE = 0.25


@dataclass(slots=True)
class Figures:
    """What it did since start."""

    published: int = 0
    acknowledged: int = 0
    receipts: int = 0
    connections: int = 0
    stalls: int = 0


class Link:
    """Connects, publishes from the outbox, takes receipts, beats; `start` and `stop` once each."""

    def __init__(
        self,
        config: Spoken,
        key: str,
        outbox: Outbox,
        beat: Callable[[], Beat],
        *,
        silence: Silence | None = None,
        beat_every: float = BEAT,
        stalled: float = STALLED,
    ) -> None:
        """Prepare the connection.

        Args:
            config: device, market and the hub's address.
            key: what proves this device to the broker.
            outbox: where messages wait and receipts are told.
            beat: gives the health to report, every `beat_every` seconds.
            silence: is told when the hub is heard.
            beat_every: seconds.
            stalled: seconds for the broker to acknowledge a message before the connection is made anew.
        """
        self.connected = False
        """The broker said yes and has not gone since."""
        self.figures = Figures()
        self._config, self._outbox = config, outbox
        self._beat, self._beat_every = beat, beat_every
        self._answer = Answer()
        self._sender = Sender(outbox, silence or Silence(), self._publish, stalled)
        self._heard: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._listening = False
        self._last_beat = self._next_beat = 0.0
        self._said = ""
        self._stopping = threading.Event()
        self._ears: dict[str, Callable[[bytes], None]] = {
            self._topic("receipt"): self._receipted,
            pulse(config.market): self._receipted,
        }
        self._client = build(config, key, self._heard, self)
        self._client.will_set(
            self._topic("state"), self._sealed(State(online=False, reason="last will")), 1, retain=True
        )
        self._worker = threading.Thread(target=self.run, name="link", daemon=True)

    def hear(self, kind: Kind, by: Callable[[bytes], None]) -> None:
        """Have `by` called, in the worker, with what the hub says on `kind`; before `start`."""
        self._ears[self._topic(kind)] = by

    def start(self) -> None:
        """Begin to connect, for as long as it takes; returns at once."""
        begin(self._client, self._config.hub.mqtt)
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
        end(self._client)

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
        with suppress(Empty):
            self._heard.get(timeout=timeout)()
        for _ in range(self._heard.qsize()):  # what comes meanwhile waits for the next turn
            self._heard.get_nowait()()
        now = time.monotonic()
        if self.connected and self._answers(now) and self._listening:
            self._send(now)

    def _answers(self, now: float) -> bool:
        """Whether the broker may still be believed to be there; one that hangs is left."""
        if self._sender.window.is_stalled(now) or self._answer.is_missing(now):
            self._hang_up(now)
            return False
        if self._answer.is_doubtful(now):
            self._client.subscribe(pulse(self._config.market), 0)
            self._answer.asked(now)
        return True

    def _send(self, now: float) -> None:
        if now >= self._next_beat:
            self._last_beat, self._next_beat = now, now + self._beat_every
            self._client.publish(self._topic("beat"), self._sealed(self._beat()), qos=0)
        self.figures.published += self._sender.send(now)

    def _publish(self, row: Row) -> int:
        return self._client.publish(self._topic(row.kind), row.data, qos=1).mid

    def _hang_up(self, now: float) -> None:
        """The broker answers nothing: a new connection may find a better one."""
        self._say(f"the broker does not answer; connecting to {self._config.hub.mqtt} anew")
        self.figures.stalls += 1
        self._sender.window.renew(now)
        self._answer = Answer()
        leave(self._client)

    def _sealed(self, body: Beat | State) -> bytes:
        return encode(seal(self._config.device, self._outbox.epoch, body))

    def _state(self, state: State) -> mqtt.MQTTMessageInfo:
        return self._client.publish(self._topic("state"), self._sealed(state), qos=1, retain=True)

    def _topic(self, kind: Kind) -> str:
        return str(Topic(self._config.market, self._config.device, kind))

    def _advance_beat(self) -> None:
        self._next_beat = min(self._next_beat, self._last_beat + SOONEST_BEAT)

    # What the broker says; each of these runs in the worker.

    def answered(self, code: ReasonCode) -> None:
        """Whether the broker lets this device in."""
        self._answer.heard(time.monotonic())
        if code.is_failure:
            self._say(
                f"the broker refuses {self._config.device}: {code}; check its key and the hub's device list"
            )
            return
        self._say(f"connected to {self._config.hub.mqtt} as {self._config.device}")
        self.connected = True
        self.figures.connections += 1
        self._sender.connected(time.monotonic())
        self._client.subscribe([(topic, 0) for topic in self._ears])
        self._state(State(online=True))
        self._next_beat = 0.0

    def gone(self, code: ReasonCode) -> None:
        """The connection ended."""
        if self.connected:
            self._say(f"the broker is gone: {code}; {self._outbox.counts().queued} messages wait")
        self.connected = self._listening = False

    def unreachable(self) -> None:
        """Nobody answers."""
        self._say(f"nobody answers at {self._config.hub.mqtt}; trying again")

    def subscribed(self, codes: list[ReasonCode]) -> None:
        """What may be heard; from now on receipts come, so rows may go."""
        self._answer.heard(time.monotonic())
        self._listening = True
        if any(code.is_failure for code in codes):
            self._say(
                f"the broker lets {self._config.device} hear nothing from the hub; check its permissions"
            )

    def acknowledged(self, message: int) -> None:
        """The broker has it, which promises nothing: its place in the window is free, the row waits on."""
        # Of what it need not acknowledge, such as a beat, the client tells when it left.
        if self._sender.window.acknowledged(message):
            self._answer.heard(time.monotonic())
            self.figures.acknowledged += 1

    def received(self, topic: str, data: bytes) -> None:
        """Something came for whoever listens to that topic."""
        self._answer.heard(time.monotonic())
        self._ears.get(topic, self._strange)(data)

    def _strange(self, data: bytes) -> None:
        log.warning("%d bytes came on a topic that nobody here listens to", len(data))

    def _receipted(self, data: bytes) -> None:
        try:
            receipt = decode_receipt(data)
        except Bad as error:
            log.warning("a receipt that cannot be read: %s", error)
            return
        self._sender.heard(time.monotonic())
        self.figures.receipts += 1
        if receipt.ranges:
            self._outbox.receipted(receipt.ranges)
            spans = [(span.epoch, span.first, span.last) for span in receipt.ranges]
            log.info("committed by the hub", extra={"ranges": spans})

    def _say(self, words: str) -> None:
        """Log once what is repeated at every attempt."""
        if words != self._said:
            self._said = words
            log.info(words)
