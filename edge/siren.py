"""The siren beside this edge, switched by the owner's own commands: a relay board, a GPIO, a speaker."""

from __future__ import annotations

import logging
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

WITHIN = 10.0
"""Seconds for a command to end."""
AGAIN = 30.0
"""Seconds until a command that failed is tried again."""


class Siren:
    """For one thread. A mark on the disk outlives a kill, so that no siren is left sounding for nobody."""

    def __init__(
        self,
        on: Sequence[str],
        off: Sequence[str],
        mark: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; what an earlier process left on counts as on.

        Args:
            on: program and arguments that make it sound; no shell reads them.
            off: those that end it.
            mark: a file that is there while it may be sounding.
            clock: monotonic seconds.
        """
        self._commands = {True: tuple(on), False: tuple(off)}
        self._mark, self._clock = mark, clock
        self._failed: tuple[bool, float] | None = None
        """Which way it did not obey, and when."""
        self.is_on: bool | None = mark.exists()
        """None when nobody knows, since a command failed on the way."""

    def sound(self, on: bool) -> None:
        """Have it sound or not; a command that fails is said and tried again later."""
        now = self._clock()
        tired = self._failed is not None and self._failed[0] == on and now < self._failed[1] + AGAIN
        if on == self.is_on or tired:
            return
        with suppress(OSError):  # a disk that takes no mark must not keep the siren quiet
            self._mark.touch()
        if not self._run(self._commands[on]):
            self._failed, self.is_on = (on, now), None
            return
        self._failed, self.is_on = None, on
        if not on:
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)

    def _run(self, command: tuple[str, ...]) -> bool:
        try:
            subprocess.run(  # noqa: S603 - the owner's own command, never a message's
                command, check=True, timeout=WITHIN, stdin=subprocess.DEVNULL, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.error("the siren does not obey %s: %s", command, error)  # noqa: TRY400 - the sentence says it
            return False
        log.warning("the siren obeyed %s", command)
        return True
