"""What was heard and waits to be committed: calls for help first, then new alarms, then the rest."""

from __future__ import annotations

import queue
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hub.ports import Heard

FIRST = frozenset({"sos", "reply", "state"})
"""Kinds that are few and short; nothing waits long because of them."""
GRAVE = (b'"prio":"p0"', b'"prio":"p1"')
NEW = b'"phase":"new"'
HEAD = 800
"""Bytes within which an event says how soon it should be known and what it is."""
LANES = 3


class Lanes:
    """A queue for several threads that put and one that gets; each lane first in, first out."""

    def __init__(self) -> None:
        self._rows: tuple[deque[Heard], ...] = tuple(deque() for _ in range(LANES))
        self._signs: queue.SimpleQueue[None] = queue.SimpleQueue()

    def put(self, heard: Heard) -> None:
        """Let it wait in its lane."""
        self._rows[lane(heard)].append(heard)
        self._signs.put(None)

    def get(self, seconds: float) -> Heard | None:
        """The next one, or None when none came in time."""
        with suppress(queue.Empty):
            self._signs.get(timeout=seconds)
            return next(row for row in self._rows if row).popleft()
        return None

    def qsize(self) -> int:
        """How many wait."""
        return self._signs.qsize()


def lane(heard: Heard) -> int:
    """0 goes first. Read from the bytes as they came: whether they are sound is seen later."""
    kind = heard.topic.rpartition("/")[2]
    if kind in FIRST:
        return 0
    head = heard.data[:HEAD] if kind == "event" else b""
    return 1 if NEW in head and any(word in head for word in GRAVE) else 2
