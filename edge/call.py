"""Calls for help go by HTTP too: whichever way is open, and the hub counts a call once.

The rows stay the outbox's own and go by MQTT as well. The hub answers with the receipt itself.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

from edge.courier import Courier
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


class Caller(Courier):
    """Brings the outbox's calls; `wake` it when there is one."""

    def __init__(self, outbox: Outbox, carrier: Carrier, heard: Callable[[], None] = lambda: None) -> None:
        """Prepare.

        Args:
            outbox: where calls wait.
            carrier: the way to the hub, this worker's own.
            heard: called when the hub has committed a call.
        """
        super().__init__("calls for help", carrier)
        self.made = 0
        """Calls that the hub took this way since start."""
        self._outbox, self._heard = outbox, heard
        self._vain: dict[int, tuple[int, float]] = {}
        """Row → attempts in vain, and the monotonic second of the next."""

    def once(self, now: float) -> float:
        """Make every call whose time has come by monotonic second `now`; returns seconds until the next."""
        rows = self._outbox.calls()
        self._vain = {row.id: self._vain[row.id] for row in rows if row.id in self._vain}
        for row in rows:
            if not self.is_stopping and self._vain.get(row.id, (0, now))[1] <= now:
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
            if tried == 0 and not self.is_stopping:
                log.warning("a call for help does not reach the hub by HTTP: %s; it goes by MQTT", error)
            return
        self.made += 1
        self._heard()
        self._outbox.receipted(receipt.ranges)
        del self._vain[row.id]
