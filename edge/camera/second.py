"""The large stream of a camera that has two: read beside the one that is looked at, in the same process."""

from __future__ import annotations

import random
import time
from threading import Thread
from typing import TYPE_CHECKING

from edge.camera.feed import Feed
from edge.camera.lost import CameraLost
from edge.camera.pace import back_off

if TYPE_CHECKING:
    from edge.camera.strand import Strand

WELL_AFTER = 10.0
"""A session that lived so many seconds ends the back-off."""


class Second:
    """Keeps a strand fed for as long as the process lives; pictures are decoded only for masks."""

    def __init__(self, url: str | int, strand: Strand) -> None:
        self._url, self._strand = url, strand

    def start(self) -> None:
        """Begin to read; returns at once."""
        Thread(target=self.run, name="main stream", daemon=True).start()

    def run(self) -> None:
        """Read, and after each loss wait a little longer and try again. Never returns."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                self._read(Feed(self._url, blind=self._strand.copies))
            except CameraLost as lost:
                self._strand.lost = str(lost)
            failures = 0 if time.monotonic() - began >= WELL_AFTER else failures
            time.sleep(back_off(failures, random.random()))  # noqa: S311 - jitter, not a secret
            failures += 1

    def _read(self, feed: Feed) -> None:
        has_begun = False
        for shot in feed.shots():
            if not has_begun and shot.frames:
                self._strand.begin(feed, shot.frames[0][1])
                has_begun = True
            self._strand.keep(shot)
            if shot.frames:
                # Decoded for its masks alone, so all that this thread does is the price of them.
                self._strand.spent = time.thread_time()
