"""The published roster of one workroom of the reference market, with a leave that is half covered; its kit.

Ten people one day behind the other in one cycle of ten days: every shift has two of them, every night one who
may head it, and the checker finds nothing against it. Real workrooms have theirs solved.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from hub.core import monthly
from hub.core.roster import Cell
from hub.core.roster_offer import offers
from hub.demo.people import DAYS_AHEAD
from hub.service import number
from hub.service.roster import duties, right
from hub.service.roster.asked import room
from hub.store.asset import Asset, AssetMove, Task
from hub.store.market import Grid
from hub.store.roster import Roster, RosterCell, RosterRead
from hub.store.turn import Leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from hub.store.base import Base

GRID, LEADER = "central", "shen-zhixing"
PEOPLE = (
    LEADER,
    "qiu-zhishui",
    "yu-huaimin",
    "jiang-lin",
    "peng-dahai",
    "su-wanqing",
    "jiang-ping",
    "feng-ji",
    "chang-qingsong",
    "wan-shu",
)
"""Every other of them leads the grid or has fire training."""
CYCLE = ("day", "day", "evening", "evening", None, "night", "night", None, None, None)
AWAY = "feng-ji"
UNREAD = frozenset({"jiang-lin", "feng-ji", "wan-shu"})
KIT = (
    ("vehicle", "巡逻车 3-1", "qiu-zhishui"),
    ("radio", "对讲机 3-01", "qiu-zhishui"),
    ("radio", "对讲机 3-02", "jiang-lin"),
    ("radio", "对讲机 3-03", None),
    ("radio", "对讲机 3-04", None),
    ("aid", "急救包 3-1", None),
    ("key", "配电房钥匙 3", None),
)


class NoCalendar:
    """Port Workdays where no day off is looked at."""

    def off(self, _year: int) -> None:
        """Nothing is known."""
        return


def hang(session: Session, market: str, now: datetime) -> None:
    """Publish the months around `now` that are not there yet, and enter what the workroom has."""
    today = number.day_of(session, market, now)
    for day in (today, today + timedelta(days=DAYS_AHEAD)):
        first = day.replace(day=1)
        if right.holds(session, GRID, first) is None and right.drawn(session, GRID, first) is None:
            _publish(session, market, first, today, now)
    _add(session, _kit(market, now))


def _publish(session: Session, market: str, first: date, today: date, now: datetime) -> None:
    _, last = monthly.span(f"{first:%Y-%m}")
    id_ = f"{GRID}-{first:%Y%m}"
    signed = {"made_by": LEADER, "made_at": now, "published_by": LEADER, "published_at": now}
    row = Roster(
        id=id_,
        market=market,
        grid=GRID,
        begins=first,
        ends=last,
        state="published",
        base=None,
        figures={},
        job=None,
        **signed,
    )
    session.add(row)
    session.flush()
    cells, covers = {(one.person, one.day): one for one in _cycle(first, last)}, {}
    if first <= today:
        covers = _leave(session, market, cells, today, now)
    for cell in cells.values():
        covered = covers.get((cell.person, cell.day))
        given = {"person": cell.person, "day": cell.day, "shift": cell.shift, "covers": covered}
        session.add(RosterCell(id=f"{id_}-{cell.person}-{cell.day:%d}", roster=id_, **given))
    for person in PEOPLE:
        read = None if person in UNREAD else now
        session.add(RosterRead(roster=id_, person=person, told_at=now, read_at=read))
    # From this day's midnight on, so that duties begin with their shifts.
    midnight = datetime.combine(today, time(), number.zone_of(session, market))
    duties.sync(session, row, midnight.astimezone(UTC))


def _cycle(first: date, last: date) -> Iterator[Cell]:
    for day in monthly.days(first, last):
        for place, person in enumerate(PEOPLE):
            shift = CYCLE[(day.toordinal() + place) % len(CYCLE)]
            if shift is not None:
                yield Cell(person, day, shift)


def _leave(
    session: Session, market: str, cells: dict[tuple[str, date], Cell], today: date, now: datetime
) -> dict[tuple[str, date], str]:
    """Two nights' leave soon: one is covered by who can, the other is a gap. Who covers, and for whom."""
    soon = today + 2 * monthly.DAY
    nights = [
        one.day for one in cells.values() if one.person == AWAY and one.shift == "night" and one.day >= soon
    ]
    pair = next((day for day in nights if day + monthly.DAY in nights), None)
    if pair is None:
        return {}
    days = (pair, pair + monthly.DAY)
    given = {"first": days[0], "last": days[1], "reason": "", "state": "granted", "asked_by": AWAY}
    by = {"asked_at": now, "decided_by": LEADER, "decided_at": now}
    session.add(
        Leave(
            id=f"{AWAY}-{pair}",
            market=market,
            shop=None,
            person=AWAY,
            kind="leave",
            shift=None,
            **given,
            **by,
        )
    )
    session.flush()
    for day in days:
        del cells[AWAY, day]
    first, last = monthly.span(f"{pair:%Y-%m}")
    grid = session.get_one(Grid, GRID)
    asked = room(session, grid, monthly.days(first, last), NoCalendar()).asked
    found = offers(asked, cells.values(), days[0], "night")
    comes = next((one for one in found if not one.broken and not one.busy), None)
    if comes is None:
        return {}
    cells[comes.person, days[0]] = Cell(comes.person, days[0], "night")
    return {(comes.person, days[0]): AWAY}


def _kit(market: str, now: datetime) -> Iterator[Base]:
    for place, (kind, label, person) in enumerate(KIT, 1):
        state = "out" if person else "in"
        given = {"market": market, "grid": GRID, "kind": kind, "label": label}
        yield Asset(id=f"kit-{place}", state=state, person=person, since=now, **given)
        yield AssetMove(
            id=f"kit-{place}-1", asset=f"kit-{place}", state=state, person=person, by=LEADER, at=now
        )
    due = {"market": market, "grid": GRID, "made_by": LEADER, "made_at": now}
    drill, training = now.date() + 9 * monthly.DAY, now.date() + 20 * monthly.DAY
    yield Task(id="drill-1", kind="drill", title="夜间灭火疏散演练", due=drill, took_part=[], **due)
    yield Task(id="training-1", kind="training", title="心肺复苏复训", due=training, took_part=[], **due)


def _add(session: Session, rows: Iterable[Base]) -> None:
    """Add those that are missing; pieces before what became of them."""
    for row in rows:
        if session.get(type(row), row.id) is None:  # type: ignore[attr-defined]
            session.add(row)
            session.flush()
