"""A draft is solved: what is asked of the days to come, and what was made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hub.core import monthly
from hub.core.refuse import Refused
from hub.service import evidence, number, solving, workday
from hub.service.evidence import Entry
from hub.service.roster import right
from hub.service.roster.asked import cells_of, room, values
from hub.store.market import Grid
from hub.store.roster import Roster, RosterCell
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.roster import GuardAsked, GuardsAsked, GuardsMade
    from hub.ports import Workdays


@dataclass(frozen=True, slots=True)
class Question:
    """What the solver of a draft's job is asked; days before `first` stay as they are."""

    roster: str
    job: str
    first: date
    asked: GuardsAsked


def again(s: Session, actor: Actor, roster: str, seconds: float, workdays: Workdays, now: datetime) -> Roster:
    """Have a draft solved anew from tomorrow on, or from its first day; what was set by hand there is lost.

    Raises:
        Refused: the actor may not, a solver is at it, its last day is here, nobody is of the workroom, or the
            days off are not known.
    """
    row = right.draft(s, actor, roster)
    solving.refuse_busy(row)
    role = right.role(actor, "duty.change", row)
    _asked(s, row, workdays, now)
    row.job = solving.waiting(now) | {"wanted_s": seconds}
    row.stop = False
    public = {"roster": row.id, "grid": row.grid}
    evidence.append(s, actor.market, Entry("roster.solve", actor, role, public=public), now)
    return row


def stop(s: Session, actor: Actor, roster: str) -> Roster:
    """Let the solver stop and keep the best that it has.

    Raises:
        Refused: the actor may not, or it is no draft.
    """
    row = right.draft(s, actor, roster)
    solving.stop(row)
    return row


def begin(s: Session, roster: str, workdays: Workdays, now: datetime) -> Question | None:
    """The question of a draft that waits; None where nobody waits for it any more.

    Raises:
        Refused: it cannot be asked any more; the sentence says why.
    """
    row = s.get(Roster, roster, with_for_update=True, populate_existing=True)
    if row is None or not solving.running(row, now):
        return None
    asked = _asked(s, row, workdays, now)
    assert row.job is not None
    return Question(row.id, row.job["id"], asked.days[0], replace(asked, seconds=row.job["wanted_s"]))


def take(s: Session, question: Question, made: GuardsMade, now: datetime) -> None:
    """Write down what was made, unless nobody waits for it any more."""
    row = s.get(Roster, question.roster, with_for_update=True, populate_existing=True)
    if row is None or not solving.is_at(row, question.job):
        return
    for old in cells_of(s, row.id):
        if old.day >= question.first:
            s.delete(old)
    s.flush()
    for cell in made.cells:
        if cell.day >= question.first:
            given = {"person": cell.person, "day": cell.day, "shift": cell.shift}
            s.add(RosterCell(id=new_id(), roster=row.id, covers=None, **given))
    proof = made.proof
    row.figures = {
        "proved": proof.gap == 0 and not proof.stopped,
        "objective": proof.objective,
        "bound": proof.bound,
        "baseline": float(made.baseline.price),
        "seconds": round(proof.seconds, 1),
    }
    row.revision += 1
    solving.finished(row, proof.seconds, now, stopped=row.stop)
    s.flush()


def sweep(s: Session, now: datetime) -> int:
    """End the jobs whose process is gone; their number."""
    return solving.sweep(s, Roster, now)


def _asked(s: Session, row: Roster, workdays: Workdays, now: datetime) -> GuardsAsked:
    """The days to come, with what the days of this month before them were as what was before."""
    tomorrow = number.day_of(s, row.market, now) + monthly.DAY
    first = max(row.begins, tomorrow)
    if first > row.ends:
        en = "No day of this month is to come. Begin the draft of the next month."
        raise Refused("state", "roster.last", en, "本月已没有可排的日子，请拟订下个月。")
    found = room(s, s.get_one(Grid, row.grid), monthly.days(first, row.ends), workdays)
    workday.refuse_unknown(found.off.unknown)
    if not found.asked.guards:
        en = "Nobody is of this workroom. Give guards their role at the grid first."
        raise Refused("state", "roster.nobody", en, "工作室还没有人员，请先给保安授权到本网格。")
    return replace(found.asked, fixed=(), guards=_with_draft(s, row, found.asked, first))


def _with_draft(s: Session, row: Roster, asked: GuardsAsked, first: date) -> tuple[GuardAsked, ...]:
    """Days of the draft before `first` count as what each had, whether they are published or not."""
    drawn = [cell for cell in values(cells_of(s, row.id)) if cell.day < first]
    known = {cell for guard in asked.guards for cell in guard.before}
    return tuple(
        replace(
            guard,
            before=(
                *guard.before,
                *(one for one in drawn if one.person == guard.person and one not in known),
            ),
        )
        for guard in asked.guards
    )
