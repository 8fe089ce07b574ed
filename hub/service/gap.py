"""Numbers that devices have given and the hub has not heard; and how far each was heard without a gap."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from hub.core import alert as rules
from hub.core.glossary import Pair
from hub.core.severity import grade
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.place import Place
from hub.service.signal import Signal, make, mend, told
from hub.store.alert import Alert
from hub.store.device import Device, Inbox, InboxGiven, InboxMark

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MISSED_AFTER = timedelta(seconds=60)
"""A number that has not come so long after a later one of its epoch is missed."""
FORGOTTEN_AFTER = timedelta(days=30)
"""So long a gap is kept open; then whatever was in it never comes."""
KIND = "gap"


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers `first` to `last` of one epoch that were all heard, the earliest of them at `since`."""

    first: int
    last: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """How one epoch stands: heard whole up to `upto`, and the numbers missed beyond it."""

    upto: int
    missed: tuple[tuple[int, int], ...]


def sweep(s: Session, now: datetime) -> int:
    """Move the marks, forget the rows below them, tell of gaps and of their end; how many alerts changed."""
    spans, given = _spans(s), _given(s)
    epochs = {(row.device, row.epoch): row for row in s.scalars(select(InboxMark))}
    fresh: set[str] = set()
    missed: dict[str, int] = defaultdict(int)
    for (device, epoch), heard in spans.items():
        mark = epochs.get((device, epoch)) or InboxMark(device=device, epoch=epoch, upto=0, told=0, at=now)
        stands = judge(mark.upto, heard, given.get((device, epoch), ()), now)
        missed[device] += sum(last - first + 1 for first, last in stands.missed)
        highest = max((last for _, last in stands.missed), default=0)
        if highest > mark.told:
            fresh.add(device)
        _move(s, mark, stands.upto, max(highest, mark.told), now)
    return _tell(s, fresh, missed, now)


def judge(upto: int, spans: Sequence[Span], given: Sequence[tuple[int, int]], now: datetime) -> Heard:
    """How an epoch stands that was heard up to `upto` and in `spans`, sorted, with what it has given up.

    Nothing beyond the last number heard counts as given up: a device cannot shut its own mouth by mistake.
    """
    missed: list[tuple[int, int]] = []
    for number, span in enumerate(spans):
        since = min(later.since for later in spans[number:])
        holes = [hole for hole in _holes(upto + 1, span.first - 1, given) if now - since < FORGOTTEN_AFTER]
        if holes:
            missed += holes if now - since >= MISSED_AFTER else []
            return _rest(upto, missed, spans[number:], given, now)
        upto = max(upto, span.last)
    return Heard(upto, ())


def _rest(
    upto: int,
    missed: list[tuple[int, int]],
    spans: Sequence[Span],
    given: Sequence[tuple[int, int]],
    now: datetime,
) -> Heard:
    """The mark stands before the first gap; the gaps behind it count too."""
    for before, after in pairwise(spans):
        if now - after.since >= MISSED_AFTER:
            missed += _holes(before.last + 1, after.first - 1, given)
    return Heard(upto, tuple(missed))


def _holes(first: int, last: int, given: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What of `first` to `last` was not given up."""
    holes = []
    for begin, end in sorted(given):
        if begin > last or first > last:
            break
        if begin > first:
            holes.append((first, begin - 1))
        first = max(first, end + 1)
    return [*holes, (first, last)] if first <= last else holes


def _spans(s: Session) -> dict[tuple[str, str], list[Span]]:
    """All that stands in the inbox, numbers that follow one another joined."""
    place = func.row_number().over(partition_by=(Inbox.device, Inbox.epoch), order_by=Inbox.seq)
    each = select(
        Inbox.device, Inbox.epoch, Inbox.seq, Inbox.received_at, (Inbox.seq - place).label("island")
    ).subquery()
    query = (
        select(
            each.c.device,
            each.c.epoch,
            func.min(each.c.seq).label("first"),
            func.max(each.c.seq).label("last"),
            func.min(each.c.received_at).label("since"),
        )
        .group_by(each.c.device, each.c.epoch, each.c.island)
        .order_by(each.c.device, each.c.epoch, func.min(each.c.seq))
    )
    found: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in s.execute(query):
        found[row.device, row.epoch].append(Span(row.first, row.last, row.since))
    return found


def _given(s: Session) -> dict[tuple[str, str], list[tuple[int, int]]]:
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in s.scalars(select(InboxGiven)):
        found[row.device, row.epoch].append((row.first, row.last))
    return found


def _move(s: Session, mark: InboxMark, upto: int, highest: int, now: datetime) -> None:
    """Rows go in the same transaction in which the mark passes them."""
    below = (Inbox.device == mark.device, Inbox.epoch == mark.epoch, Inbox.seq <= upto)
    if (upto, highest) != (mark.upto, mark.told):
        mark.upto, mark.told, mark.at = upto, highest, now
        s.add(mark)
        s.flush()
    s.execute(delete(Inbox).where(*below), execution_options={"synchronize_session": False})
    over = (InboxGiven.device == mark.device, InboxGiven.epoch == mark.epoch, InboxGiven.last <= upto)
    s.execute(delete(InboxGiven).where(*over), execution_options={"synchronize_session": False})


def _tell(s: Session, fresh: set[str], missed: dict[str, int], now: datetime) -> int:
    """Raise an alert where a new gap is due, unless one is open; end those of devices without a gap."""
    query = select(Alert).where(Alert.kind == KIND, Alert.state.in_(rules.OPEN))
    open_ = {alert.device: alert for alert in s.scalars(query.with_for_update(skip_locked=True))}
    changed = 0
    for device in sorted(fresh - set(open_)):
        row = s.get(Device, device)
        if row is not None:
            _raise(s, row, missed[device], now)
            changed += 1
    for name, alert in open_.items():
        if not missed.get(name or ""):
            mend(s, alert, now)
            changed += 1
    return changed


def _raise(s: Session, device: Device, count: int, now: datetime) -> None:
    words = Pair(f"前端 {device.id}", f"Edge {device.id}")
    place = Place(words, None, None, None, None)
    reason = f"messages missing: {count}"
    signal = Signal(KIND, grade(KIND, "normal"), f"{KIND}|{device.id}|", place, now, reason)
    alert = make(s, device.market, signal, now)
    alert.device = device.id
    s.flush()
    public = told(alert) | {"missing": count}
    evidence.append(s, device.market, Entry("alert.new", role="system", alert=alert.id, public=public), now)
