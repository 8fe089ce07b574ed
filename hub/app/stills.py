"""Hands live stills on between api processes: a page may ask another one than the device sent to."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from hub.api.stills import Still, Stills
from hub.service import process, still

if TYPE_CHECKING:
    from datetime import datetime

    from hub.app.ground import Ground

LOOK_SECONDS = 0.25
AGAIN_SECONDS = 2.0
COMPANY_SECONDS = 5.0
"""So often it is asked whether another process shows pages, too."""

log = logging.getLogger(__name__)


class StillShare:
    """One thread that writes what devices sent here and reads what they sent elsewhere."""

    def __init__(self, ground: Ground, stills: Stills) -> None:
        self._ground, self._stills = ground, stills
        self._company, self._asked = False, float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="stills", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Finish the look at hand."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        """Look until stopped; a picture that could not be handed on is soon followed by the next."""
        pause = LOOK_SECONDS
        while not self._stopping.wait(pause):
            pause = LOOK_SECONDS
            try:
                self.once()
            except SQLAlchemyError as error:
                log.warning("stills are not handed on, again in %.0f s: %s", AGAIN_SECONDS, error)
                pause = AGAIN_SECONDS

    def once(self) -> None:
        """Write what is new here, read what is new elsewhere; alone, do neither."""
        if not self._in_company():
            return
        if fresh := self._stills.fresh():
            with self._ground.writing.begin() as session:
                still.keep(session, {camera: (one.at, one.data) for camera, one in fresh.items()})
        with self._ground.reading() as session:
            kept = still.times(session)
            newer = [camera for camera, at in kept.items() if self._knows_less(camera, at)]
            pictures = still.pictures(session, newer) if newer else {}
        for camera, (at, data) in pictures.items():
            self._stills.receive(camera, Still(data, at))

    def _in_company(self) -> bool:
        if time.monotonic() >= self._asked + COMPANY_SECONDS:
            with self._ground.reading() as session:
                self._company = process.shows(session, self._ground.clock.now()) > 1
            self._asked = time.monotonic()
        return self._company

    def _knows_less(self, camera: str, at: datetime) -> bool:
        mine = self._stills.get(camera)
        return mine is None or mine.at < at
