"""Role timer: the door that the clock opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.timer import Timer

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

    def well(self) -> dict[str, bool]:
        """It leans on the database only."""
        return {}
