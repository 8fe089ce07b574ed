"""Letters that somebody wants tried again go the way of every message, and say what became of them."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from hub.ingest.batch import TROUBLE, Batch
from hub.ingest.letter import read
from hub.ports import Heard
from hub.service import letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Clock

EVERY_SECONDS = 1.0
MOST = 20
"""Letters of one turn: what devices say now does not wait for old letters."""

log = logging.getLogger(__name__)


class Again:
    """Looks for such letters every second."""

    def __init__(self, markets: Sequence[str], sessions: sessionmaker[Session], clock: Clock) -> None:
        self._markets, self._sessions, self._clock = markets, sessions, clock
        self._due = 0.0

    def turn(self) -> list[Batch]:
        """Try what is wanted, each in a transaction of its own; what may be receipted.

        Raises:
            OperationalError: or another fault of the database's own.
        """
        if time.monotonic() < self._due:
            return []
        self._due = time.monotonic() + EVERY_SECONDS
        tried = []
        for _ in range(MOST):
            batch = self._one()
            if batch is None:
                break
            tried.append(batch)
        return tried

    def _one(self) -> Batch | None:
        """The next wanted letter, taken or set aside anew; None when there is none."""
        now = self._clock.now()
        with self._sessions() as session:
            row = letter.wanted(session, self._markets)
            if row is None:
                return None
            batch = Batch(session, row.market, now)
            try:
                batch.settle([read(Heard(row.topic, row.payload), self._markets)])
                letter.tried(session, row, batch.buried[0][1] if batch.buried else "", now)
                session.commit()
            except TROUBLE:
                raise
            except Exception as error:  # a letter that is poison at the commit stays a letter
                log.exception("letter %s cannot be taken", row.id)
                session.rollback()
                self._fail(row.id, f"{type(error).__name__}: {error}")
        return batch

    def _fail(self, id_: str, reason: str) -> None:
        with self._sessions.begin() as session:
            letter.failed(session, id_, reason, self._clock.now())
