"""Sounds by the owner's own commands, one after the other, while nobody waits for them."""

from __future__ import annotations

import logging
import subprocess
import threading
from queue import Full, Queue
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from edge.config.patrol import SoundsConfig

log = logging.getLogger(__name__)

Sound = Literal["taken", "refused", "called", "heard"]
WITHIN = 5.0
"""Seconds for one to end."""
MOST = 4
"""Sounds that wait; one more is left out."""


class Sounds:
    """`start` and `stop` once each; `make` from any thread."""

    def __init__(self, config: SoundsConfig) -> None:
        self._config = config
        self._waiting: Queue[Sound | None] = Queue(MOST)
        self._worker = threading.Thread(target=self.run, name="sounds", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """End, after what sounds now."""
        self._put(None)
        if self._worker.ident:
            self._worker.join(1.0)

    def make(self, sound: Sound) -> None:
        """Let it sound soon, if there is a command for it."""
        if getattr(self._config, sound):
            self._put(sound)

    def run(self) -> None:
        """Sound until stopped."""
        while sound := self._waiting.get():
            command: tuple[str, ...] = getattr(self._config, sound)
            try:
                subprocess.run(  # noqa: S603 - the owner's own command, never a message's
                    command, check=True, timeout=WITHIN, stdin=subprocess.DEVNULL, capture_output=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                log.warning("the sound `%s` does not come: %s", sound, error)

    def _put(self, sound: Sound | None) -> None:
        try:
            self._waiting.put_nowait(sound)
        except Full:
            log.info("too many sounds at once; one is left out")
