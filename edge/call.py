"""Calls for help go by HTTP too: whichever way is open, and the hub counts a call once.

The rows stay the outbox's own and go by MQTT as well. The hub answers with the receipt itself.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import TYPE_CHECKING

from wire.message import Bad, decode_receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.carrier import Carrier
    from edge.outbox import Outbox, Row

log = logging.getLogger(__name__)

WHERE = "/edge/v1/sos"
PAUSES = (2.0, 5.0, 10.0, 30.0)
"""Seconds until a call is made again, by how often it was made in vain."""
IDLE = 5.0
"""Seconds between looks at the outbox when nobody wakes it."""
TAKEN = 200


class Caller:
    """One worker; `start` and `stop` once each, `wake` from any thread."""

    def __init__(self, outbox: Outbox, carrier: Carrier, heard: Callable[[], None] = lambda: None) -> None:
        """Prepare.

        Args:
            outbox: where calls wait.
            carrier: the way to the hub, this worker's own.
            heard: called when the hub has committed a call.
        """
        self.made = 0
        """Calls that the hub took this way since start."""
        self._outbox, self._carrier, self._heard = outbox, carrier, heard
        self._vain: dict[int, tuple[int, float]] = {}
        """Row → attempts in vain, and the monotonic second of the next."""
        self._fresh = threading.Event()
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="caller", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Break off; calls without a receipt stay in the outbox."""
        self._stopping.set()
        self._fresh.set()
        self._carrier.interrupt()
        if self._worker.ident:
            self._worker.join(1.0)
        self._carrier.close()

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._fresh.set()

    def run(self) -> None:
        """Call until stopped."""
        while not self._stopping.is_set():
            self._fresh.clear()
            try:
                wait = self.once(time.monotonic())
            except Exception:
                log.exception("calling for help by HTTP stumbled and goes on")
                wait = PAUSES[0]
            self._fresh.wait(wait)

    def once(self, now: float) -> float:
        """Make every call whose time has come by monotonic second `now`; returns seconds until the next."""
        rows = self._outbox.calls()
        self._vain = {row.id: self._vain[row.id] for row in rows if row.id in self._vain}
        for row in rows:
            if not self._stopping.is_set() and self._vain.get(row.id, (0, now))[1] <= now:
                self._call(row, now)
        return min((due - now for _, due in self._vain.values()), default=IDLE)

    def _call(self, row: Row, now: float) -> None:
        tried = self._vain.get(row.id, (0, 0.0))[0]
        pause = PAUSES[min(tried, len(PAUSES) - 1)] * random.uniform(1.0, 1.3)  # noqa: S311 - jitter
        self._vain[row.id] = (tried + 1, now + pause)
        try:
            answer = self._carrier.ask("POST", WHERE, row.data, {"Content-Type": "application/json"})
            if answer.status != TAKEN:
                raise ConnectionError(f"{answer.status} {answer.text[:200]!r}")
            receipt = decode_receipt(answer.text.encode())
        except (OSError, Bad) as error:
            if tried == 0 and not self._stopping.is_set():
                log.warning("a call for help does not reach the hub by HTTP: %s; it goes by MQTT", error)
            return
        self.made += 1
        self._heard()
        self._outbox.receipted(receipt.ranges)
        del self._vain[row.id]
