"""Tries a configuration: if a camera that was live does not come back, the old one is put back by itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from wire.message import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge.config import CameraConfig
    from edge.crew import Crew
    from edge.order.kept import Kept
    from edge.watch import Watch
    from wire.calendar import Calendar
    from wire.order import Config, Fields

log = logging.getLogger(__name__)

LIVE_WITHIN = 30.0
"""Seconds in which a camera that was live must be live again: its process starts, connects and decodes."""


class Unfit(ValueError):  # noqa: N818 - a refusal with a sentence
    """A configuration that does not fit this device; the text says why."""


@dataclass(frozen=True, slots=True)
class _Running:
    config: Config
    before: tuple[CameraConfig, ...]
    calendar: Calendar
    """The market's before."""
    fresh: tuple[Watch, ...]
    were_live: frozenset[str]
    until: float
    """Monotonic second at which it has failed."""


class Trial:
    """One configuration at a time; `begin`, then `step` until it is over."""

    def __init__(
        self,
        cameras: Sequence[CameraConfig],
        crew: Crew,
        kept: Kept,
        answer: Callable[[Reply], None],
        *,
        live_within: float = LIVE_WITHIN,
    ) -> None:
        """Prepare.

        Args:
            cameras: as the device's own file tells them.
            crew: who watches them.
            kept: where the last known good configuration stands.
            answer: promises a reply.
            live_within: seconds for the cameras to come back.
        """
        self._cameras, self._crew, self._kept, self._answer = tuple(cameras), crew, kept, answer
        self._live_within = live_within
        self._running: _Running | None = None

    @property
    def is_running(self) -> bool:
        """Whether one is being tried."""
        return self._running is not None

    def begin(self, config: Config, now: float) -> None:
        """Put `config` into force for now, at monotonic second `now`, or reject it.

        Raises:
            DiskError: it cannot be noted that it is tried, so it is not.
        """
        self._kept.try_(config)
        try:
            cameras = overlay(self._cameras, config.fields)
        except Unfit as unfit:
            self._settle(config, "rejected", str(unfit))
            return
        watches = {watch.camera.id: watch for watch in self._crew.watches}
        before = tuple(watch.camera for watch in watches.values())
        were_live = frozenset(name for name, watch in watches.items() if watch.eye.health().state == "live")
        calendar = self._crew.calendar
        fresh = tuple(self._crew.swap(cameras, config.fields.calendar))
        self._running = _Running(config, before, calendar, fresh, were_live, now + self._live_within)
        log.info("configuration %d is tried, %d cameras change", config.version, len(fresh))
        self.step(now)

    def step(self, now: float) -> None:
        """Look how it goes at monotonic second `now`."""
        running = self._running
        if running is None:
            return
        stumbled = [watch.camera.id for watch in running.fresh if watch.tally.stumbles]
        dark = [w.camera.id for w in running.fresh if w.camera.id in running.were_live and not _sees(w)]
        if stumbled:
            self._roll_back(running, f"looking at {', '.join(stumbled)} stumbled")
        elif not dark:
            self._running = None
            self._settle(running.config, "applied", None)
        elif now >= running.until:
            self._give_up(running, dark)

    def _give_up(self, running: _Running, dark: list[str]) -> None:
        """A camera that only was drawn anew is away by itself: what shall be hidden stays hidden."""
        before = {camera.id: camera for camera in running.before}
        blamed = [w.camera.id for w in running.fresh if _otherwise(before[w.camera.id], w.camera)]
        if to_blame := [name for name in dark if name in blamed]:
            reason = f"{', '.join(to_blame)} did not come back within {self._live_within:g} s"
            self._roll_back(running, reason)
        else:
            self._running = None
            self._settle(running.config, "applied", None)

    def _roll_back(self, running: _Running, reason: str) -> None:
        self._running = None
        self._crew.swap(running.before, running.calendar)
        self._settle(running.config, "rolled-back", reason)

    def _settle(self, config: Config, outcome: str, reason: str | None) -> None:
        self._kept.settle(config.version, "good" if outcome == "applied" else "bad", reason)
        log.log(
            logging.WARNING if reason else logging.INFO,
            "configuration %d is %s%s",
            config.version,
            outcome,
            f": {reason}" if reason else "",
        )
        given = {"to": config.id, "outcome": outcome, "reason": _line(reason), "version": config.version}
        self._answer(msgspec.convert(given, Reply))


def overlay(cameras: Sequence[CameraConfig], fields: Fields) -> tuple[CameraConfig, ...]:
    """The device's own cameras with what `fields` sets anew.

    Raises:
        Unfit: it names a camera that this device does not have.
    """
    strange = sorted(fields.cameras.keys() - {camera.id for camera in cameras})
    if strange:
        raise Unfit(f"this device has no camera {', '.join(strange)}")
    return tuple(_laid_over(camera, fields) for camera in cameras)


def _laid_over(camera: CameraConfig, fields: Fields) -> CameraConfig:
    given = fields.cameras.get(camera.id)
    names = given.__struct_fields__ if given else ()
    changed = {name: value for name in names if (value := getattr(given, name)) is not None}
    return msgspec.structs.replace(camera, **changed)


def _otherwise(before: CameraConfig, after: CameraConfig) -> bool:
    """Whether more than what is drawn on its picture has changed."""
    return msgspec.structs.replace(after, masks=before.masks, zones=before.zones) != before


def _sees(watch: Watch) -> bool:
    """Whether its camera is live and a picture of it was looked at."""
    return watch.tally.looked > 0 and watch.eye.health().state == "live"


def _line(reason: str | None) -> str | None:
    return reason[:200] if reason else None
