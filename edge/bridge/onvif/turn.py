"""Cameras turned for whoever has them, for a bounded time; then they go home by themselves.

Who may have a camera the hub decides, and signs it. This edge holds the lease's end by its own clock, so that
a camera goes home also when the hub is away.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from concurrent.futures import TimeoutError as TooLate
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.bridge.onvif.bounds import Mute
from edge.bridge.onvif.camera import camera as speak
from edge.camera.pace import LATEST, back_off
from edge.config.onvif import PtzConfig, where
from edge.order.desk import Unable
from wire.order import Goto, Move, Release

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable
    from typing import Any

    from edge.bridge.onvif.camera import Camera
    from edge.config import CameraConfig
    from wire.order import Steer

log = logging.getLogger(__name__)

SETTLE = 10.0
"""Seconds that a camera may take to be home once it was told to."""
WITHIN = 20.0
"""Seconds in which a camera has done what it was told, or is not turned."""
STEP = 0.2
STOP_WITHIN = 3.0


@dataclass(slots=True)
class _Mount:
    """One camera that can be turned."""

    camera: CameraConfig
    told: PtzConfig
    profile: str
    lease: str | None = None
    until: float = 0.0
    """Monotonic second at which it goes home."""
    away_until: float = float("-inf")
    """Monotonic second from which it is believed to show its usual view again, and judged by it."""
    astray: bool = True
    """Whether it is still to be told to go home."""
    halt_at: float | None = None
    failures: int = 0
    next_try: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One thing at a time is asked of it."""
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    speaks: Camera | None = None


class Turner:
    """`start` and `stop` once each; `do` and `is_away` from any thread."""

    def __init__(self, cameras: Iterable[CameraConfig], *, settle: float = SETTLE) -> None:
        """Prepare for those that can be turned; `settle` is the seconds on the way home."""
        self._settle = settle
        self._mounts = {
            one.id: _Mount(one, one.onvif.ptz, one.onvif.ptz.profile)
            for one in cameras
            if one.onvif and one.onvif.ptz
        }
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="ptz", daemon=True)

    def start(self) -> None:
        """Begin, and let every camera go home: nobody has one when an edge starts. Returns at once."""
        self._loop = asyncio.new_event_loop()
        self._worker.start()

    def stop(self) -> None:
        """End; a camera that somebody has stays as it is until this edge starts again."""
        self._stopping.set()
        if self._worker.ident:
            self._worker.join(STOP_WITHIN)

    def is_away(self, camera: str) -> bool:
        """Whether somebody has the camera, or it is on its way home.

        One that does not come home in time is away no more: then it is told of as moved.
        """
        mount = self._mounts.get(camera)
        return mount is not None and time.monotonic() < mount.away_until

    def do(self, args: Steer, seconds: float, *, masked: bool) -> None:
        """Turn a camera, or let it go home.

        Args:
            args: what the hub orders.
            seconds: how long whoever has it keeps it from now on.
            masked: whether parts of its usual view may not be seen.

        Raises:
            Unable: it cannot be turned, it is somebody else's, or it does not answer.
        """
        mount = self._mounts.get(args.camera)
        if mount is None:
            raise Unable(f"{args.camera} cannot be turned; its file names no `onvif: {{ptz: …}}`")
        if masked and not isinstance(args, Release):
            raise Unable(f"{args.camera} has masks, which hide the right places only where it is at home")
        if self._loop is None or self._stopping.is_set():
            raise Unable("this edge is about to end; ask again in a minute")
        future = asyncio.run_coroutine_threadsafe(self._steered(mount, args, seconds), self._loop)
        try:
            future.result(WITHIN)
        except TooLate as error:
            future.cancel()
            raise Unable(f"{args.camera} did not turn within {WITHIN:g} s") from error
        except Mute as mute:
            raise Unable(str(mute)) from mute

    def home(self, camera: str) -> None:
        """Take it from whoever has it: it goes home within moments, or as soon as it answers."""
        if mount := self._mounts.get(camera):
            mount.until = 0.0

    def run(self) -> None:
        """Look after them until stopped."""
        assert self._loop is not None, "started before it runs"
        try:
            self._loop.run_until_complete(self._all())
        finally:
            self._loop.close()

    async def _all(self) -> None:
        await asyncio.gather(*(self._tend(mount) for mount in self._mounts.values()))

    async def _tend(self, mount: _Mount) -> None:
        while not self._stopping.is_set():
            try:
                async with mount.turn:
                    await self._once(mount, time.monotonic())
            except Exception:
                log.exception("camera %s: turning it stumbled and goes on", mount.camera.id)
                mount.next_try = time.monotonic() + LATEST
                mount.halt_at = mount.halt_at and mount.next_try
            await asyncio.sleep(STEP)
        await self._hang_up(mount)

    async def _once(self, mount: _Mount, now: float) -> None:
        """Stop a movement whose moment is over, and bring home a camera that nobody has any more."""
        if mount.halt_at is not None and now >= mount.halt_at:
            await self._try(mount, now, self._halt(mount))
        elif mount.astray and now >= max(mount.until, mount.next_try):
            await self._try(mount, now, self._home(mount))

    async def _try(self, mount: _Mount, now: float, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Mute as mute:
            if mount.failures == 0:
                log.warning("camera %s: it is not where it belongs: %s", mount.camera.id, mute)
            mount.next_try = now + back_off(mount.failures, random.random())  # noqa: S311 - jitter
            mount.halt_at = mount.halt_at and mount.next_try
            mount.failures += 1
            await self._hang_up(mount)

    async def _steered(self, mount: _Mount, args: Steer, seconds: float) -> None:
        async with mount.turn:
            try:
                await self._steer(mount, args, seconds)
            except Mute:
                await self._hang_up(mount)
                raise

    async def _steer(self, mount: _Mount, args: Steer, seconds: float) -> None:
        match args:
            case Goto():
                token = mount.told.presets.get(args.preset)
                if token is None:
                    known = ", ".join(mount.told.presets)
                    raise Unable(f"{args.camera} has no preset {args.preset}; its presets: {known}")
                camera = await self._take(mount, args.lease, seconds)
                await camera.goto(mount.profile, token)
            case Move():
                camera = await self._take(mount, args.lease, seconds)
                mount.halt_at = time.monotonic() + args.seconds
                await camera.move(mount.profile, (args.pan, args.tilt, args.zoom), args.seconds)
            case Release():
                if mount.lease != args.lease:
                    raise Unable(f"{args.camera} is somebody else's by now, or at home already")
                await self._home(mount)

    async def _take(self, mount: _Mount, lease: str, seconds: float) -> Camera:
        """Whoever has it last, has it: the hub has decided."""
        camera = await self._speak(mount)
        mount.lease, mount.until = lease, time.monotonic() + seconds
        mount.away_until, mount.astray = mount.until + self._settle, True
        mount.failures, mount.next_try = 0, 0.0
        return camera

    async def _halt(self, mount: _Mount) -> None:
        await (await self._speak(mount)).halt(mount.profile)
        mount.halt_at, mount.failures = None, 0

    async def _home(self, mount: _Mount) -> None:
        camera = await self._speak(mount)
        await camera.goto(mount.profile, mount.told.presets[mount.told.home])
        now = time.monotonic()
        mount.away_until = now + self._settle if mount.lease else mount.away_until
        mount.lease, mount.until, mount.astray = None, now, False
        mount.halt_at, mount.failures = None, 0
        await self._hang_up(mount)
        log.info("camera %s: it goes home", mount.camera.id)

    async def _speak(self, mount: _Mount) -> Camera:
        if mount.speaks is None:
            mount.speaks = await mount.stack.enter_async_context(speak(where(mount.camera)))
        if not mount.profile:
            streams = await mount.speaks.streams()
            if not streams:
                raise Mute(f"{mount.camera.id}: the camera names no media profile")
            mount.profile = streams[0].token
        return mount.speaks

    async def _hang_up(self, mount: _Mount) -> None:
        mount.speaks = None
        await mount.stack.aclose()
