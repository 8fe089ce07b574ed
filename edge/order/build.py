"""Everything that makes this device obey its hub, or nothing of it where it is to obey nobody."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from edge.clock import WALL
from edge.order.armed import Armed
from edge.order.desk import Desk
from edge.order.kept import Kept
from edge.order.key import Asking, read
from edge.order.trial import LIVE_WITHIN, Trial, Unfit, overlay

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.carrier import Carrier
    from edge.config import CameraConfig, EdgeConfig
    from edge.crew import Crew
    from edge.link import Link
    from edge.order.deeds import Deeds
    from wire.calendar import Calendar
    from wire.message import Reply, Twin

log = logging.getLogger(__name__)


class Orders:
    """First `cameras`, then `obey`, then `start` and `stop` once each."""

    def __init__(
        self, config: EdgeConfig, path: Path, carrier: Carrier, *, live_within: float = LIVE_WITHIN
    ) -> None:
        """Open what was told before.

        Args:
            config: this edge's own file.
            path: the SQLite file; its folder exists.
            carrier: asks the hub for its key where this device has none yet.
            live_within: seconds in which a camera must be live again under a new configuration.

        Raises:
            ConfigError: the hub's key is none.
            DiskError: the file cannot be written.
        """
        self._config, self._live_within = config, live_within
        key = config.hub.orders_key_file
        self._key = Path(key) if key else None
        self._carrier = carrier
        self._checker = read(self._key) if self._key else None
        self._kept = Kept(path) if self._key else None
        self.armed = Armed(self._kept)
        """What is armed and disarmed by hand."""
        self._asking: Asking | None = None
        self.desk: Desk | None = None
        """Where orders arrive; None where nothing is obeyed."""

    def cameras(self) -> tuple[CameraConfig, ...]:
        """The cameras as this device's own file and the last known good configuration tell them."""
        while self._kept and (good := self._kept.good()):
            try:
                return overlay(self._config.cameras, good.fields)
            except Unfit as unfit:  # somebody has taken a camera out of the device's own file
                log.warning("configuration %d of the hub is left out: %s", good.version, unfit)
                self._kept.settle(good.version, "bad", str(unfit))
        return self._config.cameras

    def calendar(self) -> Calendar | None:
        """The market's calendar as the last known good configuration tells it; after `cameras`."""
        good = self._kept.good() if self._kept else None
        return good.fields.calendar if good else None

    def obey(self, crew: Crew, deeds: Deeds, link: Link, answer: Callable[[Reply], None]) -> None:
        """Make ready to obey what comes over `link`; before either is started."""
        if self._key is None or self._kept is None:
            return
        trial = Trial(self._config.cameras, crew, self._kept, answer, live_within=self._live_within)
        self.desk = Desk(
            self._config.device,
            self._checker,
            self._kept,
            deeds,
            trial,
            answer=answer,
            clock=lambda: WALL.look()[0],
        )
        link.hear("command", self.desk.hear_command)
        link.hear("config", self.desk.hear_config)
        if self._checker is None:
            self._asking = Asking(self._key, self._carrier, self.desk.trust)

    def twin(self) -> Twin | None:
        """What a beat tells of the configuration; None where nothing is obeyed."""
        return self.desk.twin() if self.desk else None

    def start(self) -> None:
        """Begin to obey; returns at once."""
        if self.desk:
            self.desk.start()
        if self._asking:
            self._asking.start()

    def stop(self) -> None:
        """Obey no more."""
        if self._asking:
            self._asking.stop()
        ended = self.desk.stop() if self.desk else True
        if self._kept and ended:
            self._kept.close()
