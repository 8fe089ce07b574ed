"""What was promised against what the hub's database holds: each promise there, and its effect there once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, inspect, select, text

from hub.store.alert import AlarmRecord, Alert
from hub.store.base import engine, readings
from hub.store.case import Case, CaseAlert
from hub.store.device import DeadLetter
from hub.store.evidence import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from tests.promises.market import Device


@dataclass(frozen=True, slots=True)
class Verdict:
    """Figures; everything but the first is to be 0."""

    promised: int
    lost: int
    """Promises whose fact the hub does not hold."""
    doubled: int
    """Facts that it holds more than once."""
    duplicate_cases: int
    """Alerts beyond the first of their kind, camera and zone, and cases that no alert led to."""
    told_twice: int
    """Alerts whose beginning stands more than once in the ledger."""
    dead: int
    alerts: int


def judge(url: str, devices: Iterable[Device]) -> Verdict:
    """What became of everything that `devices` promised."""
    promises = [words for device in devices for words in device.promised()]
    on = engine(url)
    try:
        with readings(on)() as s:
            held = facts(s)
            wanted = [words[1] if words[0] == "scan" else words[2] for words in promises]
            return Verdict(
                promised=len(promises),
                lost=sum(held[one] == 0 for one in wanted),
                doubled=sum(times - 1 for times in held.values()),
                duplicate_cases=again(s),
                told_twice=twice(s),
                dead=s.scalar(select(func.count()).select_from(DeadLetter)) or 0,
                alerts=s.scalar(select(func.count()).select_from(Alert)) or 0,
            )
    finally:
        on.dispose()


def facts(s: Session) -> Counter[str]:
    """How often the hub holds each fact: envelopes of events and calls, patrol points that were read."""
    read = inspect(s.connection()).has_table("scan_record")
    scans = s.scalars(text("SELECT checkpoint FROM scan_record")) if read else ()
    return Counter([*s.scalars(select(AlarmRecord.id)), *scans])


def again(s: Session) -> int:
    """Alerts and cases that should not be there."""
    grouped = select(func.count()).select_from(Alert).group_by(Alert.key)
    cases = s.scalar(select(func.count()).select_from(Case)) or 0
    of_alerts = s.scalar(select(func.count()).select_from(CaseAlert)) or 0
    return _beyond_first(s.scalars(grouped).all()) + cases - of_alerts


def twice(s: Session) -> int:
    """Beginnings of alerts that the ledger tells again."""
    begun = select(func.count()).select_from(Line).where(Line.act == "alert.new").group_by(Line.alert)
    return _beyond_first(s.scalars(begun).all())


def _beyond_first(counts: Sequence[int]) -> int:
    return sum(count - 1 for count in counts)
