"""Role ingest: the broker or the way to it, the link, and the door that takes what the devices say."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hub.app.ground import HubError
from hub.core.health import STALLED_SECONDS, STUCK_SECONDS
from hub.gear.broker import Broker
from hub.gear.elsewhere import Elsewhere
from hub.gear.mqtt import MqttLink
from hub.gear.permissions import HUB_USER, Peer
from hub.ingest import Counts, Ingest
from hub.service import device

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app.ground import Ground
    from hub.config import Settings

READY_SECONDS = 10.0


class IngestPart:
    """Broker, link and ingest of one process; `woke` is called after each commit."""

    def __init__(self, ground: Ground, woke: Callable[[], None]) -> None:
        self._ground, self._woke = ground, woke
        self._broker = _broker(ground.settings)
        self._link: MqttLink | None = None
        self._ingest: Ingest | None = None

    @property
    def mqtt_url(self) -> str:
        """Where devices connect."""
        return f"mqtt://{self._broker.host}:{self._broker.port}"

    @property
    def link(self) -> MqttLink | None:
        """The way to the devices, once it was begun."""
        return self._link

    @property
    def counts(self) -> Counts:
        """What became of the messages since start."""
        return self._ingest.counts if self._ingest else Counts()

    def start(self) -> None:
        """Broker, link, ingest.

        Raises:
            BrokerError: the broker cannot run here.
            HubError: it runs and does not let the hub in.
        """
        market = self._ground.settings.market
        with self._ground.reading() as session:
            peers = [Peer(market, *row) for row in device.speaking(session, market)]
        self._broker.start(peers)
        link = MqttLink([market], self._broker.host, self._broker.port, HUB_USER, self._broker.password)
        link.start()
        self._link = link
        if not link.wait_ready(READY_SECONDS):
            where = f"{self._broker.host}:{self._broker.port}"
            raise HubError(f"the broker at {where} does not let the hub in; see its log")
        self._ingest = Ingest(market, link, self._ground.writing, self._ground.clock, self._woke)
        self._ingest.start()

    def stop(self) -> None:
        """Ingest first, so that what is committed is still receipted; the broker last."""
        if self._ingest:
            self._ingest.stop()
        if self._link:
            self._link.stop()
        self._broker.stop()

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


def _broker(settings: Settings) -> Broker | Elsewhere:
    if settings.broker:
        return Elsewhere(settings.broker, settings.broker_password)
    return Broker(settings.data / "broker", settings.mqtt_port)
