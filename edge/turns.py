"""The cameras of an edge taken in turn: the newest picture of one, then of the next, by one detector."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from edge.clock import WALL
from edge.see.still import jpeg

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.camera.frame import Frame
    from edge.crew import Crew
    from edge.order.deeds import Shows
    from edge.rule.change import Change, Trust
    from edge.tell import Teller
    from edge.watch import Sees, Watch

log = logging.getLogger(__name__)

IDLE = 0.02
"""Seconds to rest when no camera had a picture."""
LIVE_QUALITY = 70
PICTURE_WITHIN = 1.0
"""Seconds that an alarm of a camera's own waits for a picture."""
TRUST: dict[str, Trust] = {"ntp": "high", "ptp": "high", "gps": "high", "system": "low"}
"""What disciplines this machine's clock → how far a camera's is judged by it; without, nobody's is."""


class Turns:
    """`run` or `once` by one thread; `end` from any, signal handlers too.

    Args:
        crew: the cameras.
        detector: looks at the pictures of all of them, one at a time.
        teller: speaks of what changes.
        shows: who wants to look at a camera, and the way of its stills.
        news: called when a camera's state is another.
    """

    def __init__(
        self,
        crew: Crew,
        detector: Sees,
        teller: Teller,
        shows: Shows,
        *,
        news: Callable[[], None],
    ) -> None:
        self._crew, self._detector, self._teller = crew, detector, teller
        self._shows, self._news = shows, news
        self.asked: Callable[[str], float | None] = lambda _camera: None
        """How far a camera's clock is off, as it says when it is asked; seconds."""
        self._watches = crew.watches
        self._turn = 0
        self._idle = 0
        self._shown: dict[str, float] = {}
        self._states: dict[str, str] = {}
        self._stopping = False
        """A word and no event: a signal's handler would wait for the lock that this very thread holds."""
        self.turned = time.monotonic()
        """When the loop last came round, in monotonic seconds."""

    def run(self) -> None:
        """Take the cameras in turn until `end` is called."""
        while not self._stopping:
            self.turned = time.monotonic()
            try:
                self.once()
            except Exception:
                log.exception("camera %s: looking stumbled and goes on", self._current.camera.id)
                self._current.tally.stumbles += 1

    def once(self) -> bool:
        """One camera's turn: its next picture, if there is one, and its health; false without a picture."""
        self._turn = (self._turn + 1) % len(self._watches)
        self._take_over()
        watch = self._current
        frame = watch.eye.next(0.0)
        if watch.veiled or self._is_astray(watch):
            frame = None
        self._report(watch)
        if frame is None:
            self._idle += 1
            if self._idle >= len(self._watches):
                self._idle = 0
                time.sleep(IDLE)
            return False
        self._idle = 0
        self._shows.looks.offer(frame)
        self._show(watch, frame)
        watch.away = self._crew.turner.is_away(watch.camera.id)
        for change in watch.look(frame, self._detector):
            self.tell(watch, change, frame)
        self._try(watch, frame)
        return True

    def end(self) -> None:
        """Ask `run` to return."""
        self._stopping = True

    def close(self) -> None:
        """The edge stops: tell the end of all that goes on in the pictures."""
        self._take_over()
        for watch in self._watches:
            for change in watch.close():
                self.tell(watch, change, None)

    def tell(self, watch: Watch, change: Change, frame: Frame | None) -> None:
        """Speak of a change, which `frame` shows, if any does."""
        what = f"{change.kind} {change.phase} zone={change.zone} event={change.event}"
        log.info("camera %s: %s", watch.camera.id, what)
        self._teller.say(change, watch.camera, watch.eye, frame)

    def raised(self, camera: str, change: Change) -> None:
        """A camera itself raises alarm: speak of it, with what it shows next. From a thread of its own."""
        watch = next((watch for watch in self._watches if watch.camera.id == camera), None)
        if watch is not None:
            is_new = change.phase == "new"
            self.tell(watch, change, self._shows.looks.next(camera, PICTURE_WITHIN) if is_new else None)

    @property
    def _current(self) -> Watch:
        return self._watches[self._turn]

    def _take_over(self) -> None:
        """Let what the hub desires stand from here on; what went on under the old rules ends."""
        for watch in self._crew.take_over():
            for change in watch.close():
                self.tell(watch, change, None)

    def _is_astray(self, watch: Watch) -> bool:
        """Whether its masks hide the wrong places, since somebody has it turned; then it is called home."""
        if not self._crew.is_astray(watch):
            return False
        self._crew.turner.home(watch.camera.id)
        return True

    def _try(self, watch: Watch, frame: Frame) -> None:
        """Show what its rules count, where somebody tries them."""
        if self._shows.glass.wants(watch.camera.id) and (shown := watch.shown(frame)):
            self._shows.glass.offer(watch.camera.id, shown)

    def _show(self, watch: Watch, frame: Frame) -> None:
        camera = watch.camera
        every = self._shows.looks.every(camera.id, camera.still_every)
        if not 0 <= frame.at - self._shown.get(camera.id, float("-inf")) < every:
            self._shown[camera.id] = frame.at
            self._shows.stills.show(camera.id, frame.at, jpeg(frame.picture, LIVE_QUALITY))

    def _report(self, watch: Watch) -> None:
        """Tell of the camera's own state, and let the next beat come soon when it is another."""
        watch.asked_off = self.asked(watch.camera.id)
        for change in watch.sight(time.time(), TRUST.get(WALL.look()[1].source)):
            self.tell(watch, change, None)
        state = watch.eye.health().state
        if self._states.get(watch.camera.id) != state:
            self._states[watch.camera.id] = state
            self._news()
