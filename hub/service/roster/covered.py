"""Covers and swaps that wait for consent, as pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core.consent import COVER
from hub.service import people
from hub.service.registered import person_of
from hub.service.roster import right
from hub.service.roster.draw import KINDS
from hub.service.shape import iso, pair
from hub.store.roster import Cover, Roster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]


def open_of(s: Session, roster: str) -> list[Cover]:
    """What is asked of a roster and not decided."""
    where = (Cover.roster == roster, Cover.state == "asked")
    return list(s.scalars(select(Cover).where(*where).order_by(Cover.day, Cover.id)))


def asked_of(s: Session, actor: Actor) -> list[Cover]:
    """What the actor is asked, or asked others, and is not decided."""
    where = (Cover.market == actor.market, Cover.state == "asked")
    rows = s.scalars(select(Cover).where(*where).order_by(Cover.day, Cover.id))
    return [one for one in rows if actor.person in one.consents or actor.person == one.asked_by]


def views(s: Session, actor: Actor, covers: Sequence[Cover]) -> list[View]:
    """Covers as pages show them."""
    ids = {person for one in covers for person in (one.absent, one.asked_by, *one.consents)}
    ids |= {step["person"] for one in covers for step in one.changes}
    who = people.names(s, ids)
    rosters = {one.roster: s.get_one(Roster, one.roster) for one in covers}
    return [
        {
            "id": one.id,
            "roster": one.roster,
            "absent": person_of(who, one.absent),
            "day": one.day.isoformat(),
            "shift": {"id": one.shift, "zh": KINDS[one.shift].zh, "en": KINDS[one.shift].en},
            "state": {"id": one.state, **pair(COVER[one.state])},
            "changes": [step | {"person": person_of(who, step["person"])} for step in one.changes],
            "consents": [
                (person_of(who, person) or {}) | {"agreed_at": at} for person, at in one.consents.items()
            ],
            "asked_by": person_of(who, one.asked_by),
            "asked_at": iso(one.asked_at),
            "mine": one.state == "asked" and one.consents.get(actor.person, "") is None,
            "may_withdraw": one.state == "asked"
            and (one.asked_by == actor.person or right.may(actor, "duty.change", rosters[one.roster].grid)),
        }
        for one in covers
    ]
