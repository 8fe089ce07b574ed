"""A sick call: somebody cannot come, their shifts are gaps at once, and it is told who could come in.

Why they cannot come is not asked and not kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import monthly
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster import SickAsked
from hub.core.roster_offer import explained
from hub.core.roster_row import dated
from hub.core.severity import P1, P2
from hub.service import evidence, notice, number, people
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.roster import change, cover, covered, right, view
from hub.service.roster.asked import cells_of, refuse_stranger, room, values
from hub.service.roster.change import Step
from hub.service.roster.draw import KINDS, has_begun
from hub.service.roster.page import look
from hub.store.market import Grid
from hub.store.turn import Leave
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role
    from hub.core.roster import SickMade
    from hub.ports import Workdays
    from hub.service.roster.view import Seen
    from hub.store.roster import Roster

View = dict[str, Any]
SOON = monthly.DAY / 2
"""A shift that begins within that and lacks somebody is told as something grave."""


def question(
    s: Session,
    actor: Actor,
    roster: str,
    person: str,
    days: Sequence[date],
    workdays: Workdays,
    now: datetime,
) -> SickAsked:
    """What the solver is asked before somebody's shifts become gaps: the least change from today on.

    Raises:
        Refused: as `call`.
    """
    row = right.seen(s, actor, roster)
    _authorize(s, actor, row, person)
    today, zone = number.day_of(s, row.market, now), number.zone_of(s, row.market)
    wanted = _days(row, days, today)
    cells = tuple(cell for cell in values(cells_of(s, row.id)) if cell.day >= today)
    span = monthly.days(max(row.begins, today), row.ends)
    found = room(s, s.get_one(Grid, row.grid), span, workdays, cells, today)
    begun = tuple(
        cell for cell in cells if cell.person != person and has_begun(zone, cell.day, cell.shift, now)
    )
    return SickAsked(replace(found.asked, fixed=begun), cells, person, wanted)


def call(
    s: Session,
    actor: Actor,
    roster: str,
    person: str,
    days: Sequence[date],
    workdays: Workdays,
    now: datetime,
) -> list[View]:
    """Enter that somebody cannot come on these days; the gaps that this leaves.

    Raises:
        Refused: the actor may not, it is no published roster, the person is not of it,
            or a day is over or of another month.
    """
    row = right.locked(s, actor, roster)
    role = _authorize(s, actor, row, person)
    wanted = _days(row, days, number.day_of(s, row.market, now))
    _leave(s, actor, row, person, wanted, now)
    seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
    gone = [
        Step(person, cell.day, cell.shift, None)
        for cell in seen.cells
        if cell.person == person and cell.day in wanted and not change.is_over(seen, cell.day, cell.shift)
    ]
    if gone:
        change.write(s, row, gone, now)
        # What was asked of a person who is away, or was asked in their place, is to be asked anew.
        open_ = [
            one for one in covered.open_of(s, row.id) if not change.fits(s, row, change.steps(one.changes))
        ]
        cover.lapse(s, open_, now)
    public = {"roster": row.id, "person": person, "shifts": len(gone)}
    evidence.append(s, row.market, Entry("roster.absent", actor, role, public=public), now)
    seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
    _tell(s, seen, person, gone, now)
    return [view.gap(seen.zone, one, now) for one in view.to_come(seen) if one.day in wanted]


def shown(s: Session, asked: SickAsked, made: SickMade, row: Roster, now: datetime) -> View:
    """The least change as a page shows it."""
    who = people.names(s, [*(one.person for one in made.changes), *made.agree])
    zone = number.zone_of(s, row.market)
    left = explained(asked.asked, made.cells).gaps
    return {
        "changes": [
            {
                "person": person_of(who, one.person),
                "day": one.day.isoformat(),
                "before": one.before,
                "after": one.after,
            }
            for one in made.changes
            if one.person != asked.person
        ],
        "consents": [person_of(who, person) for person in made.agree],
        "proved": made.proved,
        "seconds": round(made.seconds, 2),
        "left": [view.gap(zone, one, now) for one in left if one.day in asked.days],
    }


def _authorize(s: Session, actor: Actor, row: Roster, person: str) -> Role:
    own = actor.person == person
    role = right.own(s, actor, row) if own else right.role(actor, "duty.change", row)
    if row.state != right.PUBLISHED:
        en = "Only what is published has somebody to cover for. Change the draft itself."
        raise Refused("state", "cover.draft", en, "未发布的草稿请直接修改，不用报缺。")
    refuse_stranger(s, row, person)
    return role


def _days(row: Roster, days: Sequence[date], today: date) -> tuple[date, ...]:
    wanted = tuple(sorted(set(days)))
    if not wanted or wanted[0] < max(row.begins, today) or wanted[-1] > row.ends:
        en = "Choose days from today to the end of this month."
        raise Refused("input", "roster.days", en, "请选择今天起到本月底的日期。")
    return wanted


def _leave(s: Session, actor: Actor, row: Roster, person: str, days: Sequence[date], now: datetime) -> None:
    """The days are leave, granted at once, those that are not so yet; no reason is kept."""
    of = (Leave.person == person, Leave.kind == "leave", Leave.state == "granted")
    there = s.scalars(select(Leave).where(*of, Leave.first <= days[-1], Leave.last >= days[0])).all()
    for day in days:
        if any(one.first <= day <= one.last for one in there):
            continue
        given = {"market": row.market, "shop": None, "person": person, "kind": "leave", "shift": None}
        said = {"first": day, "last": day, "reason": "", "state": "granted"}
        by = {"asked_by": actor.person, "asked_at": now, "decided_by": actor.person, "decided_at": now}
        s.add(Leave(id=new_id(), **given, **said, **by))
    s.flush()


def _tell(s: Session, seen: Seen, person: str, gone: Sequence[Step], now: datetime) -> None:
    """The leader hears which shifts lack somebody now."""
    if not gone or seen.row is None:
        return
    name = people.names(s, [person])[person]
    spans = [(dated(one.day), KINDS[one.before or ""]) for one in gone]
    first = monthly.moments(seen.zone, gone[0].day, KINDS[gone[0].before or ""])[0]
    words = Pair(
        f"{name.name_zh}不能到岗：{'、'.join(on.zh + kind.zh for on, kind in spans)}。请找人顶替。",
        f"{name.name_en} cannot come: {'; '.join(f'{on.en}, {kind.en}' for on, kind in spans)}. Cover it.",
    )
    severity = P1 if first - now < SOON else P2
    told = right.leaders(s, seen.grid)
    notice.tell(
        s, seen.grid.market, told, f"roster/{seen.row.id}", "roster.absent", words, now, severity=severity
    )
