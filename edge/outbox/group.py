"""Many threads' writes share one commit: whoever comes first writes for all who came meanwhile.

Nobody waits for company: a lone thread commits at once, and while it does, the next group gathers. So a write
takes two commits at most, some milliseconds, and a disk's few syncs a second carry many promises.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.disk import DiskError

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.outbox.row import Lane
    from wire.message import Envelope

MOST = 256
"""Messages of one commit, so that none waits longer than 50 ms on a slow card."""


@dataclass(slots=True, eq=False)
class Wish:
    """A message that one thread wants kept, and what became of it."""

    envelope: Envelope
    lane: Lane
    seq: int = 0
    refusal: DiskError | None = None
    leads: bool = False
    woken: threading.Event = field(default_factory=threading.Event)

    @property
    def open(self) -> bool:
        """Neither kept nor refused yet."""
        return not self.seq and self.refusal is None


class Group:
    """The door to one writer; `join` from any thread."""

    def __init__(self, write: Callable[[list[Wish]], None]) -> None:
        """Prepare.

        Args:
            write: keeps or refuses every wish of a list; called by one thread at a time.
        """
        self._write = write
        self._gate = threading.Lock()
        self._waiting: list[Wish] = []
        self._busy = False

    def join(self, wish: Wish) -> None:
        """Return when the wish was kept; raises DiskError when it was refused."""
        with self._gate:
            self._waiting.append(wish)
            wish.leads = not self._busy
            self._busy = True
        if not wish.leads:
            wish.woken.wait()
        if wish.leads:
            self._lead()
        if wish.refusal is not None:
            raise wish.refusal

    def _lead(self) -> None:
        with self._gate:
            batch = self._waiting[:MOST]
            del self._waiting[:MOST]
        try:
            self._write(batch)
        finally:
            with self._gate:
                following = self._waiting[0] if self._waiting else None
                self._busy = following is not None
            for wish in batch:
                if wish.open:
                    wish.refusal = DiskError("the write broke off; the log says why")
                wish.woken.set()
            if following is not None:
                following.leads = True
                following.woken.set()
