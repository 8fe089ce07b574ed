"""The hub's heartbeat: devices that hear nothing of it for a while say by themselves that it is silent."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hub.service import market
from wire import message, topic
from wire.message import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Hearing

EVERY_SECONDS = 5.0
EMPTY = message.encode(Receipt(()))


class Pulse:
    """Told in each market, and only after the database has answered and while the link stands."""

    def __init__(self, markets: Sequence[str], link: Hearing, sessions: sessionmaker[Session]) -> None:
        self._markets, self._link, self._sessions = markets, link, sessions
        self._due = 0.0

    def turn(self) -> None:
        """Tell it if it is time.

        Raises:
            OperationalError: or another fault of the database's own; then nothing is told.
        """
        now = time.monotonic()
        if now < self._due or not self._link.ready:
            return
        # A session that writes: a database that only reads would let the hub keep nothing.
        with self._sessions.begin() as session:
            served = [one for one in market.names(session) if not self._markets or one in self._markets]
        self._due = now + EVERY_SECONDS
        for one in served:
            self._link.publish(topic.pulse(one), EMPTY, qos=0)
