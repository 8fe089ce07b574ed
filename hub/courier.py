"""Door: what was written for people elsewhere is carried to them, each message on a thread of its own.

Taking is committed before the sending and noting after it, and nothing is sent inside a transaction. Several
processes may carry: on PostgreSQL each takes rows that no other holds, on SQLite there is one writer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from hub.core.glossary import Pair
from hub.core.notice import Letter
from hub.ports import UndeliveredError
from hub.service import delivery
from hub.service.delivery import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ports import Clock, Notifier, Seal
    from hub.service.delivery import Parcel

EVERY = 0.5
"""Seconds between two looks; `wake` makes it look at once."""
TROUBLED = 2.0
AT_ONCE = 4
"""Messages of one kind that are under way together: a way that hangs keeps no other waiting."""
UNSET = Pair("本系统没有接通这种渠道。", "This hub has no such way.")
UNSEALED = Pair("地址打不开，请移除后重新登记。", "The address does not open. Remove it and add it again.")
STUMBLED = Pair("发送程序出错，请告诉系统管理员。", "Sending stumbled. Tell the administrator.")

log = logging.getLogger(__name__)


class Courier:
    """One thread that looks, and one for each message under way."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        ways: Mapping[str, Notifier],
        seal: Seal,
        clock: Clock,
        *,
        readings: sessionmaker[Session] | None = None,
    ) -> None:
        """Prepare.

        Args:
            sessions: sessions that write.
            ways: kind of channel → what sends by it.
            seal: opens addresses.
            clock: tells the moment.
            readings: sessions that only read, to see without disturbing anybody that nothing is due.
        """
        self.turned = time.monotonic()
        """When it looked last."""
        self._sessions, self._readings = sessions, readings or sessions
        self._ways, self._seal, self._clock = ways, seal, clock
        self._under: Counter[str] = Counter()
        self._lock = threading.Condition()
        # many that wait for the one writer would take the pool from the pages
        self._noting = threading.Lock()
        self._call = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to carry."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Take no more; what is under way and not noted goes again at the next start."""
        self._stopping.set()
        self._call.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        self.rest(seconds)

    def wake(self) -> None:
        """Something was written."""
        self._call.set()

    def rest(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when that took longer."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under.total(), seconds)

    def run(self) -> None:
        """Look every half second, or when woken, until stopped."""
        while not self._stopping.is_set():
            self._call.wait(EVERY)
            self._call.clear()
            self.turned = time.monotonic()
            try:
                self.once(self._clock.now())
            except DBAPIError as error:
                log.warning("nothing is carried while the database is in trouble: %s", error.orig)
                self._stopping.wait(TROUBLED)
            except Exception:
                log.exception("carrying stumbled and goes on")
                self._stopping.wait(TROUBLED)

    def once(self, now: datetime) -> int:
        """Set out with what is due at `now`; the number of messages."""
        with self._readings() as session:
            if not delivery.waiting(session, now):
                return 0
        room = {kind: AT_ONCE - self._under[kind] for kind in delivery.KINDS}
        with self._sessions.begin() as session:
            taken = [
                parcel
                for kind, free in room.items()
                if free > 0
                for parcel in delivery.take(session, now, free, kind)
            ]
        for parcel in taken:
            self._set_out(parcel)
        return len(taken)

    def _set_out(self, parcel: Parcel) -> None:
        with self._lock:
            self._under[parcel.kind] += 1
        threading.Thread(target=self._carry, args=(parcel,), name=f"carry {parcel.kind}", daemon=True).start()

    def _carry(self, parcel: Parcel) -> None:
        try:
            outcome = self._sent(parcel)
            with self._noting, self._sessions.begin() as session:
                delivery.note(session, parcel.id, outcome, self._clock.now())
        except Exception:  # it is taken again once its time is up
            log.exception("a message by %s was not noted", parcel.kind)
        finally:
            with self._lock:
                self._under[parcel.kind] -= 1
                self._lock.notify_all()
            self._call.set()

    def _sent(self, parcel: Parcel) -> Outcome:
        """Send it; how that went."""
        way = self._ways.get(parcel.kind)
        if way is None:
            return Outcome(UNSET, gone=True)
        try:
            address = self._seal.open(parcel.address) if parcel.address else ""
            code = self._seal.open(parcel.secret) if parcel.secret else ""
        except ValueError:
            return Outcome(UNSEALED, gone=True)
        try:
            way.send(address, _with_code(parcel.letter, code))
        except UndeliveredError as error:
            log.warning("%s does not deliver: %s", parcel.kind, error)
            return Outcome(error.why, gone=error.gone, left=error.gone)
        except Exception:
            log.exception("sending by %s stumbled", parcel.kind)
            return Outcome(STUMBLED)
        return Outcome()


def _with_code(letter: Letter, code: str) -> Letter:
    if not code:
        return letter
    zh, en = letter.zh.replace("{code}", code), letter.en.replace("{code}", code)
    return Letter(letter.id, letter.severity, zh, en, letter.notice, letter.kind, letter.url)
