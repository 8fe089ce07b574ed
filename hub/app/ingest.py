"""Role ingest: the broker or the way to it, the link, and the door that takes what the devices say."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hub.app.admission import Admission
from hub.app.ground import HubError
from hub.core.health import STALLED_SECONDS, STUCK_SECONDS
from hub.gear import stream
from hub.gear.broker import Broker, BrokerError
from hub.gear.elsewhere import Elsewhere
from hub.gear.jetstream import JetStreamLink
from hub.gear.mqtt import MqttLink, forget
from hub.gear.permissions import HUB_USER
from hub.ingest import Counts, Ingest
from hub.store.alone import Alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app.ground import Ground
    from hub.config import Settings
    from hub.ports import Hearing

READY_SECONDS = 10.0
WAIT_SECONDS = 0.5

log = logging.getLogger(__name__)


class IngestPart:
    """Broker, link and ingest of one process; `woke` is called after each commit."""

    def __init__(self, ground: Ground, woke: Callable[[], None]) -> None:
        self._ground, self._woke = ground, woke
        self._broker = broker = _broker(ground.settings)
        self._admission = Admission(ground, broker.admit) if isinstance(broker, Broker) else None
        self._alone = Alone(ground.engine, "ingest")
        self._link: Hearing | None = None
        self._ingest: Ingest | None = None

    @property
    def mqtt_url(self) -> str:
        """Where devices connect."""
        return f"mqtt://{self._broker.host}:{self._broker.port}"

    @property
    def link(self) -> Hearing | None:
        """The way to the devices, once it was begun."""
        return self._link

    @property
    def counts(self) -> Counts:
        """What became of the messages since start."""
        return self._ingest.counts if self._ingest else Counts()

    def start(self) -> None:
        """Broker, link, ingest; where only one process may hear the devices, it waits for the one before it.

        Raises:
            BrokerError: the broker cannot run here.
            HubError: it runs and does not let the hub in.
        """
        settings = self._ground.settings
        if settings.gear == "mqtt" or not settings.broker:
            self._wait_alone()
        self._broker.start()
        self._link = link = open_link(settings, self._broker)
        link.start()
        if not link.wait_ready(READY_SECONDS):
            where = f"{self._broker.host}:{self._broker.port}"
            raise HubError(f"the broker at {where} does not let the hub in; see its log")
        if settings.gear == "jetstream":
            self._forget_mqtt()
        if not self._bound():
            log.warning("the broker's store for MQTT has no limit yet; it gets one at the next start")
        # Devices come in last: what they say before the hub's own stream stands would reach nobody.
        if self._admission:
            self._admission.start()
        self._ingest = Ingest(settings.served, link, self._ground.writing, self._ground.clock, self._woke)
        self._ingest.start()

    def stop(self) -> None:
        """Ingest first, so that what is committed is still receipted; the broker last."""
        if self._ingest:
            self._ingest.stop()
        if self._link:
            self._link.stop()
        if self._admission:
            self._admission.stop()
        self._broker.stop()
        self._alone.give()

    def _wait_alone(self) -> None:
        """A second process that heard by MQTT would take the first one's session, and its broker, from it."""
        if self._alone.take():
            return
        log.warning("another process hears the devices of this database; this one waits until that one ends")
        while not self._alone.take():
            time.sleep(WAIT_SECONDS)

    def _forget_mqtt(self) -> None:
        """What the other gear left at the broker would wait there for ever and fill its store."""
        broker = self._broker
        try:
            forget(self._ground.settings.served, broker.host, broker.port, HUB_USER, broker.password)
        except OSError as error:
            log.warning("an MQTT session of an earlier hub may be left at the broker: %s", error)

    def _bound(self) -> bool:
        """Whether the broker's own store for MQTT has its limit; JetStream's link sees to it itself."""
        broker, settings = self._broker, self._ground.settings
        if settings.gear == "jetstream" or not broker.nats:
            return True
        return stream.settle(broker.nats, HUB_USER, broker.password, bounds(settings))

    def well(self) -> dict[str, bool]:
        """Whether the link to the broker stands, and what comes by it is taken."""
        return {"broker": bool(self._link and self._link.ready), "ingest": self._age < STALLED_SECONDS}

    def lives(self) -> dict[str, bool]:
        """Whether it takes messages at all, or waits for nothing but the database."""
        return {"ingest": self._age < STUCK_SECONDS or not self._ground.answers()}

    @property
    def _age(self) -> float:
        """Seconds since nothing waited."""
        return time.monotonic() - self._ingest.turned if self._ingest else 0.0


def open_link(settings: Settings, broker: Broker | Elsewhere) -> Hearing:
    """The gear that the settings name, on this broker, not yet started.

    Raises:
        BrokerError: JetStream is wanted and no address of a NATS server is given.
    """
    if settings.gear == "mqtt":
        return MqttLink(settings.served, broker.host, broker.port, HUB_USER, broker.password)
    if not broker.nats:
        raise BrokerError(
            "LIANFANG_GEAR=jetstream needs nats://host:4222 in LIANFANG_BROKER, beside mqtt://host:1883"
        )
    keeper = MqttLink((), broker.host, broker.port, HUB_USER, broker.password, hears=False)
    return JetStreamLink(
        broker.nats,
        HUB_USER,
        broker.password,
        markets=settings.served,
        bounds=bounds(settings),
        retained=keeper,
    )


def bounds(settings: Settings) -> stream.Bounds:
    """What the broker's stores are given."""
    return stream.Bounds(settings.broker_store_mb, settings.stream_replicas)


def _broker(settings: Settings) -> Broker | Elsewhere:
    if settings.broker:
        return Elsewhere(settings.broker, settings.broker_password)
    return Broker(settings.data / "broker", settings.mqtt_port, store_mb=settings.broker_store_mb)
