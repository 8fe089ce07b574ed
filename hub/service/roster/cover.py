"""Somebody is asked to come in for another, or two swap: it holds once everybody whom it concerns agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.core.consent import COVER
from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.roster import change, covered, right, settle
from hub.service.roster.asked import cells_of, refuse_stranger
from hub.service.roster.change import Step
from hub.service.roster.page import look
from hub.service.shape import iso
from hub.store.market import Grid
from hub.store.roster import Cover, Roster
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Workdays
    from hub.service.roster.view import Seen

Wanted = tuple[str, "date", str | None]
"""A person, a day, and the shift that they would have then."""


def ask(
    s: Session,
    actor: Actor,
    roster: str,
    absent: tuple[str, date],
    wanted: Sequence[Wanted],
    workdays: Workdays,
    now: datetime,
) -> Cover:
    """Ask everybody whom a change concerns; `absent` is whose shift of which day is covered or swapped.

    Raises:
        Refused: the actor may not, nothing is published, a shift is over, or it would break a rule.
    """
    row = _published(right.locked(s, actor, roster))
    _authorize(s, actor, row, absent)
    refuse_stranger(s, row, absent[0])
    seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
    changes = _steps(s, seen, absent, wanted)
    after = change.refuse_worse(seen, changes)
    shift, kept = _shift(changes, absent), [one.kept() for one in changes]
    again = _again(s, actor, row, (*absent, shift), kept)
    if again is not None:
        return again
    cover = Cover(
        id=new_id(),
        market=row.market,
        roster=row.id,
        absent=absent[0],
        day=absent[1],
        shift=shift,
        changes=kept,
        consents=settle.consents(s, actor, seen, absent[0], changes, after, now),
        asked_by=actor.person,
        asked_at=now,
    )
    _put(s, actor, cover, now, headless=settle.headless(seen, after))
    if all(cover.consents.values()):
        settle.settle(s, row, cover, seen, now)
    return cover


def answer(s: Session, actor: Actor, id_: str, workdays: Workdays, now: datetime, *, agrees: bool) -> Cover:
    """Somebody who was asked agrees or does not; the last who agrees makes it hold.

    One that does not fit what holds any more lapses, and says so by its state.

    Raises:
        Refused: there is none, they were not asked or have answered, or it is decided.
    """
    cover, row = _locked(s, actor, id_)
    if actor.person not in cover.consents:
        raise Refused("right", "cover.other", "You were not asked.", "没有征求你的同意。")
    _refuse_decided(cover)
    if cover.consents[actor.person] is not None:
        raise Refused("state", "cover.answered", "You have agreed already.", "你已经同意过了。")
    public = {"cover": cover.id, "agrees": agrees}
    evidence.append(s, cover.market, Entry("roster.answer", actor, public=public), now)
    if not agrees:
        settle.decide(s, cover, "declined", now)
        return cover
    cover.consents = cover.consents | {actor.person: iso(now)}
    if all(cover.consents.values()):
        seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
        settle.settle(s, row, cover, seen, now)
    return cover


def withdraw(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """Take a question back.

    Raises:
        Refused: there is none, it is decided, or it is neither the actor's own nor of their workroom.
    """
    cover, row = _locked(s, actor, id_)
    if cover.asked_by != actor.person:
        right.role(actor, "duty.change", row)
    _refuse_decided(cover)
    evidence.append(s, cover.market, Entry("roster.withdraw", actor, public={"cover": cover.id}), now)
    settle.decide(s, cover, "withdrawn", now)


def lapse(s: Session, covers: Iterable[Cover], now: datetime) -> int:
    """What was asked holds no more, and everybody concerned hears that; how many."""
    count = 0
    for cover in covers:
        settle.decide(s, cover, "lapsed", now)
        count += 1
    return count


def _put(s: Session, actor: Actor, cover: Cover, now: datetime, *, headless: bool) -> None:
    """Write a question down, and tell everybody who has not agreed yet."""
    s.add(cover)
    s.flush()
    public = {"roster": cover.roster, "cover": cover.id, "absent": cover.absent, "day": cover.day.isoformat()}
    evidence.append(s, cover.market, Entry("roster.ask", actor, public=public), now)
    told = [person for person, at in cover.consents.items() if at is None]
    settle.tell(s, cover, told, "roster.ask", now, settle.HEADLESS if headless else settle.NOTHING)


def _again(
    s: Session, actor: Actor, row: Roster, gap: tuple[str, date, str], kept: list[dict[str, Any]]
) -> Cover | None:
    """The same question that the actor asked already and that is open.

    Raises:
        Refused: somebody else asked it.
    """
    for one in covered.open_of(s, row.id):
        if (one.absent, one.day, one.shift) == gap and one.changes == kept:
            if one.asked_by == actor.person:
                return one
            en = "Somebody else has asked this already, and it is open. Wait for the answers."
            raise Refused("state", "cover.again", en, "这条请求他人已经发起，请等待答复。")
    return None


def _steps(s: Session, seen: Seen, absent: tuple[str, date], wanted: Sequence[Wanted]) -> list[Step]:
    """What changes, with what everybody has now; whoever is away gives up their shift, if they have it."""
    row = seen.row
    assert row is not None
    had = {(cell.person, cell.day): cell.shift for cell in cells_of(s, row.id)}
    members = {one.person.id for one in seen.room.members}
    shift, named = had.get(absent), {(person, day) for person, day, _ in wanted}
    covered = shift or next((after for _, day, after in wanted if day == absent[1] and after), None)
    changes = [Step(*absent, shift, None)] if shift is not None and absent not in named else []
    for person, day, after in wanted:
        before = had.get((person, day))
        if person not in members or not row.begins <= day <= row.ends or before == after:
            en = "A change names somebody of this roster, a day of it, and another shift than there is."
            raise Refused("input", "cover.change", en, "换法有误：请选择本表的人员、日期和不同的班次。")
        covers = absent[0] if person != absent[0] and (day, after) == (absent[1], covered) else None
        changes.append(Step(person, day, before, after, covers))
    for one in changes:
        if any(change.is_over(seen, one.day, each) for each in (one.before, one.after)):
            raise Refused("state", "cover.over", "That shift is over.", "这一班已经结束。")
    return changes


def _shift(changes: Sequence[Step], absent: tuple[str, date]) -> str:
    """The shift that is covered."""
    found = [one.before for one in changes if (one.person, one.day) == absent and one.before]
    found += [one.after for one in changes if one.day == absent[1] and one.after]
    if not found:
        en = "Say who comes in on that day, and for which shift."
        raise Refused("input", "cover.nobody", en, "请选择当天由谁来顶哪一班。")
    return found[0]


def _published(row: Roster) -> Roster:
    if row.state != right.PUBLISHED:
        en = "Only what is published is covered or swapped. Change the draft itself."
        raise Refused("state", "cover.draft", en, "未发布的草稿请直接修改，不用顶替。")
    return row


def _authorize(s: Session, actor: Actor, row: Roster, absent: tuple[str, date]) -> None:
    """Whoever draws the roster up, or whose own shift it is."""
    own = any((one.person, one.day) == absent for one in cells_of(s, row.id))
    if actor.person != absent[0]:
        right.role(actor, "duty.change", row)
    elif own:
        right.own(s, actor, row)
    elif not right.may(actor, "duty.change", row.grid):
        en = "You have no shift on that day to give away. Ask your leader."
        raise Refused("right", "cover.own", en, "你当天没有班，不能换出；请找网格长办理。")


def _locked(s: Session, actor: Actor, id_: str) -> tuple[Cover, Roster]:
    """A question and its roster, in the order in which whoever publishes takes them."""
    found = s.get(Cover, id_)
    row = s.get_one(Roster, found.roster) if found else None
    none = Refused("missing", "cover.none", "There is no such question.", "没有这条顶替请求。")
    if found is None or row is None or found.market != actor.market:
        raise none
    if actor.person not in {found.asked_by, *found.consents} and not right.may(actor, "duty.see", row.grid):
        raise none
    s.refresh(row, with_for_update=True)
    s.refresh(found, with_for_update=True)
    return found, row


def _refuse_decided(cover: Cover) -> None:
    if cover.state != "asked":
        words = COVER[cover.state]
        en = f"This was decided already: {words.en.lower()}."
        raise Refused("state", "cover.decided", en, f"这条请求已有结果：{words.zh}。")
