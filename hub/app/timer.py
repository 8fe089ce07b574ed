"""Role timer: the door that the clock opens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hub.core.health import STALLED_SECONDS, STUCK_SECONDS
from hub.timer import Done, Timer

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.app.ground import Ground


class TimerPart:
    """The timer of one process; `woke` is called after an act that did something."""

    def __init__(self, ground: Ground, woke: Callable[[], None]) -> None:
        self._timer = Timer(ground.writing, ground.clock, woke)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start()

    def stop(self) -> None:
        """Finish the act at hand."""
        self._timer.stop()

    @property
    def done(self) -> dict[str, Done]:
        """How each job went."""
        return self._timer.done

    def well(self) -> dict[str, bool]:
        """Whether it comes round, and every job is done when it is due."""
        failing = any(job.failing for job in self._timer.done.values())
        return {"timer": not failing and self._age < STALLED_SECONDS}

    def lives(self) -> dict[str, bool]:
        """Whether it comes round at all."""
        return {"timer": self._age < STUCK_SECONDS}

    @property
    def _age(self) -> float:
        return time.monotonic() - self._timer.turned
