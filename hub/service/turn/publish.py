"""A rotation is published: its days become turns, what was agreed stays, and every shop hears its days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hub.core import turn as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, number, solving
from hub.service.evidence import Entry
from hub.service.turn import asked, change, repair, view, whose
from hub.service.turn.rotation import draft
from hub.store.turn import Turn
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.turn.repair import Around
    from hub.store.market import ShopGroup
    from hub.store.turn import Rotation

PUBLISHED = "turn.published"
NOTE = 3
"""Severity of what is worth knowing and no more."""


def publish(s: Session, actor: Actor, rotation: str, now: datetime) -> Rotation:
    """Let a draft hold: from today on its groups' days are as it says.

    What shops agreed on, or confirmed, since it was solved stays; what cannot stand any more is given anew.

    Raises:
        Refused: there is no such draft, the actor may not, or it is not solved.
    """
    row, role = draft(s, actor, rotation, "duty.approve")
    solving.refuse_busy(row)
    if not row.made:
        en = "It has no turns yet. Have it solved first."
        raise Refused("state", "rotation.unsolved", en, "还没有排出结果，请先求解。")
    # Its people's notices and turns of all groups are written at once: the ledger first, as devices do.
    evidence.hold(s, row.market)
    row.state, row.decided_by, row.decided_at = "published", actor.person, now
    public = {"rotation": row.id, "number": row.number, "groups": len(row.made)}
    evidence.append(s, row.market, Entry("rotation.publish", actor, role, public=public), now)
    write(s, row, now)
    return row


def write(s: Session, row: Rotation, now: datetime) -> None:
    """The turns of a rotation that is published, and the notices of them."""
    today = number.day_of(s, row.market, now)
    standing = {one.id: one for one in asked.groups_at(s, row.market, row.node, max(today, row.first))}
    for made in row.made:
        group = standing.get(made["group"])
        if group is not None:
            _group(s, row, group, made, today, now)


def _group(
    s: Session, row: Rotation, group: ShopGroup, made: Mapping[str, Any], today: date, now: datetime
) -> None:
    known = repair.around(s, group, today)
    given = {date.fromisoformat(day): (shop, buddy) for day, shop, buddy in made["turns"]}
    said = {date.fromisoformat(one["day"]): one for one in made["oddities"] if one["day"]}
    there = {turn.day: turn for turn in view.of_group(s, group.id, row.first, row.last)}
    new: dict[str, list[date]] = {}
    for day in rules.days(row.first, row.last):
        if day < today:
            continue
        have = _fits(given.get(day, (None, None)), day, known)
        why = _why(day, known, said)
        if day in there:
            if not asked.is_kept(there[day], today):
                change.give(s, there[day], group, have, now, why=why)
            continue
        s.add(_turn(row, group, day, have, why, now))
        if have[0] is not None:
            new.setdefault(have[0], []).append(day)
    s.flush()
    repair.group(s, group, now)
    _tell(s, row, group, new, now)


def _fits(have: change.Have, day: date, known: Around) -> change.Have:
    """What was solved, without who cannot come any more: that is given anew afterwards."""
    gone = known.absent(day) | ({have[0], have[1]} - set(known.line))
    shop, buddy = (None if one in gone else one for one in have)
    return (shop, buddy if shop else None)


def _why(day: date, known: Around, said: Mapping[date, Mapping[str, str]]) -> Pair:
    if day in known.closed:
        return known.closed[day]
    return Pair(said[day]["zh"], said[day]["en"]) if day in said else repair.NOBODY


def _turn(row: Rotation, group: ShopGroup, day: date, have: change.Have, why: Pair, now: datetime) -> Turn:
    shop, buddy = have
    return Turn(
        id=new_id(),
        market=row.market,
        group=group.id,
        day=day,
        shop=shop,
        buddy=buddy,
        why_zh="" if shop else why.zh,
        why_en="" if shop else why.en,
        changed_at=now,
        rotation=row.id,
    )


def _tell(
    s: Session, row: Rotation, group: ShopGroup, new: Mapping[str, Iterable[date]], now: datetime
) -> None:
    """Tell each shop its days in one notice, and who coordinates the group of those whom none reaches."""
    silent = []
    for shop, days in new.items():
        people = whose.people_of(s, group, shop)
        if not people:
            silent.append(shop.upper())
            continue
        zh = "、".join(change.spoken_day(day).zh for day in days)
        en = ", ".join(change.spoken_day(day).en for day in days)
        words = Pair(f"轮值表已发布，{shop.upper()}：{zh}。", f"The rotation is out. {shop.upper()}: {en}.")
        notice.tell(s, row.market, people, f"rotation/{row.id}", PUBLISHED, words, now, severity=NOTE)
    if silent:
        zh, en = "、".join(silent), ", ".join(silent)
        words = Pair(
            f"第 {group.number} 组轮值表已发布，请转告：{zh}。",
            f"The rotation of group {group.number} is out. Please tell {en}, whom no phone reaches.",
        )
        people = whose.coordinators(s, group)
        notice.tell(s, row.market, people, f"rotation/{row.id}", "turn.pass_on", words, now, severity=NOTE)
