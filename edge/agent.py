"""The edge as a whole: builds its parts, starts them, and ends everything it began."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from edge.bridge.gb28181 import build as gb28181
from edge.bridge.onvif import build as onvif
from edge.call import Caller
from edge.carrier import Carrier
from edge.crew import FIXED, Crew, open_source
from edge.glass import Glass
from edge.link import Link
from edge.metrics import Metrics, Vitals
from edge.model.card import admitted
from edge.order.build import Orders
from edge.order.deeds import Deeds, Shows
from edge.order.looks import Looks
from edge.outbox import Outbox
from edge.pulse import Pulse
from edge.record.cut import cut
from edge.record.keeper import Keeper, Ways
from edge.relay import Relay
from edge.replay.replays import Replays
from edge.scenes import Scenes
from edge.see.detect import Detector
from edge.see.selftest import chosen
from edge.silence import Silence
from edge.siren import Siren
from edge.spool import Spool
from edge.stills import Stills
from edge.tell import Teller
from edge.turns import Turns
from edge.upload import Upload
from edge.watch import LOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.config import CameraConfig, DetectorConfig, EdgeConfig
    from edge.rule.change import Change
    from edge.watch import Eye, Sees
    from wire.message import Up

FAREWELL = 0.3
"""Seconds that the last messages have to leave."""
LEAVE = 3
"""Times the reserve for alarms that stills and clips leave free on the disk."""
MB = 1 << 20


class Agent:
    """Everything of one edge; `start`, then its turns' `run` or `once`, then `stop`."""

    def __init__(
        self,
        config: EdgeConfig,
        key: str,
        detector: Sees,
        *,
        open_eye: Callable[[CameraConfig, Path], Eye] | None = None,
    ) -> None:
        """Build the parts.

        Args:
            config: what this edge is told.
            key: what proves it to the hub.
            detector: looks at the pictures of all cameras, one at a time.
            open_eye: makes what gives a camera's pictures, from its configuration and the folder for its
                clips; a supervised process a camera unless given.

        Raises:
            DiskError: the data folder cannot keep a promise.
            OSError: it cannot be made.
            ConfigError: a file that the configuration names cannot be used.
        """
        folder = Path(config.data)
        folder.mkdir(parents=True, exist_ok=True)
        self.spool = Spool(
            folder / "spool",
            most_bytes=config.spool_mb * MB,
            leave_bytes=LEAVE * config.reserve_mb * MB,
        )
        self.outbox = Outbox(
            folder / "outbox.sqlite",
            most_bytes=config.outbox_mb * MB,
            reserve_bytes=config.reserve_mb * MB,
        )
        self.keeper = Keeper(
            Path(config.recordings.folder or folder / "record"), config.recordings, self._ways()
        )
        self.orders = Orders(config, folder / "orders.sqlite", Carrier(config.hub, config.device, key))
        opened = open_eye or partial(open_source, keeper=self.keeper)
        self.crew = Crew(
            config,
            self.orders.cameras(),
            opened,
            self.spool.parts,
            self.orders.armed.hands,
            self.orders.calendar(),
        )
        self.watches = self.crew.watches
        self.silence = Silence(siren(config, folder))
        self.link = Link(
            config,
            key,
            self.outbox,
            Pulse(self.outbox, self.spool, self.watches, self.orders.twin).beat,
            silence=self.silence,
        )
        self.caller = Caller(self.outbox, Carrier(config.hub, config.device, key), self.silence.heard)
        self.upload = Upload(self.spool, Carrier(config.hub, config.device, key))
        self.stills = Stills(Carrier(config.hub, config.device, key), self.crew.veil)
        self.teller = Teller(config.device, self.outbox, self.spool, said=self._said, kept=self.upload.wake)
        self.teller.veil = self.crew.veil
        self.teller.recorded = partial(cut, self.keeper.archive)
        self.bridge = gb28181.build(config, self._states, self.teller.put)
        if self.bridge:
            self.teller.told = partial(gb28181.told, self.bridge, config)
        self.relay = Relay(config.hub, config.device, key, self._eyes, self.crew.veil)
        self.scenes = Scenes(Carrier(config.hub, config.device, key), self.watches)
        self.glass = Glass(Carrier(config.hub, config.device, key), self.crew.veil)
        self.replays = Replays(
            lambda: self.crew.edge,
            self.keeper.archive.folder,
            lambda: Carrier(config.hub, config.device, key),
        )
        shows = Shows(Looks(), self.stills, self.relay, self.glass, self.replays)
        self.turner = onvif.turner(config)
        self.crew.turner = self.turner or FIXED
        self.turns = Turns(self.crew, detector, self.teller, shows, news=self.link.beat_soon)
        self.ear = onvif.ear(
            config,
            self.turns.raised,
            self.orders.armed.hands,
            lambda: self.crew.calendar,
            self.crew.turner.is_away,
        )
        if self.ear:
            self.turns.asked = self.ear.clock_off
        deeds = Deeds(
            self.watches,
            shows,
            self.spool,
            self.teller,
            armed=self.orders.armed,
            archive=self.keeper.archive,
            end=self.turns.end,
        )
        deeds.turner, deeds.siren = self.turner, self.silence.order
        self.orders.obey(self.crew, deeds, self.link, self.teller.put)
        vitals = Vitals(
            self.outbox, self.link, self.silence, self.spool, self.watches, self.orders, relay=self.relay
        )
        vitals.keeper, vitals.ear, vitals.bridge = self.keeper, self.ear, self.bridge
        self.metrics = Metrics(config.metrics, vitals) if config.metrics else None

    def start(self) -> None:
        """Start cameras, link and workers; returns at once."""
        self.crew.start()
        parts = (
            self.link,
            self.caller,
            self.upload,
            self.stills,
            self.teller,
            self.silence,
            self.orders,
            self.keeper,
            self.relay,
            self.scenes,
            self.glass,
        )
        for part in (*parts, self.bridge, self.ear, self.turner):
            if part:
                part.start()
        if self.metrics:
            self.metrics.start()

    def stop(self) -> None:
        """End everything, cameras first; each part has seconds of its own. What is promised is kept."""
        self.turns.end()
        ending = self.crew.stop()
        self.orders.stop()
        if self.ear:
            self.ear.stop()
        self.turns.close()
        self.teller.stop()
        self._farewell()
        for part in (
            self.metrics,
            self.bridge,
            self.turner,
            self.relay,
            self.replays,
            self.glass,
            self.scenes,
            self.silence,
            self.caller,
            self.upload,
            self.stills,
            self.link,
        ):
            if part:
                part.stop()
        for thread in ending:
            thread.join(2.0)
        self.keeper.stop()
        self.outbox.close()

    def _ways(self) -> Ways:
        """How recordings speak; the parts that they speak by are made a little later."""
        return Ways(
            promise=self._promise,
            queued=lambda: self.outbox.counts().queued,
            tell=self._tell_of,
            is_live=lambda camera: any(
                watch.eye.health().state == "live" for watch in self.watches if watch.camera.id == camera
            ),
        )

    def _promise(self, body: Up) -> None:
        self.teller.promise(body)

    def _tell_of(self, change: Change, camera: str) -> None:
        for watch in self.watches:
            if watch.camera.id == camera:
                self.turns.tell(watch, change, None)

    def _eyes(self) -> dict[str, Eye]:
        return {watch.camera.id: watch.eye for watch in self.watches}

    def _states(self) -> dict[str, str]:
        return {watch.camera.id: watch.eye.health().state for watch in self.watches}

    def _said(self) -> None:
        self.link.wake()
        self.caller.wake()

    def _farewell(self) -> None:
        """Let the last messages leave, if the hub is there to receipt them."""
        until = time.monotonic() + FAREWELL
        while self.link.connected and self.outbox.counts().queued and time.monotonic() < until:
            time.sleep(0.01)


def siren(config: EdgeConfig, folder: Path) -> Siren | None:
    """The siren that the owner told this edge of."""
    told = config.siren
    return Siren(told.on, told.off, folder / "siren.on") if told else None


def load_detector(config: DetectorConfig) -> Detector:
    """The configured detector, or its partner that the self-test found quicker or truer on this machine.

    It tells unsure sights too; only those above the configured threshold begin a track.

    Raises:
        UnfitModelError: the file is missing, of another family, or not the one that was verified.
    """
    model = admitted(chosen(Path(config.model)), config.decoder)
    return Detector(model, config.decoder, min(LOW, config.threshold), config.threads)
