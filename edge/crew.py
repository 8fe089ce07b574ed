"""The cameras of an edge, each with its watch; which of them are watched how may change while it runs."""

from __future__ import annotations

import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

import msgspec

from edge.camera.keep import Keep
from edge.camera.source import Source
from edge.rules import FREE
from edge.veil import Veil
from edge.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from edge.config import CameraConfig, EdgeConfig
    from edge.record.keeper import Keeper
    from edge.rule.hand import Hands
    from edge.watch import Eye
    from wire.calendar import Calendar

STOP_WITHIN = 3.0
MARGIN = 15.0
"""Seconds of the packet ring beyond a clip's length: a group of pictures, and the way to the cut."""


class Turning(Protocol):
    """What turns cameras; edge.bridge.onvif.turn.Turner is one."""

    def is_away(self, camera: str) -> bool:
        """Whether somebody has the camera, or it is on its way home."""

    def home(self, camera: str) -> None:
        """Take it from whoever has it."""


class _Fixed:
    """Nobody turns any."""

    def is_away(self, camera: str) -> bool:  # noqa: ARG002 - it is where it is
        return False

    def home(self, camera: str) -> None:
        """It is there."""


FIXED: Turning = _Fixed()


class Crew:
    """`watches` belong to the thread that takes them in turn, which calls `take_over` between two turns."""

    def __init__(
        self,
        config: EdgeConfig,
        cameras: Sequence[CameraConfig],
        open_eye: Callable[[CameraConfig, Path], Eye],
        clips: Path,
        hands: Hands = FREE,
        calendar: Calendar | None = None,
    ) -> None:
        """Make a watch for each camera.

        Args:
            config: the edge that they belong to.
            cameras: how each is watched at first.
            open_eye: makes what gives a camera's pictures.
            clips: the folder for its clips.
            hands: what is armed and disarmed by hand.
            calendar: the market's as the hub tells it; None: the edge's own.
        """
        self._own, self._config = config.calendar, _with(config, calendar or config.calendar)
        self._open, self._clips, self._hands = open_eye, clips, hands
        self.watches = [Watch(each, self._config, open_eye(each, clips), hands=hands) for each in cameras]
        self.veil = Veil()
        """Cameras whose masks are changing."""
        self.turner = FIXED
        """What turns them."""
        self._covered: list[int] = []
        """Places whose masks hold by now, while their veil is still drawn; once for each change."""
        self._wanted = list(self.watches)
        """As they will stand once all changes are taken over."""
        self._changes: SimpleQueue[tuple[int, Watch]] = SimpleQueue()

    def start(self) -> None:
        """Open every camera; returns at once."""
        for watch in self.watches:
            watch.eye.start()

    def stop(self) -> list[threading.Thread]:
        """Begin to close every camera, all at once; the threads that do it."""
        return _all(watch.eye.stop for watch in {id(w): w for w in (*self.watches, *self._wanted)}.values())

    @property
    def calendar(self) -> Calendar:
        """The market's, by which they are watched."""
        return self._config.calendar

    @property
    def edge(self) -> EdgeConfig:
        """The edge that they belong to, with the market's calendar as it is told."""
        return self._config

    def swap(self, cameras: Iterable[CameraConfig], calendar: Calendar | None = None) -> list[Watch]:
        """Watch these as they are now told to be; blocks while old processes end. From one thread only.

        A camera whose pictures stay the same keeps its process; only what is made of them changes. Without a
        calendar the edge's own holds.

        Returns:
            The watches that are new.
        """
        told = {watch.camera.id: watch.camera for watch in self._wanted}
        told |= {camera.id: camera for camera in cameras if camera.id in told}
        before, self._config = self._config, _with(self._config, calendar or self._own)
        places = [
            number
            for number, watch in enumerate(self._wanted)
            if told[watch.camera.id] != watch.camera or before.calendar != self._config.calendar
        ]
        reopened = [
            number
            for number in places
            if _seen(self._wanted[number].camera) != _seen(told[self._wanted[number].camera.id])
        ]
        for old in (self._wanted[number] for number in reopened):
            if old.camera.masks != told[old.camera.id].masks:
                old.veiled = True
                self.veil.draw(old.camera.id)
        for thread in _all(self._wanted[number].eye.stop for number in reopened):
            thread.join(STOP_WITHIN)
        fresh = []
        for number in places:
            old, camera = self._wanted[number], told[self._wanted[number].camera.id]
            eye = self._open(camera, self._clips) if number in reopened else old.eye
            if number in reopened:
                eye.start()
            fresh.append(Watch(camera, self._config, eye, after=old, hands=self._hands))
            self._wanted[number] = fresh[-1]
            self._changes.put((number, fresh[-1]))
        return fresh

    def take_over(self) -> list[Watch]:
        """Let the changes stand; the watches that they replace, whose rules are still to be closed."""
        gone: list[Watch] = []
        while True:
            try:
                number, watch = self._changes.get_nowait()
            except Empty:
                self._lift()
                return gone
            gone.append(self.watches[number])
            self.watches[number] = watch
            if gone[-1].veiled:
                self._covered.append(number)

    def _lift(self) -> None:
        """Masks hide the right places once their camera is at home, and no sooner."""
        astray = {number for number in set(self._covered) if self.is_astray(self.watches[number])}
        for number in self._covered:
            if number not in astray:
                self.veil.lift(self.watches[number].camera.id)
        self._covered = [number for number in self._covered if number in astray]

    def is_astray(self, watch: Watch) -> bool:
        """Whether a camera has masks and is not where they hide what they should."""
        return bool(watch.camera.masks) and self.turner.is_away(watch.camera.id)


def open_source(camera: CameraConfig, clips: Path, keeper: Keeper | None = None) -> Source:
    """A supervised process that reads this camera; digits alone are a webcam's number."""
    return Source(
        camera.id,
        _address(camera.url),
        spool=clips,
        fps=camera.fps,
        masks=camera.masks,
        width=camera.width,
        keep=Keep(
            seconds=camera.pre_roll + camera.post_roll + MARGIN,
            main=None if camera.main is None else _address(camera.main),
            scribe=keeper.scribe(camera) if keeper else None,
        ),
    )


def _address(url: str | int) -> str | int:
    return int(url) if isinstance(url, str) and url.isdecimal() else url


def _with(config: EdgeConfig, calendar: Calendar) -> EdgeConfig:
    return msgspec.structs.replace(config, calendar=calendar)


def _seen(camera: CameraConfig) -> tuple[object, ...]:
    """What of a camera's configuration its process must know."""
    return camera.url, camera.main, camera.fps, camera.width, camera.masks, camera.record


def _all(stops: Iterable[Callable[[], None]]) -> list[threading.Thread]:
    threads = [threading.Thread(target=stop, daemon=True) for stop in stops]
    for thread in threads:
        thread.start()
    return threads
