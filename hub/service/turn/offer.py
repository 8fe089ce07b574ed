"""Who of a group could take a day, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number
from hub.service.election import members_of
from hub.service.evidence import Entry
from hub.service.group import names_of
from hub.service.shape import pair
from hub.service.turn import change, leave, view, whose
from hub.store.market import Shop, ShopGroup
from hub.store.turn import Turn

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


def partners(s: Session, actor: Actor, turn_id: str, now: datetime) -> View:
    """Who of the group could take the day, and what they would give for it; fewest turns first.

    Raises:
        Refused: there is no such turn, or the actor may not see it.
    """
    row = s.get(Turn, turn_id)
    if row is None or row.market != actor.market:
        raise Refused("missing", "turn.none", "There is no such turn.", "没有这次轮值。")
    group, today = whose.seen(s, actor, row.group), number.day_of(s, actor.market, now)
    members = members_of(s, group.id, today)
    first, last = rules.month(row.day)
    had = view.counts(view.of_group(s, group.id, first, last), members)
    coming = _coming(s, group, today, row)
    shops = names_of(s, members)
    found = []
    for one in members:
        if one == row.shop:
            continue
        offered = next((turn for turn in coming.get(one, ()) if hinder(s, row, one, turn) is None), None)
        why = hinder(s, row, one, offered)
        found.append(
            {
                "shop": view.shop(shops, one),
                "turn": day_of(offered) if offered and why is None else None,
                "month": had[one],
                "may": why is None,
                "why": pair(why) if why else None,
            }
        )
    spoken = whose.spoken(actor, group)
    return {
        "turn": view.lines(s, [row], spoken, today)[0],
        "month": had.get(row.shop or "", 0),
        "partners": sorted(found, key=lambda one: (not one["may"], one["month"], one["shop"]["id"])),
    }


def arrange(s: Session, actor: Actor, turn_id: str, note: str, now: datetime) -> None:
    """Ask whoever coordinates the group to arrange who takes a day.

    Raises:
        Refused: the day is not the actor's, or is over.
    """
    row, group = whose.locked(s, actor, turn_id)
    shop = owner(row)
    role = whose.speaks_for(s, actor, group, shop)
    refuse_over(s, row, now)
    public = {"turn": row.id, "group": row.group, "shop": shop}
    entry = Entry("turn.help", actor, role, public=public, text=note.strip() or None)
    evidence.append(s, actor.market, entry, now)
    when, said = change.spoken_day(row.day), f" {note.strip()}" if note.strip() else ""
    words = Pair(
        f"{shop.upper()} {when.zh}来不了，请帮忙安排。{said}",
        f"{shop.upper()} cannot come on {when.en}. Please arrange it.{said}",
    )
    people = [one for one in whose.coordinators(s, group) if one != actor.person]
    notice.tell(s, row.market, people, f"turn/{row.id}", "turn.help", words, now)


def _coming(s: Session, group: ShopGroup, today: date, row: Turn) -> dict[str, list[Turn]]:
    """The turns that the other shops have after today, but for `row`, nearest first."""
    query = select(Turn).where(Turn.group == group.id, Turn.day > today, Turn.id != row.id)
    found: dict[str, list[Turn]] = {}
    for turn in s.scalars(query.where(Turn.shop.is_not(None)).order_by(Turn.day)):
        found.setdefault(turn.shop or "", []).append(turn)
    return found


def hinder(s: Session, row: Turn, asked: str, taken: Turn | None) -> Pair | None:
    """Why a shop cannot take the day, or the one who gives it away cannot take the other's."""
    against = (
        (asked == row.shop, "这天就是他家。", "The day is that shop's already."),
        (asked == row.buddy, "他是你的收市搭档。", "That shop checks with you at closing."),
        (not s.get_one(Shop, asked).open, "他家没有营业。", "That shop is closed."),
        (leave.is_away(s, asked, row.day), "他家这天请假。", "That shop is on leave on this day."),
        (_has_left(s, asked, row.day), "他家那时已撤铺。", "That shop will have left by this day."),
        (taken and row.shop == taken.buddy, "那天你是收市搭档。", "You check at closing on that day."),
        (
            taken and row.shop and leave.is_away(s, row.shop, taken.day),
            "那天你家请假。",
            "You are on leave on that day.",
        ),
        (
            taken and row.shop and _has_left(s, row.shop, taken.day),
            "那天你家已撤铺。",
            "You will have left by that day.",
        ),
    )
    return next((Pair(zh, en) for holds, zh, en in against if holds), None)


def _has_left(s: Session, shop: str, day: date) -> bool:
    ends = s.get_one(Shop, shop).ends
    return ends is not None and ends <= day


def owner(row: Turn) -> str:
    """The shop that has the day.

    Raises:
        Refused: nobody has it.
    """
    if row.shop is None:
        raise Refused("state", "turn.gap", "Nobody has this day.", "这一天没有轮值商户。")
    return row.shop


def refuse_over(s: Session, row: Turn, now: datetime) -> None:
    """Let nobody give away a day that is over.

    Raises:
        Refused: it is.
    """
    hours = whose.hours(s, row.market)
    if now >= rules.moment(row.day, hours.ends, number.zone_of(s, row.market)):
        raise Refused("state", "turn.over", "This day is over.", "当天已结束。")


def day_of(row: Turn) -> View:
    """A turn by its day alone."""
    return {"id": row.id, "day": row.day.isoformat()}
