"""Tells the database every few seconds that this process is there, and so proves that it can be written."""

from __future__ import annotations

import logging
import os
import socket
import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from hub.service import process
from hub.service.process import Me
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.app.ground import Ground

BEAT_SECONDS = 5.0

log = logging.getLogger(__name__)


class Presence:
    """One thread; `well` is what the process leans on, and whether that works."""

    def __init__(self, ground: Ground, role: str, well: Callable[[], Mapping[str, bool]]) -> None:
        self._ground, self._well = ground, well
        settings, host, now = ground.settings, socket.gethostname(), ground.clock.now()
        markets = settings.market if role == "api" else ",".join(settings.served)
        self.me = Me(new_id(), role, markets, host, os.getpid(), now)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="presence", daemon=True)

    def start(self) -> None:
        """Say it now, and go on saying it."""
        self.once()
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Take leave, so that nobody counts on this process."""
        self._stopping.set()
        if not self._thread.is_alive():
            return
        self._thread.join(seconds)
        try:
            with self._ground.writing.begin() as session:
                process.leave(session, self.me)
        except SQLAlchemyError as error:
            log.warning("could not take leave of the database: %s", error)

    def run(self) -> None:
        """Beat until stopped; a database that is away hears it when it is back."""
        while not self._stopping.wait(BEAT_SECONDS):
            try:
                self.once()
            except SQLAlchemyError as error:
                log.warning("the database does not take this process's beat: %s", error)

    def once(self) -> None:
        """Beat once."""
        well = self._well()
        with self._ground.writing.begin() as session:
            process.tell(session, self.me, well, self._ground.clock.now())

    def well(self) -> dict[str, bool]:
        """It leans on the database only."""
        return {}

    def lives(self) -> dict[str, bool]:
        """Nothing stops when it does."""
        return {}
