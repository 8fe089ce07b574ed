"""What a roster is made of: its people with leave, loans, wishes and what they had before; one question."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, not_, or_, select

from hub.core import monthly, staff
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster import Cell, GuardAsked, GuardsAsked, Wish
from hub.core.shift import SHIFTS
from hub.service import place, workday
from hub.service.roster import right
from hub.store.market import Grid
from hub.store.people import Grant, Person
from hub.store.roster import Loan, Roster, RosterCell
from hub.store.staff import Certificate
from hub.store.turn import Leave

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from hub.ports import Workdays
    from hub.service.workday import Off

BEFORE = timedelta(days=14)
"""So far back rules look, and as far ahead."""
CARRIED = timedelta(days=92)
"""So far back nights and weekends are carried over."""
NIGHTS = frozenset(shift.id for shift in SHIFTS if shift.night)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a workroom's roster, and where another workroom has them or lends them from."""

    person: Person
    leader: bool
    lent_by: str | None = None
    here: frozenset[date] | None = None
    away: tuple[tuple[date, str], ...] = ()
    """Days on which another grid has them."""
    left: bool = False
    """Stands in it still and is of the workroom no more."""


@dataclass(frozen=True, slots=True)
class Room:
    """A workroom's people over some days, and the question that is asked of them."""

    members: tuple[Member, ...]
    asked: GuardsAsked
    off: Off
    leaves: Mapping[str, frozenset[date]]


def room(
    s: Session,
    grid: Grid,
    days: tuple[date, ...],
    workdays: Workdays,
    cells: Sequence[Cell] = (),
    today: date | None = None,
) -> Room:
    """The people of a workroom over `days`, with those who stand in `cells` besides."""
    first, last = days[0], days[-1]
    members = _members(s, grid, first, last, {cell.person for cell in cells})
    ids = [one.person.id for one in members]
    past = had(s, ids, first - CARRIED, first)
    other = _elsewhere(s, grid, ids, first, last)
    off = workday.of(s, grid.market, monthly.days(first - CARRIED, last), workdays)
    leaves, wishes = _leave(s, grid.market, ids, first, last)
    lapses = _lapses(s, ids)
    nights = _over(Counter(cell.person for cell in past if cell.shift in NIGHTS), past)
    weekends = _over(Counter(cell.person for cell in past if cell.day in off.days), past)
    gone = frozenset(day for day in days if today is None or day >= today)
    guards = tuple(
        GuardAsked(
            one.person.id,
            Pair(one.person.name_zh, one.person.name_en),
            one.leader,
            leave=leaves[one.person.id] | (gone if one.left else frozenset()),
            lent=frozenset(day for day, _ in one.away),
            here=one.here,
            lapses=lapses.get(one.person.id),
            wishes=tuple(wishes[one.person.id]),
            before=tuple(
                cell for cell in past if cell.person == one.person.id and cell.day >= first - BEFORE
            ),
            elsewhere=tuple(cell for cell in other if cell.person == one.person.id),
            nights=nights.get(one.person.id, 0),
            weekends=weekends.get(one.person.id, 0),
        )
        for one in members
    )
    asked = GuardsAsked(days, guards, holidays=off.days & frozenset(days))
    shown = replace(off, unknown=tuple(year for year in off.unknown if year in {first.year, last.year}))
    return Room(members, asked, shown, leaves)


def refuse_stranger(s: Session, row: Roster, person: str) -> None:
    """Only who is of the workroom, is lent to it, or stands in the roster is changed by it.

    Raises:
        Refused: the person is none of these.
    """
    named = {cell.person for cell in cells_of(s, row.id)}
    members = _members(s, s.get_one(Grid, row.grid), row.begins, row.ends, named)
    if person not in {one.person.id for one in members}:
        en = "This person is not on this roster. Choose somebody of its workroom."
        raise Refused("input", "roster.stranger", en, "此人不在本表，请选择本工作室的人员。")


def cells_of(s: Session, roster: str) -> list[RosterCell]:
    """The rows of a roster by day."""
    query = select(RosterCell).where(RosterCell.roster == roster)
    return list(s.scalars(query.order_by(RosterCell.day, RosterCell.shift, RosterCell.person)))


def values(rows: Iterable[RosterCell]) -> tuple[Cell, ...]:
    """The same as values."""
    return tuple(Cell(row.person, row.day, row.shift) for row in rows)


def had(s: Session, people: Sequence[str], first: date, before: date) -> list[Cell]:
    """What these people had by published rosters, of whichever workroom, from `first` to before `before`."""
    query = (
        select(RosterCell)
        .join(Roster, Roster.id == RosterCell.roster)
        .where(Roster.state == right.PUBLISHED, RosterCell.person.in_(people))
        .where(RosterCell.day >= first, RosterCell.day < before)
        .order_by(RosterCell.day, RosterCell.person)
    )
    return list(values(s.scalars(query)))


def _elsewhere(s: Session, grid: Grid, people: Sequence[str], first: date, last: date) -> list[Cell]:
    """What other published rosters have of these people on those days, and any for some days after them."""
    own = and_(Roster.grid == grid.id, Roster.begins <= last, Roster.ends >= first)
    query = (
        select(RosterCell)
        .join(Roster, Roster.id == RosterCell.roster)
        .where(Roster.state == right.PUBLISHED, not_(own), RosterCell.person.in_(people))
        .where(RosterCell.day >= first, RosterCell.day <= last + BEFORE)
        .order_by(RosterCell.day, RosterCell.person)
    )
    return list(values(s.scalars(query)))


def _members(s: Session, grid: Grid, first: date, last: date, named: set[str]) -> tuple[Member, ...]:
    node = place.node(grid.market, grid.id)
    lead = set(s.scalars(select(Grant.person).where(Grant.node == node, Grant.role == "leader")))
    loans = _loans(s, grid.id, first, last)
    own = {person.id: person for person in right.staff(s, grid.market, grid.id)}
    guests = {loan.person for loan in loans if loan.grid_to == grid.id} - set(own)
    others = s.scalars(select(Person).where(Person.id.in_((named | guests) - set(own)))).all()
    heads = lead | _heads(s, [*own, *guests], monthly.days(first, last))
    found = [
        _member(person, grid.id, loans, heads)
        if person.id in own or person.id in guests
        else Member(person, person.id in heads, left=True)
        for person in (*own.values(), *others)
    ]
    found.sort(key=lambda one: (one.person.id not in lead, one.lent_by or "", one.person.armband or "~"))
    return tuple(found)


def _member(person: Person, grid: str, loans: Sequence[Loan], heads: set[str]) -> Member:
    own = [loan for loan in loans if loan.person == person.id]
    guest = [loan for loan in own if loan.grid_to == grid]
    if guest:
        here = frozenset(day for loan in guest for day in monthly.days(loan.begins, loan.ends))
        return Member(person, person.id in heads, guest[0].grid_from, here)
    away = tuple((day, loan.grid_to) for loan in own for day in monthly.days(loan.begins, loan.ends))
    return Member(person, person.id in heads, away=away)


def _loans(s: Session, grid: str, first: date, last: date) -> list[Loan]:
    query = select(Loan).where(Loan.state == "agreed", Loan.begins <= last, Loan.ends >= first)
    return list(s.scalars(query.where(or_(Loan.grid_from == grid, Loan.grid_to == grid)).order_by(Loan.id)))


def _heads(s: Session, people: Sequence[str], days: Sequence[date]) -> set[str]:
    """Who may head a night by trainings that hold on every one of the days, one after the other."""
    query = select(Certificate).where(Certificate.person.in_(people), Certificate.kind.in_(staff.HEADS))
    held: dict[str, list[Certificate]] = defaultdict(list)
    for one in s.scalars(query):
        held[one.person].append(one)
    return {person for person, every in held.items() if all(_holds(every, day) for day in days)}


def _holds(every: Sequence[Certificate], day: date) -> bool:
    return any(one.begins <= day and (one.ends is None or one.ends >= day) for one in every)


def _leave(
    s: Session, market: str, people: Sequence[str], first: date, last: date
) -> tuple[dict[str, frozenset[date]], dict[str, list[Wish]]]:
    leaves: dict[str, set[date]] = defaultdict(set)
    wished: dict[str, dict[tuple[date, str | None], Wish]] = defaultdict(dict)
    of = (Leave.market == market, Leave.person.in_(people))
    where = (*of, Leave.first <= last, Leave.last >= first)
    for row in s.scalars(select(Leave).where(*where).order_by(Leave.asked_at, Leave.id)):
        days = [day for day in monthly.days(row.first, row.last) if first <= day <= last]
        person = row.person or ""
        if row.kind == "leave" and row.state == "granted":
            leaves[person] |= set(days)
        elif row.kind != "leave" and row.state in ("asked", "granted"):
            # Of one shift of a day what was said last counts, once: who repeats a wish has no more of it.
            wished[person] |= {(day, row.shift): Wish(day, row.shift, row.kind == "wanted") for day in days}
    wishes = {person: list(each.values()) for person, each in wished.items()}
    kept = {person: frozenset(days) for person, days in leaves.items()}
    return defaultdict(frozenset, kept), defaultdict(list, wishes)


def _lapses(s: Session, people: Sequence[str]) -> dict[str, date]:
    """Person → the first day without a guard's certificate; who never had one is not judged by it."""
    ends: dict[str, list[date | None]] = defaultdict(list)
    query = select(Certificate).where(Certificate.person.in_(people), Certificate.kind.in_(staff.NEEDS_GUARD))
    for one in s.scalars(query):
        ends[one.person].append(one.ends)
    return {
        person: max(day for day in days if day) + monthly.DAY
        for person, days in ends.items()
        if None not in days
    }


def _over(counted: Counter[str], past: Sequence[Cell]) -> dict[str, int]:
    """How many more than the mean each has who stood in those rosters."""
    stood = {cell.person for cell in past}
    mean = sum(counted[person] for person in stood) / len(stood) if stood else 0.0
    return {person: round(counted[person] - mean) for person in stood}
