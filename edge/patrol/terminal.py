"""A patrol terminal as a whole: what hangs on it, the outbox, and the two ways to the hub."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from edge.call import Caller
from edge.carrier import Carrier
from edge.config import ConfigError
from edge.disk import DiskError
from edge.envelope import lane, seal
from edge.link import Link
from edge.outbox import Outbox
from edge.patrol.gps import Gps
from edge.patrol.panic import Panic
from edge.patrol.sound import Sounds
from edge.patrol.typed import Typed
from edge.patrol.walk import Walk
from edge.pulse import Pulse
from edge.silence import Silence
from wire.message import Bad, Sos

if TYPE_CHECKING:
    from edge.config.patrol import PatrolConfig, TerminalConfig
    from edge.patrol.keys import Ear
    from edge.patrol.part import Part
    from wire.message import Up

MB = 1 << 20
LOOK = 0.2
"""Seconds between looks at what is not receipted yet."""
FAREWELL = 0.3
"""Seconds that the last messages have to leave."""


class Terminal:
    """Everything of one terminal; `start`, then `run`, then `stop`."""

    def __init__(self, config: TerminalConfig, key: str) -> None:
        """Build the parts.

        Args:
            config: what this terminal is told.
            key: what proves it to the hub.

        Raises:
            DiskError: the data folder cannot keep a promise.
            OSError: it cannot be made.
            ConfigError: a library that a reader needs is not installed.
        """
        folder = Path(config.data)
        folder.mkdir(parents=True, exist_ok=True)
        self.turned = time.monotonic()
        """When the loop last came round."""
        self.gps = Gps(config.patrol.gps) if config.patrol.gps else None
        self.sounds = Sounds(config.patrol.sounds)
        self.walk = Walk(self._promise, lambda: self.gps.position() if self.gps else None, self.sounds.make)
        self.parts: tuple[Part, ...] = (
            *((self.gps,) if self.gps else ()),
            *_ports(config.patrol, self.walk),
            *_keyboards(config.patrol, self.walk),
        )
        self.outbox = Outbox(
            folder / "outbox.sqlite",
            most_bytes=config.outbox_mb * MB,
            reserve_bytes=config.reserve_mb * MB,
        )
        self.silence = Silence()
        self.link = Link(config, key, self.outbox, Pulse(self.outbox).beat, silence=self.silence)
        self.caller = Caller(self.outbox, Carrier(config.hub, config.device, key), self.silence.heard)
        self._device = config.device
        self._calling = False
        self._ending = threading.Event()

    def start(self) -> None:
        """Start link and parts; returns at once."""
        for worker in (self.link, self.caller, self.silence, self.sounds):
            worker.start()
        for part in self.parts:
            part.start()

    def run(self) -> None:
        """Until `end` is called: tell whoever called for help once the hub has heard it."""
        while not self._ending.wait(LOOK):
            self.turned = time.monotonic()
            if self._calling and not self._waits():
                self._calling = False
                self.sounds.make("heard")

    def end(self) -> None:
        """Let `run` return; from any thread, or a signal."""
        self._ending.set()

    def stop(self) -> None:
        """End everything, readers first. What is promised is kept."""
        for part in self.parts:
            part.stop()
        until = time.monotonic() + FAREWELL
        while self.link.connected and self.outbox.counts().queued and time.monotonic() < until:
            time.sleep(0.01)
        for worker in (self.sounds, self.silence, self.caller, self.link):
            worker.stop()
        self.outbox.close()

    def _promise(self, body: Up) -> None:
        kept = True
        try:
            self.outbox.put(seal(self._device, self.outbox.epoch, body), lane(body))
        except (Bad, DiskError) as error:
            kept = isinstance(error, DiskError) and error.is_held
            raise
        finally:
            self._calling |= kept and isinstance(body, Sos)
            self.link.wake()
            self.caller.wake()

    def _waits(self) -> bool:
        """Whether a call is not receipted yet; of a disk that cannot be read nobody knows."""
        try:
            return bool(self.outbox.calls(1))
        except DiskError:
            return True


def _ports(config: PatrolConfig, walk: Walk) -> list[Part]:
    """A part for each serial reader."""
    told = [(one.serial, one.baud, one.reads) for one in config.readers if one.serial]
    if not told:
        return []
    try:
        from edge.patrol.port import Port  # noqa: PLC0415 - a terminal without one needs no such library
    except ImportError as error:
        raise _not_installed("a serial reader", error) from error
    return [Port(node, baud, partial(walk.read, by=reads)) for node, baud, reads in told]


def _keyboards(config: PatrolConfig, walk: Walk) -> list[Part]:
    """A part for each keyboard, whatever on it is listened to: only one program may hold it."""
    ears: dict[str, list[Ear]] = {}
    for reader in config.readers:
        if reader.keyboard:
            ears.setdefault(reader.keyboard, []).append(Typed(partial(walk.read, by=reader.reads)))
    for one in config.panic:
        panic = Panic(one.key, one.seconds, partial(walk.call, one.button))
        ears.setdefault(one.keyboard, []).append(panic)
    if not ears:
        return []
    try:
        from edge.patrol.keys import Keys  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise _not_installed("a keyboard", error) from error
    return [Keys(node, listening) for node, listening in ears.items()]


def _not_installed(what: str, error: ImportError) -> ConfigError:
    name = error.name or str(error)
    return ConfigError(
        f"{what} is configured and {name} is not installed; run: pip install 'lianfang[patrol]'"
    )
