"""Hears what cameras themselves raise alarm about: one thread, one conversation a camera."""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.bridge.onvif.bounds import Mute
from edge.bridge.onvif.camera import camera as speak
from edge.bridge.onvif.signs import MOST, Signs
from edge.bridge.onvif.topic import sign
from edge.camera.pace import back_off
from edge.config.onvif import OnvifConfig, where
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from edge.bridge.onvif.camera import Camera, Note
    from edge.bridge.onvif.topic import Sign
    from edge.config import CameraConfig
    from edge.rule.change import Change
    from edge.rule.hand import Arming

log = logging.getLogger(__name__)

PULL = 5.0
"""Seconds that a camera may keep a question for news open; also how late an end may be told."""
CLOCK_EVERY = 600.0
"""Seconds between two looks at a camera's clock."""
WELL_AFTER = 30.0
"""A conversation that lasted so many seconds ends the back-off."""
STRANGERS = 32
"""Unknown topics of one camera that are named in the log; the others are only counted."""
STOP_WITHIN = 2.0


@dataclass(slots=True)
class Tally:
    """What one camera said since start."""

    heard: int = 0
    unknown: int = 0
    is_heard: bool = False
    """Whether it is listened to now."""
    trouble: str = ""
    """Why not."""
    clock_off: float | None = None
    """Its clock minus this machine's, seconds, as it said last; None: it is not heard."""


@dataclass(slots=True)
class _Listening:
    camera: CameraConfig
    told: OnvifConfig
    signs: Signs
    tally: Tally = field(default_factory=Tally)
    strangers: set[str] = field(default_factory=set)
    clock_due: float = 0.0


class Ear:
    """`start` and `stop` once each; `tallies` may be read from any thread."""

    def __init__(
        self,
        cameras: Iterable[tuple[CameraConfig, Arming]],
        tell: Callable[[str, Change], None],
        away: Callable[[str], bool] = lambda _camera: False,
    ) -> None:
        """Prepare.

        Args:
            cameras: those with `onvif`, and when the alarms of each count.
            tell: called from a thread of this ear with the camera's name and what changed.
            away: whether somebody has a camera turned: then its view moves, and raises alarm for that alone.
        """
        self._tell, self._away = tell, away
        self._listening = [
            _Listening(camera, camera.onvif, Signs(armed, cooldown=camera.onvif.cooldown, name=new_id))
            for camera, armed in cameras
            if camera.onvif and camera.onvif.events
        ]
        self.tallies = {one.camera.id: one.tally for one in self._listening}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._ready = threading.Event()
        self._worker = threading.Thread(target=self.run, name="onvif", daemon=True)

    def start(self) -> None:
        """Begin to listen; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Hear no more; what goes on ends."""
        if self._worker.ident and self._ready.wait(STOP_WITHIN) and self._loop and self._over:
            self._loop.call_soon_threadsafe(self._over.set)
            self._worker.join(STOP_WITHIN)

    def run(self) -> None:
        """Listen until stopped."""
        asyncio.run(self._all())

    def clock_off(self, camera: str) -> float | None:
        """How far a camera's clock is off, seconds; None where it is not heard, or does not tell."""
        tally = self.tallies.get(camera)
        return tally.clock_off if tally else None

    async def _all(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        tasks = [asyncio.create_task(self._listen(one)) for one in self._listening]
        await self._over.wait()
        ends = [(one, one.signs.close(time.time())) for one in self._listening]
        for task in tasks:
            task.cancel()
        for one, changes in ends:  # at once: to take leave of a camera that hangs takes longer than we have
            await self._say(one, changes)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, one: _Listening) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._converse(one)
            except Mute as mute:
                if one.tally.trouble != str(mute):
                    log.warning("camera %s: its own alarms are not heard: %s", one.camera.id, mute)
                one.tally.trouble = str(mute)
            except Exception:
                log.exception("camera %s: hearing it stumbled and goes on", one.camera.id)
            finally:
                one.tally.is_heard, one.tally.clock_off, one.clock_due = False, None, 0.0
                await self._say(one, one.signs.close(time.time()))
            failures = 0 if time.monotonic() - began >= WELL_AFTER else failures
            await asyncio.sleep(back_off(failures, random.random()))  # noqa: S311 - jitter, not a secret
            failures += 1

    async def _converse(self, one: _Listening) -> None:
        lost = asyncio.Event()
        async with speak(where(one.camera)) as camera:
            await camera.subscribe(lost)
            log.info("camera %s: its own alarms are heard", one.camera.id)
            one.tally.is_heard, one.tally.trouble = True, ""
            while not lost.is_set():
                await self._once(one, camera)
        raise Mute(f"{one.camera.id}: the camera let go of us")

    async def _once(self, one: _Listening, camera: Camera) -> None:
        began = time.monotonic()
        notes = await camera.pull(PULL)
        for note in notes:
            await self._hear(one, note)
        await self._say(one, one.signs.tick(time.time()))
        if began >= one.clock_due:
            one.clock_due = began + CLOCK_EVERY
            with suppress(Mute):  # one that tells no time is heard all the same
                one.tally.clock_off = await camera.clock_off()
        if time.monotonic() - began < 0.1:  # noqa: PLR2004 - it answers at once: ask no more than ten times a second
            await asyncio.sleep(0.1)

    async def _hear(self, one: _Listening, note: Note) -> None:
        one.tally.heard += 1
        found = sign(note, one.told.topics)
        if found is None:
            one.tally.unknown += 1
            if note.topic not in one.strangers and len(one.strangers) < STRANGERS:
                one.strangers.add(note.topic)
                log.info("camera %s: a topic that is not in our table: %s", one.camera.id, note.topic)
        elif found != "nothing" and (found.on is False or not self._is_moved(one, found)):
            had_room = not one.signs.dropped
            await self._say(one, one.signs.step(found, time.time()))
            if had_room and one.signs.dropped:
                log.warning("camera %s: more alarms at once than %d: not all are told", one.camera.id, MOST)

    def _is_moved(self, one: _Listening, found: Sign) -> bool:
        return found.is_of_view and self._away(one.camera.id)

    async def _say(self, one: _Listening, changes: Iterable[Change]) -> None:
        # In a thread: it may wait for a picture, and the other cameras go on meanwhile.
        for change in changes:
            await asyncio.to_thread(self._tell, one.camera.id, change)
