"""One way for every act on a case: may they, is it the moment, what changes, and the line that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import case as rules
from hub.core import form
from hub.core.case import Act, Side, Stage
from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.case import clock, right
from hub.service.case.deed import DEEDS
from hub.service.case.open import accept_itself
from hub.service.case.turn import Turn
from hub.service.evidence import Entry
from hub.store.case import Case, CasePart

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

UNMARKED = frozenset({Act.PRIORITY, Act.NOTE, Act.CALL, Act.REMIND})
"""Acts that neither move a case nor touch a clock's run."""


def act(
    s: Session, actor: Actor, case_id: str, act: Act, fields: dict[str, Any], version: int, now: datetime
) -> Case:
    """Do `act` to a case as `actor`.

    Args:
        s: The door's transaction.
        actor: Who acts.
        case_id: Id of the case.
        act: What is done.
        fields: What the act asks for (`core.form.FIELDS`).
        version: The case's version that the actor saw.
        now: The moment.

    Raises:
        Refused: there is no such case, the actor may not, the case stands elsewhere, somebody was faster,
            a field is wrong, or something else stands against it.
    """
    case = load(s, actor, case_id)
    role = right.role_for(s, actor, case, act, right.target(s, case, now, _wanted(act, fields)), now)
    rules.move(Stage(case.stage), act)
    if case.version != version:
        en = "Somebody else changed this case meanwhile. Look at it again and repeat if it is still right."
        raise Refused("conflict", "case.version", en, "本案刚被他人更新，请查看后再操作。")
    given = form.read(act, fields)
    barred = right.bar(s, case, act)
    if barred is not None:
        raise barred
    _join(s, case, actor, act, now)
    return do(Turn(s, actor, case, given, now), act, role)


def by_itself(s: Session, case: Case, act: Act, now: datetime) -> Case:
    """An act of the hub: a review date came, or a week has gone since closing."""
    return do(Turn(s, None, case, form.read(act, {}), now), act, "system")


def do(turn: Turn, act: Act, role: str) -> Case:
    """Carry out a checked act: change, move, mark, line, clocks."""
    s, case, now = turn.s, turn.case, turn.now
    before, former = Stage(case.stage), Stage(case.stage_before) if case.stage_before else None
    deed = DEEDS[act](turn)
    case.stage = rules.move(before, act, former=former, granted=deed.granted)
    if act is Act.UNMERGE:
        case.stage_before = None
    case.version += 1
    person = turn.actor.person if turn.actor else None
    if act not in UNMARKED:
        clock.mark(s, case, act, person, now)
    text = turn.fields.get("text")
    entry = Entry(f"case.{act}", turn.actor, role, case, None, before, case.stage, deed.public, text)
    evidence.append(s, case.market, entry, now)
    _follow_up(s, case, act, now)
    clock.plan(s, case)
    s.flush()
    return case


def load(s: Session, actor: Actor, case_id: str) -> Case:
    """The case of the actor's market, held until the transaction ends.

    Raises:
        Refused: there is none.
    """
    query = select(Case).where(Case.id == case_id, Case.market == actor.market)
    case = s.scalar(query.with_for_update())
    if case is None:
        words = ("There is no such case. Reload the page.", "没有这个案件，请刷新页面。")
        raise Refused("missing", "case.none", *words)
    return case


def _wanted(act: Act, fields: dict[str, Any]) -> int | None:
    """The priority that is asked for; a dispatcher may only raise it."""
    grade = str(fields.get("severity"))
    return int(grade) if act is Act.PRIORITY and grade in ("0", "1", "2", "3") else None


def _join(s: Session, case: Case, actor: Actor, act: Act, now: datetime) -> None:
    """Note on which side the actor stands from now on; the key of the table allows one."""
    side: Side | None = rules.SIDES.get(act)
    if side is not None and s.get(CasePart, (case.id, actor.person)) is None:
        opened = case.opened_at
        s.add(CasePart(case=case.id, person=actor.person, side=side, part=act, at=now, opened_at=opened))
        s.flush()


def _follow_up(s: Session, case: Case, act: Act, now: datetime) -> None:
    """A raise to urgent accepts a reported case, and ends the suspension of any that may not be suspended."""
    if act not in (Act.PRIORITY, Act.ACCEPT):
        return
    if case.stage == Stage.REPORTED and case.severity == 0:
        accept_itself(s, case, now)
    if case.stage == Stage.SUSPENDED and case.severity in rules.NEVER_SUSPENDED:
        by_itself(s, case, Act.RESUME, now)
