"""What the edge has promised and the hub has not yet receipted: a queue in one SQLite file.

`put` returns after the commit; from then on the row outlives a power cut. It is deleted by the hub's receipt
alone: what a broker has acknowledged is promised by nobody. Which rows are under way is kept in memory only:
after a restart all of them are due.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import msgspec

from edge.disk import DiskError
from edge.outbox.group import Group, Wish
from edge.outbox.held import Held
from edge.outbox.reserve import Reserve
from edge.outbox.row import Lane, Numbers
from edge.outbox.store import Store
from wire.message import decode, encode, new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from edge.outbox.row import Counts, Row
    from wire.message import Envelope, Range

log = logging.getLogger(__name__)

AGAIN = 30.0
"""Seconds after which a row without a receipt is sent again, and up to a fifth more."""
AHEAD = 1000
"""Most rows under way without a receipt; past it only the alarm lane goes on, so that while the hub is away
the broker is not sent the whole backlog every half minute."""
MOST_GIVEN_UP = 64
"""Ranges that one beat can name."""
WIDEST = 2**53
SQUEEZE = ((Lane.STATE, 0.6), (Lane.ALARM, 0.3))
"""On a full disk: which lanes are still kept, and the share of the reserve that is left for graver ones. The
last of it is for receipts: they alone make room again, and need some to be written."""

T = TypeVar("T")


class Outbox:
    """The queue of one device; may be called from any thread."""

    def __init__(
        self,
        path: Path,
        *,
        most_bytes: int = 256 << 20,
        reserve_bytes: int = 0,
        again: float = AGAIN,
        ahead: int = AHEAD,
    ) -> None:
        """Open or make the file; a damaged one is set aside, and what can be read of it is kept.

        Args:
            path: the SQLite file; its folder exists.
            most_bytes: from this on thumbnails and bulk rows make room for newer ones.
            reserve_bytes: of the disk to hold for what matters when it is full.
            again: seconds after which a row without a receipt is due again.
            ahead: most rows of the lower lanes under way.

        Raises:
            DiskError: another process uses it, or the folder cannot be written.
        """
        self._numbers = Numbers(new_id())
        self._again, self._ahead = again, ahead
        self._lock = threading.Lock()
        self._closed = False
        self._reserve = Reserve(path.with_name(f"{path.name}.reserve"), reserve_bytes)
        self._store = self._open(path, most_bytes)
        self._held = Held(self._numbers)
        self._reserve.fill()
        self._group = Group(self._write)

    @property
    def epoch(self) -> str:
        """The name of this start, under which its messages count from 1."""
        return self._numbers.epoch

    def put(self, envelope: Envelope, lane: Lane) -> int:
        """Keep a message; it is promised when this returns.

        Epoch and seq are set here, `seq` counting from 1 without a gap. Puts of several threads share a
        commit. On a full disk bulk messages are refused, thumbnails left out, and what matters takes the
        reserve.

        Raises:
            Bad: the hub would refuse it, such as for its size; nothing is kept.
            DiskError: it cannot be kept, such as on a full disk, or for a bulk message in a full outbox. An
                alarm that no disk takes is sent all the same, from memory.
        """
        decode(encode(msgspec.structs.replace(envelope, epoch=self.epoch, seq=WIDEST)))
        wish = Wish(envelope, lane)
        self._group.join(wish)
        return wish.seq

    def due(self, now: float, limit: int, *, fresh: Lane = Lane.BULK, again: Lane = Lane.BULK) -> list[Row]:
        """The next rows to send, at most `limit`; they count as under way from monotonic second `now`.

        Args:
            now: monotonic seconds.
            limit: rows at most.
            fresh: the last lane of which rows are given that were not sent yet.
            again: the last lane of which rows are given that were sent and not receipted in time.
        """
        with self._lock:
            last = fresh if self._store.under_way() < self._ahead else Lane.ALARM
            rows = self._held.due(now, limit, last, again)
            self._held.mark((row.id for row in rows), now, self._again)
            if limit > len(rows):
                kept = self._readable(lambda: self._store.due(now, limit - len(rows), last, again))
                self._store.mark((row.id for row in kept), now, self._again)
                rows += kept
            return rows

    def again(self, before: float = float("inf"), keep: Collection[int] = (), last: Lane = Lane.BULK) -> None:
        """A new connection: rows sent before that second are due, except `keep`, which are on their way.

        Args:
            before: monotonic seconds.
            keep: ids of rows.
            last: the last lane of which rows are due.
        """
        with self._lock:
            for store in (self._store, self._held):
                store.again(before, keep, last)

    def receipted(self, ranges: Iterable[Range]) -> int:
        """The hub has committed these: forget them; returns how many there were.

        Raises:
            DiskError: the file cannot be written; the rows go out again and are receipted again.
        """
        spans = list(ranges)
        with self._lock:
            held = self._held.forget(spans) if len(self._held) else 0
            try:
                gone = self._sound(lambda: self._store.forget(spans))
            except DiskError as error:
                if not error.is_full:
                    raise
                self._reserve.shrink(0.0)
                self._store.fold()
                gone = self._store.forget(spans)
            self._reserve.fill()
            return gone + held

    def calls(self, limit: int = 64) -> list[Row]:
        """Calls for help that the hub has not receipted, for whoever tries another way; marks nothing."""
        with self._lock:
            return self._held.calls(limit) + self._readable(lambda: self._store.calls(limit))

    def given_up(self, most: int = MOST_GIVEN_UP) -> tuple[Range, ...]:
        """Numbers that were given up, until the hub has receipted them: it must not wait for them."""
        with self._lock:
            return self._sound(lambda: self._store.given_up(most))

    def counts(self) -> Counts:
        """How full it is now."""
        with self._lock:
            return replace(self._sound(self._store.counts), held=len(self._held))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._closed = True
            for store in (self._store, self._held):
                store.close()

    def _open(self, path: Path, most_bytes: int) -> Store:
        try:
            return Store(path, self._numbers, most_bytes)
        except DiskError as error:
            if not error.is_full:
                raise
        self._reserve.shrink(0.0)
        return Store(path, self._numbers, most_bytes)

    def _write(self, batch: list[Wish]) -> None:
        """Keep or refuse each wish; the group's one writer."""
        with self._lock:
            self._reserve.fill()
            scarce = self._reserve.is_scarce()
            if scarce:
                self._refuse(
                    batch, Lane.STATE, DiskError("the disk is nearly full; bulk is not kept any more")
                )
            try:
                self._keep(batch, lean=scarce)
                if len(self._held):
                    self._held.release(self._store)
            except DiskError as error:
                self._squeeze(batch, error)

    def _keep(self, batch: list[Wish], *, lean: bool) -> None:
        wishes = [wish for wish in batch if wish.open]
        if wishes:
            self._sound(lambda: self._store.keep(wishes, lean=lean))

    def _squeeze(self, batch: list[Wish], error: DiskError) -> None:
        """Keep what matters most with what room is left."""
        for last, share in SQUEEZE if error.is_full else ():
            self._refuse(batch, last, error)
            if not any(wish.open for wish in batch):
                return
            self._reserve.shrink(share)
            self._store.fold()
            try:
                self._keep(batch, lean=True)
            except DiskError as more:
                error = more
        for wish in batch:
            if wish.open:
                self._store.refuse(wish, self._held.hold(wish, error))

    def _refuse(self, batch: list[Wish], last: Lane, error: DiskError) -> None:
        for wish in batch:
            if wish.open and wish.lane > last:
                self._store.refuse(wish, error)

    def _readable(self, act: Callable[[], list[Row]]) -> list[Row]:
        """Rows of the disk; none from one that cannot be read, so that those in memory still go."""
        try:
            return self._sound(act)
        except DiskError:
            if not len(self._held):
                raise
            log.exception("the outbox cannot be read; alarms in memory are sent")
            return []

    def _sound(self, act: Callable[[], T]) -> T:
        """Do it, once more if the file was found to be damaged on the way."""
        try:
            return act()
        except DiskError as error:
            if not error.is_damaged or self._closed:
                raise
            log.warning("the outbox is damaged while it is used: %s", error)
        self._store.reopen()
        return act()
