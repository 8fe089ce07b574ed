"""Visits to a shop: all that is there is looked at once, and then the shop is left in peace for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import component as words
from hub.core import policy
from hub.core.refuse import Refused
from hub.service import component, evidence, limit, number, place
from hub.service.evidence import Entry
from hub.store.component import Component, Survey
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def make(
    s: Session, actor: Actor, shop_id: str, conditions: Mapping[str, str], note: str, now: datetime
) -> Survey:
    """A visit: what each component of the shop was found to be.

    Raises:
        Refused: there is no such shop, the actor may not, somebody was there lately and nothing is wrong, or
            a component of the shop is left out.
    """
    today = number.day_of(s, actor.market, now)
    shop, target = place.shop(s, actor.market, shop_id, today)
    role = policy.authorize(actor, "component.change", target)
    s.refresh(shop, with_for_update=True)  # of two who come at once, the second sees the first's visit
    inside = of_shop(s, shop.id)
    _refuse_early(s, actor, shop.id, inside, today)
    _refuse_incomplete(inside, conditions)
    row = Survey(id=new_id(), market=actor.market, shop=shop.id, at=now, by=actor.person, note=note.strip())
    s.add(row)
    s.flush()
    for one in inside:
        component.found(s, actor, role, one, conditions[one.id], "", now).survey = row.id
    shop.verified_at = now
    public = {"shop": shop.id, "survey": row.id, "components": len(inside)}
    evidence.append(
        s, actor.market, Entry("survey.make", actor, role, public=public, text=row.note or None), now
    )
    return row


def free_from(s: Session, market: str, shop: str, today: date) -> date | None:
    """The first day on which somebody may come to the shop again; None where they may today."""
    at_fault = any(one.condition != "good" for one in of_shop(s, shop))
    return words.too_early(last(s, market, shop), today, limit.of(s, market), at_fault=at_fault)


def last(s: Session, market: str, shop: str) -> date | None:
    """The market's day of the last visit."""
    query = select(Survey.at).where(Survey.shop == shop).order_by(Survey.at.desc(), Survey.id.desc()).limit(1)
    at = s.scalar(query)
    return at.astimezone(number.zone_of(s, market)).date() if at else None


def of_shop(s: Session, shop: str) -> Sequence[Component]:
    """The components inside a shop that are there."""
    query = select(Component).where(
        Component.near == shop, Component.inside.is_(True), Component.removed_at.is_(None)
    )
    return s.scalars(query.order_by(Component.kind, Component.id)).all()


def _refuse_early(s: Session, actor: Actor, shop: str, inside: Sequence[Component], today: date) -> None:
    day = last(s, actor.market, shop)
    at_fault = any(one.condition != "good" for one in inside)
    free = words.too_early(day, today, limit.of(s, actor.market), at_fault=at_fault)
    if free is not None:
        en = f"Somebody was here on {day}. Unless something is wrong, come again on {free} or later."
        raise Refused(
            "state", "survey.early", en, f"{day} 已走访过。没有问题的话，{free} 起再来，不重复上门。"
        )


def _refuse_incomplete(inside: Sequence[Component], conditions: Mapping[str, str]) -> None:
    for value in conditions.values():
        component.known(words.CONDITION, value)
    if set(conditions) != {one.id for one in inside}:
        left = [words.KIND[one.kind] for one in inside if one.id not in conditions]
        en = ", ".join(pair.en.lower() for pair in left) or "nothing else is in this shop"
        zh = "、".join(pair.zh for pair in left) or "别的部件不在这户"
        raise Refused(
            "input", "survey.incomplete", f"Say of everything there what it is: {en}.", f"请逐项核查：{zh}。"
        )
