"""Sends what devices are told: signed, and again until they answer or it is too late.

Marking what is sent is committed first. If the process dies before the sending, the next turn sends again,
which a device notices and a command's counter makes harmless.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from hub.ingest.batch import TROUBLE
from hub.service import order as orders
from wire import order
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Clock, Link
    from wire.sign import Signer

EVERY = 0.5
"""Seconds between two looks; `wake` makes it look at once."""
TROUBLED = 2.0

log = logging.getLogger(__name__)


class Orders:
    """One thread; `woke` is called after it wrote ledger lines."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        link: Link,
        signer: Signer,
        clock: Clock,
        *,
        readings: sessionmaker[Session] | None = None,
        woke: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare.

        Args:
            sessions: sessions that write.
            link: the way to the devices.
            signer: signs as this hub.
            clock: tells the moment.
            readings: sessions that only read, to see without disturbing anybody that nothing is due.
            woke: called after commands have expired.
        """
        self.sent = 0
        """Orders handed to the link since start."""
        self.turned = time.monotonic()
        """When it looked last."""
        self._sessions, self._readings = sessions, readings or sessions
        self._link, self._signer, self._clock, self._woke = link, signer, clock, woke
        self._call = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="orders", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Send no more; what is not sent is due at the next start."""
        self._stopping.set()
        self._call.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def wake(self) -> None:
        """Something was ordered."""
        self._call.set()

    def run(self) -> None:
        """Look every half second, or when woken, until stopped."""
        while not self._stopping.is_set():
            self._call.wait(EVERY)
            self._call.clear()
            self.turned = time.monotonic()
            try:
                self.once(self._clock.now())
            except TROUBLE as error:
                log.warning("no order sent while the database is in trouble: %s", error)
                self._stopping.wait(TROUBLED)
            except Exception:
                log.exception("sending orders stumbled and goes on")
                self._stopping.wait(TROUBLED)

    def once(self, now: datetime) -> int:
        """Send what is due at `now`; the number of orders."""
        with self._readings() as session:
            if not orders.waiting(session, now):
                return 0
        with self._sessions.begin() as session:
            due = orders.due(session, now)
            expired = orders.expire(session, now)
        for market, told in due:
            self._send(market, told)
        self.sent += len(due)
        if expired:
            self._woke()
        return len(due)

    def _send(self, market: str, told: order.Order) -> None:
        config = isinstance(told, order.Config)
        topic = Topic(market, told.target, "config" if config else "command")
        # A command that the broker kept would be found by a device that comes when it is long over.
        self._link.publish(str(topic), order.encode(self._signer.sign(told)), qos=1, retain=config)
