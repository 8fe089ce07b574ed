"""A plain MQTT client for tests: what a device or a stranger would be."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

if TYPE_CHECKING:
    from collections.abc import Callable


def eventually(true: Callable[[], object], seconds: float = 60.0) -> bool:
    """Whether it becomes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


class Listener:
    """Connects at once; `answer` says whether it was let in."""

    def __init__(self, port: int, user: str, key: str, client: str = "") -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.answer = ""
        self.granted: dict[int, bool] = {}
        self._asked = threading.Event()
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, client_id=client or user, protocol=paho.MQTTv311
        )
        self.client.username_pw_set(user, key)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self._connected
        self.client.on_subscribe = self._subscribed
        self.client.on_message = lambda _c, _d, m: self.heard.append((m.topic, bytes(m.payload)))
        self.client.connect_async("127.0.0.1", port)
        self.client.loop_start()
        self._asked.wait(60)

    def _connected(self, client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.answer = str(reason)
        if reason.is_failure:
            client.disconnect()
        self._asked.set()

    def _subscribed(self, _client: Any, _data: Any, mid: int, reasons: Any, _properties: Any) -> None:
        self.granted[mid] = not reasons[0].is_failure

    def may_hear(self, topic: str, qos: int = 0) -> bool:
        """Whether the broker lets it subscribe."""
        mid = self.client.subscribe(topic, qos)[1]
        assert mid is not None
        assert eventually(lambda: mid in self.granted)
        return self.granted[mid]

    def say(self, topic: str, data: bytes, qos: int = 1, retain: bool = False) -> None:
        """Publish and wait for the acknowledgement."""
        self.client.publish(topic, data, qos, retain).wait_for_publish(60)

    def leave(self) -> None:
        """Disconnect."""
        self.client.disconnect()
        self.client.loop_stop()
