"""Tells systemd that this edge lives, as long as its loop comes round."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from wire.supervisor import ALIVE, READY, STOPPING, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

STUCK = 30.0
"""Seconds without a turn of the loop, which takes one at most, after which nothing more is said."""

log = logging.getLogger(__name__)


class Watched:
    """Says so while the block lasts.

    Args:
        turned: when the loop last came round, in monotonic seconds.
        supervisor: who watches.
    """

    def __init__(self, turned: Callable[[], float], supervisor: Supervisor | None = None) -> None:
        self._turned, self._supervisor = turned, supervisor or Supervisor()
        self._over = threading.Event()
        self._said = True

    def __enter__(self) -> Self:
        self._supervisor.say(READY)
        if self._supervisor.every:
            threading.Thread(target=self._run, args=(self._supervisor.every,), daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._supervisor.say(STOPPING)

    def once(self, now: float) -> None:
        """Say it, or log once that the loop is stuck."""
        comes_round = now - self._turned() < STUCK
        if comes_round:
            self._supervisor.say(ALIVE)
        elif self._said:
            log.error("the cameras' loop is stuck; whoever watches this process will start it again")
        self._said = comes_round

    def _run(self, every: float) -> None:
        while not self._over.wait(every):
            self.once(time.monotonic())
