"""One camera watched: pictures in, changes out. Its ladder decides at which of them the detector looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from edge.counting import gauges, shown
from edge.ladder import Ladder
from edge.rule.clock import Clock
from edge.rule.lost import Lost
from edge.rule.sight import Sight
from edge.rule.timetable import opening
from edge.rules import FREE, rules_of
from edge.see.colour import colours
from edge.see.motion import NONE, Motion
from edge.see.sight import Sight as Usual
from edge.see.track import Tracker
from edge.senses import Senses
from edge.tally import Tally
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from edge.camera.clip import Clip
    from edge.camera.frame import Frame
    from edge.camera.health import Health
    from edge.camera.mask import Picture
    from edge.config import CameraConfig, EdgeConfig
    from edge.rule.change import Change, Rule, Trust
    from edge.rule.hand import Hands
    from edge.rule.scene import Scene
    from edge.see.seen import Seen
    from edge.see.track import Track
    from wire.message import Blind
    from wire.shown import Shown

GAP = 5.0
"""Stream seconds without a picture after which nobody is believed to be still there."""
SIGHT_EVERY = 1.0
"""Stream seconds between two looks at how well the camera sees."""
LOW = 0.3
"""Score from which on the detector's sights may go on with a track; only the configured one begins one."""


class Eye(Protocol):
    """What gives a camera's pictures; edge.camera.source.Source is one."""

    def start(self) -> None:
        """Begin; returns at once."""

    def stop(self) -> None:
        """End, with every process it started."""

    def next(self, timeout: float) -> Frame | None:
        """The next picture not taken yet, or the newest where too many wait."""

    def health(self) -> Health:
        """What the camera is doing."""

    def pid(self) -> int | None:
        """The process behind it."""

    def clip(self, begin: float, end: float, path: Path) -> Clip:
        """What it saw from `begin` to `end`, stream time, as a file."""

    def sleep(self, *, asleep: bool) -> None:
        """Have only keyframes decoded, or each picture again; returns at once."""

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        """Hand packets of these of its streams to `take`, and of no others."""


class Sees(Protocol):
    """What finds people and things in a picture; edge.see.detect.Detector is one."""

    def detect(self, picture: Picture) -> Seen:
        """What stands in a picture BGR uint8 [h, w, 3]."""


class Watch:
    """One camera with what is known of its scene; for one thread."""

    def __init__(
        self,
        camera: CameraConfig,
        edge: EdgeConfig,
        eye: Eye,
        *,
        after: Watch | None = None,
        hands: Hands = FREE,
    ) -> None:
        """Begin to watch.

        Args:
            camera: how it is watched.
            edge: what it belongs to.
            eye: gives its pictures.
            after: another, which watched the same camera otherwise; its loss goes on.
            hands: what is armed and disarmed by hand.
        """
        self.camera = camera
        self.eye = eye
        self.veiled = False
        """Whether another follows it under other masks: nothing that it sees may leave any more."""
        self.away = False
        """Whether somebody has it turned: what it shows is not where its zones are, nor its usual view."""
        self._was_away = False
        self.asked_off: float | None = None
        """How far its clock is off, as it says when it is asked; what its stream says goes before."""
        self.tally: Tally = Tally(after.tally if after else None)
        """What became of its pictures."""
        self._edge, self._hands = edge, hands
        self._motion = Motion()
        self._tracker = Tracker(edge.detector.threshold, LOW)
        self._opening = opening(edge.calendar, edge.clock())
        self._ladder = Ladder(self._opening)
        self._rules: tuple[Rule, ...] = ()
        self._scene: Scene | None = None
        self._moved = NONE
        self._senses = Senses(())
        self._size = (0, 0)
        self._is_single = camera.main is None and not any(zone.line for zone in camera.zones)
        """Whether what is looked at is all there is, and nobody is counted who crosses a line."""
        self._may_sleep = False
        self._last = float("-inf")
        self._lost: Lost = after._lost if after else Lost(after=camera.lost_after, name=new_id)  # noqa: SLF001 - its own kind
        limit = camera.sight.clock
        same = after is not None and after.camera.sight.clock == limit
        self._clock: Clock = after._clock if after and same else Clock(limit=limit, name=new_id)  # noqa: SLF001
        self._usual: Usual = after._usual if after and after.camera.masks == camera.masks else Usual()  # noqa: SLF001
        self._measured = float("-inf")
        told = camera.sight
        self._blind = Sight(seconds=told.seconds, frozen=told.frozen, name=new_id, kinds=told.kinds)

    def look(self, frame: Frame, detector: Sees) -> tuple[Change, ...]:
        """What this picture changes."""
        self.tally.take(frame)
        changes = self._turned() + self._broken(frame)
        self._last = frame.at
        if self.away:
            self._scene = None
            return changes
        scene = self._scene = self._senses.scene(frame.picture, self._tracks(frame, detector), frame.at)
        found = changes + tuple(change for rule in self._rules for change in rule.step(scene, frame.at))
        self.eye.sleep(asleep=self._may_sleep and self._ladder.is_calm(frame.at))
        return found + self._seeing(frame)

    def sight(self, now: float, trust: Trust | None = None) -> tuple[Change, ...]:
        """What the camera's health at wall second `now` changes; its loss ends what went on before it.

        `trust` tells how sure this machine is of its own clock, by which the camera's is judged; None: not
        at all, so that nobody's is.
        """
        health = self.eye.health()
        ended = self._end() if health.state == "lost" else ()
        told = self.asked_off if health.clock_off is None else health.clock_off
        off = told if trust and health.state == "live" else None
        return ended + self._lost.step(health, now) + self._clock.step(off, now, trust or "low")

    def close(self) -> tuple[Change, ...]:
        """The edge stops: end what goes on in the picture. A camera that is lost stays lost."""
        return self._end()

    def shown(self, frame: Frame) -> Shown | None:
        """The picture that was looked at last, with what was seen in it and what its rules have counted."""
        if self._scene is None or self._last != frame.at:
            return None
        counted = gauges(self.camera, self._edge, self._rules, self._hands, frame.at)
        return shown(frame, self._scene, self._moved, counted)

    @property
    def blind(self) -> Blind | None:
        """Why a camera that gives pictures does not see; None when it does."""
        return self._blind.told

    def _turned(self) -> tuple[Change, ...]:
        """End what went on where the camera is turned away, and begin anew where it is home again."""
        if self.away == self._was_away:
            return ()
        self._was_away = self.away
        self._motion, self._tracker = Motion(), Tracker(self._edge.detector.threshold, LOW)
        return self._end()

    def _tracks(self, frame: Frame, detector: Sees) -> tuple[Track, ...]:
        """Who is in a picture, seen by the detector or carried on without it."""
        self._moved = self._motion.boxes(frame.picture)
        if not self._ladder.step(frame.at, moved=len(self._moved) > 0):
            return self._ladder.carried(self._tracker, frame.at)
        self.tally.detected += 1
        seen = detector.detect(frame.picture)
        tracks = self._tracker.step(seen, frame.at, colours(frame.picture, seen.boxes))
        self._ladder.saw(tracks, frame.at)
        return tracks

    def _seeing(self, frame: Frame) -> tuple[Change, ...]:
        """What this picture tells of the camera's sight; only good pictures become the usual ones."""
        if 0 <= frame.at - self._measured < SIGHT_EVERY:
            return ()
        self._measured = frame.at
        changes = self._blind.step(self._usual.look(frame.picture), frame.at)
        if self._blind.is_well:
            self._usual.learn()
        elif self._blind.is_settled(frame.at):
            self._usual.begin()
        return changes

    def _broken(self, frame: Frame) -> tuple[Change, ...]:
        """Begin anew where the stream's time jumps or its pictures have another size."""
        high, wide = frame.picture.shape[:2]
        if not 0 <= frame.at - self._last <= GAP or (wide, high) != self._size:
            ended = self._end()
            set_back = frame.at < self._last
            self._motion, self._tracker = Motion(), Tracker(self._edge.detector.threshold, LOW)
            self._ladder = Ladder(self._opening)
            if set_back or (wide, high) != self._size:
                self._size = (wide, high)
                self._rules = tuple(rules_of(self.camera, self._edge, self._size, self._hands))
                needs = [sense for rule in self._rules for sense in rule.needs]
                self._senses = Senses(needs)
                self._may_sleep = self._is_single and not needs
            return ended
        return ()

    def _end(self) -> tuple[Change, ...]:
        ended = tuple(change for rule in self._rules for change in rule.close(self._last))
        return ended + self._blind.close(self._last)
