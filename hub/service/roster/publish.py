"""A draft becomes what holds: only from now on, told to everybody whom it concerns, and kept as duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster_row import dated
from hub.service import evidence, notice, number, workday
from hub.service.evidence import Entry
from hub.service.roster import cover, covered, duties, right, view
from hub.service.roster.asked import cells_of
from hub.service.roster.draw import KINDS, has_begun, mark
from hub.service.roster.page import look
from hub.service.solving import refuse_busy
from hub.store.market import Grid
from hub.store.roster import Roster, RosterCell, RosterRead
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Workdays
    from hub.service.roster.view import Seen

    Had = dict[str, frozenset[tuple[date, str]]]


def publish(
    s: Session, actor: Actor, roster: str, revision: int, gaps: int, workdays: Workdays, now: datetime
) -> Roster:
    """Publish a draft; `gaps` is how many gaps to come its publisher saw and puts up with.

    Raises:
        Refused: the actor may not, somebody was faster, what holds changed since it was begun, the days off
            are not known, somebody's rights are broken, nobody is there for some time, or gaps were not seen.
    """
    row = right.draft(s, actor, roster, revision)
    refuse_busy(row)
    role = right.role(actor, "duty.approve", row)
    held = right.holds(s, row.grid, row.begins)
    if held is not None:
        s.refresh(held, with_for_update=True)
    if row.base != mark(held):
        en = "What holds has changed since this draft was begun. Throw it away and begin it anew."
        raise Refused(
            "conflict", "roster.base", en, "草稿之后排班表有变动（顶替或请假），请删除草稿后重新拟订。"
        )
    _keep_what_was(s, row, held, now)
    seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
    _refuse_wrong(seen, gaps)
    before = _had(s, held)
    if held is not None:
        cover.lapse(s, covered.open_of(s, held.id), now)
        held.state = "replaced"
        s.flush()
    row.state, row.published_by, row.published_at = right.PUBLISHED, actor.person, now
    row.revision += 1
    duties.sync(s, row, now)
    _tell(s, row, held, before, now)
    public = {"roster": row.id, "grid": row.grid, "month": f"{row.begins:%Y-%m}", "gaps": gaps}
    evidence.append(s, actor.market, Entry("roster.publish", actor, role, public=public), now)
    return row


def read(s: Session, actor: Actor, roster: str, now: datetime) -> None:
    """Somebody has read what they were told.

    Raises:
        Refused: they may not see it, or were not told of it.
    """
    row = right.seen(s, actor, roster)
    told = s.get(RosterRead, (row.id, actor.person), with_for_update=True)
    if told is None:
        raise Refused("missing", "roster.told", "You are not on this roster.", "你不在这份排班表上。")
    told.read_at = told.read_at or now


def _keep_what_was(s: Session, row: Roster, held: Roster | None, now: datetime) -> None:
    """Of shifts that have begun, what held stands in the draft, and nothing else."""
    zone = number.zone_of(s, row.market)
    was = (
        [cell for cell in cells_of(s, held.id) if has_begun(zone, cell.day, cell.shift, now)] if held else []
    )
    kept = {(cell.person, cell.day) for cell in was}
    for cell in cells_of(s, row.id):
        if has_begun(zone, cell.day, cell.shift, now) or (cell.person, cell.day) in kept:
            s.delete(cell)
    s.flush()
    for cell in was:
        given = {"person": cell.person, "day": cell.day, "shift": cell.shift, "covers": cell.covers}
        s.add(RosterCell(id=new_id(), roster=row.id, **given))
    s.flush()


def _refuse_wrong(seen: Seen, gaps: int) -> None:
    workday.refuse_unknown(seen.room.off.unknown)
    today = seen.now.astimezone(seen.zone).date()
    wrong = [one for one in seen.checked.broken if one.day >= today]
    if wrong:
        words, more = wrong[0].words, len(wrong) - 1
        en = f"{words.en}. Change that first{f' ({more} more)' if more else ''}."
        raise Refused(
            "state", "roster.broken", en, f"{words.zh}。请先改好{f'（另有 {more} 处）' if more else ''}。"
        )
    short = view.to_come(seen)
    empty = [one for one in short if _is_empty(seen, one.day, one.shift)]
    if empty:
        on, kind = dated(empty[0].day), KINDS[empty[0].shift]
        en = f"Nobody is there on {on.en}, {kind.en}. Put somebody there first."
        raise Refused("state", "roster.bare", en, f"{on.zh}{kind.zh}没有人，请先安排。")
    if len(short) != gaps:
        en = f"There are {len(short)} gaps to come, and you saw {gaps}. Look at them, then publish."
        raise Refused(
            "conflict",
            "roster.gaps",
            en,
            f"还有 {len(short)} 处缺口（你看到的是 {gaps} 处），请核对后再发布。",
        )


def _is_empty(seen: Seen, day: date, shift: str) -> bool:
    return not any((cell.day, cell.shift) == (day, shift) for cell in seen.cells)


def _had(s: Session, row: Roster | None) -> Had:
    return _by_person(cells_of(s, row.id)) if row else {}


def _by_person(cells: Iterable[RosterCell]) -> Had:
    found: dict[str, set[tuple[date, str]]] = {}
    for cell in cells:
        found.setdefault(cell.person, set()).add((cell.day, cell.shift))
    return {person: frozenset(days) for person, days in found.items()}


def _tell(s: Session, row: Roster, held: Roster | None, before: Had, now: datetime) -> None:
    """Tell whoever has other shifts than before; of the others who had read it have read it."""
    after = _by_person(cells_of(s, row.id))
    query = select(RosterRead).where(RosterRead.roster == (held.id if held else ""))
    known = {one.person: one for one in s.scalars(query)}
    concerned = sorted(set(before) | set(after))
    for person in concerned:
        same = known.get(person) if before.get(person) == after.get(person) else None
        told = (same.told_at, same.read_at) if same else (now, None)
        s.add(RosterRead(roster=row.id, person=person, told_at=told[0], read_at=told[1]))
    s.flush()
    changed = [person for person in concerned if before.get(person) != after.get(person)]
    month = f"{row.begins:%Y-%m}"
    words = Pair(
        f"{month} 排班表已发布，请确认已读。",
        f"The roster of {month} is published. Say that you have read it.",
    )
    notice.tell(s, row.market, changed, f"roster/{row.id}", "roster.published", words, now)
