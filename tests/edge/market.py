"""A market for the edge's tests: a real broker with its permissions, and ear and mouth of a hub."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge.config import DetectorConfig, EdgeConfig, HubConfig
from edge.config.values import CameraConfig
from hub.gear.broker import Broker
from hub.gear.password import hash_key
from hub.gear.permissions import Peer
from wire.message import Envelope, Range, Receipt, decode, encode
from wire.topic import DOWN, pulse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MARKET, DEVICE, KEY = "yunda", "edge-west", "a key"


def config(folder: Path, mqtt_port: int = 1, http_port: int = 1, *cameras: CameraConfig) -> EdgeConfig:
    return EdgeConfig(
        device=DEVICE,
        market=MARKET,
        hub=HubConfig(f"mqtt://127.0.0.1:{mqtt_port}", f"http://127.0.0.1:{http_port}", str(folder / "key")),
        data=str(folder / "data"),
        detector=DetectorConfig(model="none.onnx"),
        cameras=cameras or (CameraConfig(id="c-2-01", url=0),),
    )


def wait_for(truth: Callable[[], object], seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while not truth():
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.01)


@contextmanager
def broker(folder: Path) -> Iterator[Broker]:
    running = Broker(folder)
    running.start([Peer(MARKET, DEVICE, hash_key(KEY))])
    try:
        yield running
    finally:
        running.stop()


class Hub:
    """Hears everything; gives receipts when asked, or at once while `receipting`."""

    def __init__(self, running: Broker) -> None:
        self.heard: list[tuple[str, bool, Envelope]] = []
        """Kind, retained, envelope."""
        self.receipting = False
        self._subscribed = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, "hub", protocol=mqtt.MQTTv311)
        self._client.username_pw_set("hub", running.password)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(f"lf/v1/{MARKET}/+/+", 1)
        self._client.on_subscribe = lambda *_: setattr(self, "_subscribed", True)
        self._client.on_message = lambda _c, _u, message: self._hear(message)
        self._client.connect("127.0.0.1", running.port)
        self._client.loop_start()
        wait_for(lambda: self._subscribed)

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        kind = message.topic.rsplit("/", 1)[1]
        if kind in DOWN:
            return
        envelope = decode(bytes(message.payload))
        self.heard.append((kind, message.retain, envelope))
        if self.receipting and envelope.seq is not None:
            self.receipt(envelope.epoch, envelope.seq, envelope.seq)

    def of(self, kind: str) -> list[Envelope]:
        return [envelope for heard, _, envelope in list(self.heard) if heard == kind]

    def seqs(self, kind: str = "event") -> list[int]:
        return [envelope.seq or 0 for envelope in self.of(kind)]

    def receipt(self, epoch: str, first: int, last: int) -> None:
        self.say("receipt", encode(Receipt(ranges=(Range(epoch=epoch, first=first, last=last),))))

    def pulse(self) -> None:
        self._client.publish(pulse(MARKET), encode(Receipt(ranges=())))

    def say(self, kind: str, data: bytes) -> None:
        self._client.publish(f"lf/v1/{MARKET}/{DEVICE}/{kind}", data)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
