"""Which devices the broker lets in: those that may speak by the database, seconds after that changed.

It looks and does not listen: who may speak is also changed by other processes, by a restore and by hand, and
the look is one small query.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from hub.gear.permissions import Peer
from hub.service import device

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from hub.app.ground import Ground

LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


class Admission:
    """One thread beside a broker of the hub's own; `admit` lets exactly these in."""

    def __init__(self, ground: Ground, admit: Callable[[Collection[Peer]], None]) -> None:
        self._ground, self._admit = ground, admit
        self._known: frozenset[Peer] = frozenset()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="admission", daemon=True)

    def start(self) -> None:
        """Let in whoever may speak now, and go on looking.

        Raises:
            SQLAlchemyError: the database does not say who.
        """
        self.once()
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        """Look until stopped; while the database is away, everybody stays as they are."""
        while not self._stopping.wait(LOOK_SECONDS):
            try:
                self.once()
            except (SQLAlchemyError, OSError) as error:
                log.warning("who may speak to the broker is not known anew: %s", error)

    def once(self) -> None:
        """Look once, and tell the broker where something changed."""
        with self._ground.reading() as session:
            peers = [Peer(*row) for row in device.speaking(session, self._ground.settings.served)]
        now = frozenset(peers)
        if now == self._known:
            return
        self._admit(peers)
        there, before = ({peer.device for peer in one} for one in (now, self._known))
        log.info(
            "the broker lets in %d devices",
            len(now),
            extra={"in": [*(there - before)], "out": [*(before - there)]},
        )
        self._known = now
