"""Swaps of turns: one shop asks, the other agrees; only both together change the days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import policy
from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number
from hub.service.election import members_of
from hub.service.evidence import Entry
from hub.service.turn import change, offer, whose
from hub.store.market import ShopGroup
from hub.store.turn import Swap, Turn
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

SINCE = Pair("这一天已有变动。", "The day has changed since.")


def ask(
    s: Session, actor: Actor, turn_id: str, asked: str, taken_id: str | None, note: str, now: datetime
) -> Swap:
    """Ask another shop of the group to take a day, for one of its own or for none.

    Raises:
        Refused: the day is not the actor's, is over or asked about already, or the other cannot take it.
    """
    row, group = whose.locked(s, actor, turn_id)
    shop = offer.owner(row)
    role = whose.speaks_for(s, actor, group, shop)
    offer.refuse_over(s, row, now)
    taken = _taken(s, row, asked, taken_id, now)
    if asked not in members_of(s, group.id, number.day_of(s, actor.market, now)):
        raise Refused("input", "swap.group", "Ask a shop of the same group.", "请选择本组商铺。")
    if (why := offer.hinder(s, row, asked, taken)) is not None:
        raise Refused("state", "swap.cannot", why.en, why.zh)
    if s.scalar(select(Swap.id).where(Swap.given == row.id, Swap.state == "asked")):
        en = "Another shop is asked about this day already. Withdraw that first."
        raise Refused("conflict", "swap.open", en, "这一天已在征求别家意见，请先撤回。")
    made = Swap(
        id=new_id(),
        market=row.market,
        kind="turn",
        given=row.id,
        taken=taken.id if taken else None,
        asker=shop,
        asked=asked,
        state="asked",
        day=min(row.day, taken.day) if taken else row.day,
        note=note.strip(),
        asked_by=actor.person,
        asked_at=now,
    )
    s.add(made)
    s.flush()
    _write(s, actor, role, "swap.ask", made, now, made.note or None)
    _tell(s, group, made, asked, _question(made, row, taken), now)
    return made


def agree(s: Session, actor: Actor, swap_id: str, now: datetime) -> Swap:
    """The other shop takes the day: both turns change hands, and everybody who follows them is told.

    Who takes a day that has come confirms it thereby.

    Raises:
        Refused: it is not the actor's to say, or the days have changed since.
    """
    made, row, group = _open(s, actor, swap_id)
    taken = s.get(Turn, made.taken, with_for_update=True, populate_existing=True) if made.taken else None
    role = _answers(s, actor, group, made)
    offer.refuse_over(s, row, now)
    if taken is not None:
        _taken(s, row, made.asked, taken.id, now)
    if row.shop != made.asker or (why := offer.hinder(s, row, made.asked, taken)) is not None:
        words = why if row.shop == made.asker and why else SINCE
        raise Refused("state", "swap.since", words.en, words.zh)
    made.state, made.decided_by, made.decided_at = "agreed", actor.person, now
    s.flush()
    change.give(s, row, group, (made.asked, row.buddy), now, fixed=True)
    if row.day <= number.day_of(s, actor.market, now):
        row.confirmed_at, row.confirmed_by = now, actor.person
    if taken is not None:
        change.give(s, taken, group, (made.asker, taken.buddy), now, fixed=True)
    _write(s, actor, role, "swap.agree", made, now)
    return made


def refuse(s: Session, actor: Actor, swap_id: str, now: datetime) -> Swap:
    """The other shop does not take the day; it stays whose it is.

    Raises:
        Refused: it is not the actor's to say, or was answered already.
    """
    made, row, group = _open(s, actor, swap_id)
    role = _answers(s, actor, group, made)
    made.state, made.decided_by, made.decided_at = "refused", actor.person, now
    _write(s, actor, role, "swap.refuse", made, now)
    when, other = change.spoken_day(row.day), made.asked.upper()
    words = Pair(
        f"{other} 不同意换 {when.zh}，这天还是你家。", f"{other} does not take {when.en}; it stays yours."
    )
    _tell(s, group, made, made.asker, words, now)
    return made


def withdraw(s: Session, actor: Actor, swap_id: str, now: datetime) -> Swap:
    """Who asked does not want it any more.

    Raises:
        Refused: it is not the actor's to say, or was answered already.
    """
    made, row, group = _open(s, actor, swap_id)
    role = whose.speaks_for(s, actor, group, made.asker)
    made.state, made.decided_by, made.decided_at = "withdrawn", actor.person, now
    _write(s, actor, role, "swap.withdraw", made, now)
    when, other = change.spoken_day(row.day), made.asker.upper()
    words = Pair(f"{other} 撤回了换 {when.zh} 的请求。", f"{other} no longer asks about {when.en}.")
    _tell(s, group, made, made.asked, words, now)
    return made


def lapse(s: Session, now: datetime) -> int:
    """Questions that nobody answered until the day began lapse; how many there were."""
    rows = s.scalars(
        select(Swap)
        .where(Swap.kind == "turn", Swap.state == "asked", Swap.day <= (now + timedelta(days=1)).date())
        .order_by(Swap.id)
        .with_for_update(skip_locked=True)
    ).all()
    over = [row for row in rows if now >= _lapses(s, row)]
    for row in over:
        row.state, row.decided_at = "lapsed", now
        turn = s.get_one(Turn, row.given)
        group, when = s.get_one(ShopGroup, turn.group), change.spoken_day(turn.day)
        words = Pair(
            f"{when.zh}没人同意换，这天还是 {row.asker.upper()}。",
            f"Nobody agreed to swap {when.en}; it stays {row.asker.upper()}'s.",
        )
        _tell(s, group, row, row.asker, words, now)
        _write(s, None, None, "swap.lapse", row, now)
    return len(over)


def _lapses(s: Session, row: Swap) -> datetime:
    """At the beginning of the earlier day's turn; what was asked after that, at its end."""
    hours, zone = whose.hours(s, row.market), number.zone_of(s, row.market)
    begins = rules.moment(row.day, hours.begins, zone)
    return begins if row.asked_at < begins else rules.moment(row.day, hours.ends, zone)


def _answers(s: Session, actor: Actor, group: ShopGroup, made: Swap) -> policy.Role:
    """The role by which the actor answers; never who asked, whatever they speak for."""
    role = whose.speaks_for(s, actor, group, made.asked)
    if actor.person == made.asked_by:
        en = "You asked this; somebody else answers for the other shop."
        raise Refused("state", "swap.apart", en, "由你提出的换班，须由他人答复。")
    return role


def _open(s: Session, actor: Actor, swap_id: str) -> tuple[Swap, Turn, ShopGroup]:
    made = s.get(Swap, swap_id)
    if made is None or made.market != actor.market or made.kind != "turn":
        raise Refused("missing", "swap.none", "There is no such swap.", "没有这条换班请求。")
    row, group = whose.locked(s, actor, made.given)
    s.refresh(made, with_for_update=True)
    if made.state != "asked":
        word = rules.SWAP[made.state]
        en = f"This was answered already: {word.en.lower()}."
        raise Refused("state", "swap.over", en, f"这条请求已有结果：{word.zh}。")
    return made, row, group


def _taken(s: Session, row: Turn, asked: str, taken_id: str | None, now: datetime) -> Turn | None:
    if taken_id is None:
        return None
    taken = s.get(Turn, taken_id)
    if taken is None or taken.group != row.group or taken.shop != asked or taken.id == row.id:
        raise Refused("input", "swap.taken", "Take a day that the other shop has.", "请选择对方轮值的一天。")
    if taken.day <= number.day_of(s, row.market, now):
        en = "Take a day that is still to come."
        raise Refused("input", "swap.past", en, "请选择以后的日子。")
    return taken


def _question(made: Swap, row: Turn, taken: Turn | None) -> Pair:
    day, who = change.spoken_day(row.day), made.asker.upper()
    if taken is None:
        return Pair(f"{who} 请你家顶替 {day.zh}。", f"{who} asks you to stand in on {day.en}.")
    other = change.spoken_day(taken.day)
    return Pair(
        f"{who} 想用 {day.zh} 换你家 {other.zh}，请答复。",
        f"{who} would swap {day.en} for your {other.en}. Please answer.",
    )


def _tell(s: Session, group: ShopGroup, made: Swap, shop: str, words: Pair, now: datetime) -> None:
    people = whose.hearers(s, group, shop)
    notice.tell(s, made.market, people, f"swap/{made.id}", f"swap.{made.state}", words, now)


def _write(
    s: Session,
    actor: Actor | None,
    role: policy.Role | None,
    act: str,
    made: Swap,
    now: datetime,
    text: str | None = None,
) -> None:
    public = {"swap": made.id, "given": made.given, "taken": made.taken}
    public |= {"asker": made.asker, "asked": made.asked}
    entry = Entry(act, actor, str(role) if role else "system", public=public, text=text)
    evidence.append(s, made.market, entry, now)
