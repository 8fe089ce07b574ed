"""Takes messages in batches, each batch in one transaction: commit, then receipt, then acknowledgement.

While the database is in trouble nothing is receipted or acknowledged and the batch is tried again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from hub.ingest.again import Again
from hub.ingest.batch import TROUBLE, Batch
from hub.ingest.count import Counts
from hub.ingest.letter import read
from hub.ingest.pulse import Pulse
from hub.ingest.receipt import receipts
from wire import message
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy.orm import Session, sessionmaker

    from hub.ingest.letter import Letter
    from hub.ports import Clock, Heard, Hearing

MOST = 500
"""Messages of one transaction."""
GATHER_SECONDS = 0.02
"""So long the first message of a batch waits for others."""
URGENT = (32, 0.002)
"""Messages and seconds of a batch that begins with a call for help: it waits for no large commit."""
IDLE_SECONDS = 0.25
BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0)

log = logging.getLogger(__name__)


class Ingest:
    """One thread.

    Args:
        markets: those that are served; none is every market.
        link: where the devices are heard.
        sessions: sessions that write.
        clock: tells the moment.
        woke: called after each commit, from that thread.
    """

    def __init__(
        self,
        markets: Sequence[str],
        link: Hearing,
        sessions: sessionmaker[Session],
        clock: Clock,
        woke: Callable[[], None] = lambda: None,
    ) -> None:
        self.counts = Counts()
        self.turned = time.monotonic()
        """When everything heard so far was last committed, or nothing waited, in monotonic seconds."""
        self._markets, self._link, self._sessions = tuple(markets), link, sessions
        self._clock, self._woke = clock, woke
        self._pulse = Pulse(self._markets, link, sessions)
        self._again = Again(self._markets, sessions, clock)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="ingest", daemon=True)

    def start(self) -> None:
        """Begin to take messages."""
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Finish the batch at hand; what is not committed by then comes again at the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def run(self) -> None:
        """Take batches until stopped."""
        failures = 0
        batch: list[Heard] = []
        while not self._stopping.is_set():
            batch = batch or self._gather()
            try:
                self._turn(batch)
                batch, failures = [], 0
                self.turned = time.monotonic()
            except Exception as error:
                # Trouble passes, and nothing was promised; a fault of our own must not end the only ear.
                pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
                log.log(
                    logging.WARNING if isinstance(error, TROUBLE) else logging.ERROR,
                    "nothing receipted, %d messages again in %.1f s",
                    len(batch),
                    pause,
                    exc_info=not isinstance(error, TROUBLE),
                )
                failures += 1
                self.counts.troubles += 1
                self._stopping.wait(pause)

    def once(self, batch: Sequence[Heard]) -> None:
        """Take `batch`: commit, receipt, acknowledge.

        Raises:
            OperationalError: or another fault of the database's own; nothing of the batch took effect.
        """
        try:
            settled = self._commit(batch)
        except TROUBLE:
            raise
        except Exception:
            # What fails only at the commit hides among the others: each is tried alone, the last is buried.
            log.exception("a batch of %d cannot be committed", len(batch))
            if len(batch) > 1:
                for heard in batch:
                    self.once([heard])
                return
            settled = self._commit(batch, doom="it cannot be committed")
        self._receipt(settled)
        self._woke()
        self._link.acknowledge(batch)

    def _turn(self, batch: list[Heard]) -> None:
        if batch:
            self.once(batch)
        if tried := self._again.turn():
            self._receipt(tried)
            self._woke()
        self._pulse.turn()

    def _gather(self) -> list[Heard]:
        first = self._link.hear(IDLE_SECONDS)
        if first is None:
            return []
        batch = [first]
        most, patience = URGENT if first.topic.endswith("/sos") else (MOST, GATHER_SECONDS)
        until = time.monotonic() + patience
        while len(batch) < most and (left := until - time.monotonic()) > 0:
            heard = self._link.hear(left)
            if heard is None:
                break
            batch.append(heard)
        return batch

    def _commit(self, batch: Sequence[Heard], doom: str = "") -> list[Batch]:
        """What is now in the database. A retained message tells old news, unless it is a state."""
        fresh = [heard for heard in batch if not heard.retained or heard.topic.endswith("/state")]
        letters = _by_market(read(heard, self._markets) for heard in fresh)
        settled: list[Batch] = []
        began = time.monotonic()
        if letters:
            now = self._clock.now()
            with self._sessions.begin() as session:
                for market in sorted(letters):
                    settled.append(Batch(session, market, now))
                    settled[-1].settle(letters[market], doom)
                    settled[-1].keep_buried()
        self.counts.add(settled, len(batch), len(batch) - len(fresh), time.monotonic() - began)
        return settled

    def _receipt(self, settled: Iterable[Batch]) -> None:
        for one in settled:
            for device, receipt in receipts(one.keys, one.given):
                where = str(Topic(one.market, device, "receipt"))
                self._link.publish(where, message.encode(receipt), qos=0)
                self.counts.receipts += 1


def _by_market(letters: Iterable[Letter]) -> dict[str, list[Letter]]:
    found: dict[str, list[Letter]] = defaultdict(list)
    for letter in letters:
        found[letter.market].append(letter)
    return found
