"""Three ways in which a hub hears devices, each with its real broker: one contract holds for all of them."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from contextlib import suppress
from os import kill
from typing import TYPE_CHECKING, Protocol

from hub.gear.broker import Broker, _free_port
from hub.gear.jetstream import JetStreamLink
from hub.gear.mqtt import MqttLink
from hub.gear.permissions import HOST, HUB_USER
from hub.gear.stream import Bounds
from tests.hub.gear.conftest import KEYS, PEERS
from tests.hub.gear.listener import Listener, eventually

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hub.ports import Hearing

MOSQUITTO = "/usr/sbin/mosquitto"
MARKET = "yunda"


class Stand(Protocol):
    """A broker that runs, and the ends that a hub may have on it."""

    port: int

    def link(self, markets: Sequence[str] = (MARKET,)) -> Hearing:
        """A hub's end, not yet started."""
        ...

    def strike(self) -> None:
        """Kill the broker by SIGKILL; it comes back with what it kept on its disk."""
        ...

    def stop(self) -> None:
        """End it."""
        ...


class Nats:
    """nats-server, heard by MQTT."""

    def __init__(self, folder: Path) -> None:
        self.broker = Broker(folder / "broker", again_s=1)
        self.broker.start(PEERS)
        self.port = self.broker.port

    def link(self, markets: Sequence[str] = (MARKET,)) -> Hearing:
        return MqttLink(markets, HOST, self.port, HUB_USER, self.broker.password)

    def strike(self) -> None:
        pid = self.broker.pid
        assert pid
        kill(pid, signal.SIGKILL)
        assert eventually(lambda: self.broker.pid not in (None, pid))

    def stop(self) -> None:
        self.broker.stop()


class JetStream(Nats):
    """nats-server, pulled from its JetStream."""

    def link(self, markets: Sequence[str] = (MARKET,)) -> Hearing:
        return JetStreamLink(
            self.broker.nats,
            HUB_USER,
            self.broker.password,
            markets=markets,
            bounds=Bounds(again_s=1),
            retained=MqttLink((), HOST, self.port, HUB_USER, self.broker.password, hears=False),
        )


class Mosquitto:
    """Debian's mosquitto with a store, which its defaults lack."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} {HOST}\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1\nlog_dest none\n"
            "user root\n"
        )
        self._start()

    def link(self, markets: Sequence[str] = (MARKET,)) -> Hearing:
        return MqttLink(markets, HOST, self.port, HUB_USER, "any")

    def strike(self) -> None:
        self._child.kill()
        self._child.wait()
        self._start()

    def stop(self) -> None:
        self._child.kill()
        self._child.wait()

    def _start(self) -> None:
        self._child = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError):
                listener = Listener(self.port, "any", "any")
                listener.leave()
                if listener.answer == "Success":
                    return
            time.sleep(0.05)
        raise RuntimeError("mosquitto does not come up")


STANDS: dict[str, type[Nats | JetStream | Mosquitto]] = {
    "mqtt-nats": Nats,
    "mqtt-mosquitto": Mosquitto,
    "jetstream-nats": JetStream,
}


def missing(name: str) -> str:
    """Why this stand cannot be had here; empty when it can."""
    if name == "mqtt-mosquitto" and not shutil.which(MOSQUITTO):
        return "no mosquitto: as root, run apt-get install mosquitto"
    return ""


def device(stand: Stand, name: str = "edge-west") -> Listener:
    """A device that has connected."""
    listener = Listener(stand.port, name, KEYS[name])
    assert listener.answer == "Success"
    return listener
