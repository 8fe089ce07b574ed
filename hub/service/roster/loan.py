"""Somebody of one workroom stands in another's roster for some days, with consent of both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from hub.core import monthly, policy
from hub.core.consent import LOAN
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, notice, number, people, scope
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.roster import change, right
from hub.service.roster.asked import cells_of
from hub.service.roster.change import Step
from hub.service.roster.draw import has_begun
from hub.service.shape import iso, name, pair
from hub.service.workroom import grid_of
from hub.store.market import Grid
from hub.store.roster import Loan, Roster
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST_DAYS = 93


def ask(s: Session, actor: Actor, person: str, grid: str, days: tuple[date, date], now: datetime) -> Loan:
    """Ask another workroom for somebody, for the own one, from the first to the last day.

    Raises:
        Refused: the actor may not, the person is of no other workroom, or is lent in those days already.
    """
    to = grid_of(s, actor.market, grid)
    role = policy.authorize(actor, "duty.change", right.target(actor.market, to.id))
    _refuse_days(days, number.day_of(s, actor.market, now))
    home = _home(s, actor.market, person)
    if home is None or home == to.id:
        en = "This person is not of another workroom. Choose a guard of one."
        raise Refused("input", "loan.home", en, "此人不属于其他工作室，请选择别的工作室的保安。")
    if _clash(s, person, days):
        en = "This person is lent in these days already. Choose other days."
        raise Refused("conflict", "loan.there", en, "此人这几天已被借调，请改日期。")
    row = Loan(
        id=new_id(),
        market=actor.market,
        person=person,
        grid_from=home,
        grid_to=to.id,
        begins=days[0],
        ends=days[1],
        asked_by=actor.person,
        asked_at=now,
    )
    s.add(row)
    s.flush()
    public = {"loan": row.id, "person": person, "from": home, "to": to.id, "begins": days[0].isoformat()}
    evidence.append(s, actor.market, Entry("roster.loan", actor, role, public=public), now)
    _tell(s, row, [person, *right.leaders(s, s.get_one(Grid, home))], now)
    return row


def answer(s: Session, actor: Actor, id_: str, now: datetime, *, agrees: bool) -> Loan:
    """The person agrees, or the workroom that lends does; once both have, it holds. One no ends it.

    Raises:
        Refused: there is none, it is decided, or the actor is neither and may not.
    """
    row = _locked(s, actor, id_)
    if row.state != "asked":
        words = LOAN[row.state]
        en = f"This was decided already: {words.en.lower()}."
        raise Refused("state", "loan.decided", en, f"该借调已有结果：{words.zh}。")
    if actor.person != row.person:
        policy.authorize(actor, "duty.change", right.target(row.market, row.grid_from))
    public = {"loan": row.id, "agrees": agrees}
    evidence.append(s, row.market, Entry("roster.loan_answer", actor, public=public), now)
    if not agrees:
        row.state, row.ended_at = "declined", now
        _tell(s, row, [row.asked_by, row.person], now)
        return row
    if actor.person == row.person:
        row.agreed_at = now
    else:
        row.lent_by, row.lent_at = actor.person, now
    if row.agreed_at and row.lent_at:
        row.state = "agreed"
        s.flush()
        _free(s, row, row.grid_from, now)
        _tell(s, row, [row.asked_by, row.person, *right.leaders(s, s.get_one(Grid, row.grid_from))], now)
    return row


def end(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """End a loan, or take the question back; shifts to come in the other workroom are free again.

    Raises:
        Refused: there is none, it is over, or the actor leads neither workroom.
    """
    row = _locked(s, actor, id_)
    sides = (row.grid_from, row.grid_to)
    grid = next((one for one in sides if right.may(actor, "duty.change", one)), row.grid_to)
    role = policy.authorize(actor, "duty.change", right.target(row.market, grid))
    if row.state not in ("asked", "agreed"):
        raise Refused("state", "loan.over", "This loan is over.", "该借调已经结束。")
    if row.state == "agreed":
        _free(s, row, row.grid_to, now)
    row.state, row.ended_at = "ended", now
    s.flush()
    evidence.append(s, row.market, Entry("roster.loan_end", actor, role, public={"loan": row.id}), now)
    _tell(
        s, row, [row.person, *(one for grid in sides for one in right.leaders(s, s.get_one(Grid, grid)))], now
    )


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """Loans that the actor sees, those that wait first; over ones for a month.

    Raises:
        Refused: the actor may see no roster.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    since = number.day_of(s, actor.market, now) - monthly.DAY * 31
    query = select(Loan).where(Loan.market == actor.market, Loan.ends >= since)
    rows = [
        one
        for one in s.scalars(query.order_by(Loan.begins, Loan.id))
        if actor.person == one.person
        or any(right.may(actor, "duty.see", at) for at in (one.grid_from, one.grid_to))
    ]
    return views(s, actor, sorted(rows, key=lambda one: one.state != "asked"))


def views(s: Session, actor: Actor, rows: Sequence[Loan]) -> list[View]:
    """Loans as pages show them."""
    who = people.names(s, (person for one in rows for person in (one.person, one.asked_by)))
    ids = {grid for one in rows for grid in (one.grid_from, one.grid_to)}
    grids = {
        grid.id: {"id": grid.id, "name": name(grid)}
        for grid in s.scalars(select(Grid).where(Grid.id.in_(ids)))
    }
    return [
        {
            "id": one.id,
            "person": person_of(who, one.person),
            "grid_from": grids[one.grid_from],
            "grid_to": grids[one.grid_to],
            "begins": one.begins.isoformat(),
            "ends": one.ends.isoformat(),
            "state": {"id": one.state, **pair(LOAN[one.state])},
            "lent": one.lent_at is not None,
            "agreed": one.agreed_at is not None,
            "asked_by": person_of(who, one.asked_by),
            "asked_at": iso(one.asked_at),
            "may": _may(actor, one),
        }
        for one in rows
    ]


def _may(actor: Actor, one: Loan) -> list[str]:
    lends, asks = (right.may(actor, "duty.change", grid) for grid in (one.grid_from, one.grid_to))
    waits = one.state == "asked"
    said = {
        "agree": waits and actor.person == one.person and one.agreed_at is None,
        "lend": waits and lends and actor.person != one.person and one.lent_at is None,
        "decline": waits and (lends or actor.person == one.person),
        "end": one.state in ("asked", "agreed") and (lends or asks),
    }
    return [each for each, yes in said.items() if yes]


def _free(s: Session, row: Loan, grid: str, now: datetime) -> None:
    """Take the person out of a workroom's published shifts to come in the days of the loan."""
    zone = number.zone_of(s, row.market)
    where = (Roster.grid == grid, Roster.state == right.PUBLISHED)
    query = select(Roster).where(*where, Roster.begins <= row.ends, Roster.ends >= row.begins)
    for roster in s.scalars(query.order_by(Roster.begins).with_for_update()).all():
        gone = [
            Step(row.person, cell.day, cell.shift, None)
            for cell in cells_of(s, roster.id)
            if cell.person == row.person
            and row.begins <= cell.day <= row.ends
            and not has_begun(zone, cell.day, cell.shift, now)
        ]
        if gone:
            change.write(s, roster, gone, now)


def _home(s: Session, market: str, person: str) -> str | None:
    """The grid of which somebody is a guard or leader."""
    for grid in s.scalars(
        select(Grid).where(Grid.market == market, Grid.ends.is_(None)).order_by(Grid.number)
    ):
        if any(one.id == person for one in right.staff(s, market, grid.id)):
            return grid.id
    return None


def _clash(s: Session, person: str, days: tuple[date, date]) -> bool:
    where = (Loan.person == person, Loan.begins <= days[1], Loan.ends >= days[0])
    waits = or_(Loan.state == "asked", Loan.state == "agreed")
    return s.scalar(select(Loan.id).where(*where, waits).limit(1)) is not None


def _refuse_days(days: tuple[date, date], today: date) -> None:
    if days[1] < days[0]:
        en = "The last day lies before the first. Turn them round."
        raise Refused("input", "loan.days", en, "结束日期早于开始日期，请检查。")
    if days[0] < today or (days[1] - days[0]).days >= MOST_DAYS:
        en = f"Choose days from today on, at most {MOST_DAYS} of them."
        raise Refused("input", "loan.days", en, f"请选择今天以后的日期，最多 {MOST_DAYS} 天。")


def _locked(s: Session, actor: Actor, id_: str) -> Loan:
    row = s.get(Loan, id_, with_for_update=True)
    seen = row is not None and row.market == actor.market
    if row is None or not seen:
        raise Refused("missing", "loan.none", "There is no such loan.", "没有这条借调。")
    return row


def _tell(s: Session, row: Loan, told: Iterable[str], now: datetime) -> None:
    who = people.names(s, [row.person])[row.person]
    to, state = s.get_one(Grid, row.grid_to), LOAN[row.state]
    words = Pair(
        f"借调{who.name_zh}到{to.name_zh}，{row.begins:%m-%d} 至 {row.ends:%m-%d}：{state.zh}。",
        f"{who.name_en} lent to {to.name_en}, {row.begins} to {row.ends}: {state.en.lower()}.",
    )
    notice.tell(s, row.market, told, f"loan/{row.id}", f"loan.{row.state}", words, now)
