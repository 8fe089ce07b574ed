"""Who could have a shift: with rest before and after, nights and weekends then, whose consent it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.core import monthly
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.core.roster_offer import offers
from hub.core.roster_row import dated
from hub.service import people
from hub.service.registered import person_of
from hub.service.roster import covered, right, view
from hub.service.roster.asked import values
from hub.service.roster.draw import KINDS
from hub.service.roster.page import look
from hub.service.shape import iso, pair
from hub.store.market import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.roster import Cell, Load
    from hub.core.roster_offer import Offer
    from hub.ports import Workdays
    from hub.service.roster.view import Seen
    from hub.store.people import Person

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was read once for everybody: the shift, the cells without who is away, people, the leader."""

    seen: Seen
    at: tuple[date, str]
    cells: Sequence[Cell]
    members: dict[str, Person]
    leader: dict[str, Person]


def candidates(
    s: Session,
    actor: Actor,
    roster: str,
    at: tuple[date, str],
    absent: str | None,
    workdays: Workdays,
    now: datetime,
) -> View:
    """Who could have a shift of a day, the best first, and why others cannot.

    Raises:
        Refused: the actor may not see it, nothing is published, or there is no such day or shift.
    """
    row = right.seen(s, actor, roster)
    right.own(s, actor, row)
    day, shift = at
    if shift not in KINDS or not row.begins <= day <= row.ends:
        en = "Choose a day of this month and one of its shifts."
        raise Refused("input", "roster.day", en, "请选择本月的日期和班次。")
    seen = look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now)
    cells = [cell for cell in values(seen.cells) if (cell.person, cell.day) != (absent, day)]
    members = {one.person.id: one.person for one in seen.room.members if not one.left}
    loads = {one.person: one for one in seen.checked.loads}
    leader = people.names(s, right.leaders(s, seen.grid)[:1])
    asked = {
        one["changes"][0]["person"]["id"]: one
        for one in covered.views(s, actor, [one for one in covered.open_of(s, row.id) if one.day == day])
    }
    begins, ends = monthly.moments(seen.zone, day, KINDS[shift])
    who = people.names(s, [absent])
    return {
        "roster": row.id,
        "absent": person_of(who, absent) if absent in who else None,
        "day": day.isoformat(),
        "shift": view.shift(shift),
        "begins": iso(begins),
        "ends": iso(ends),
        "people": [
            _candidate(
                Looked(seen, at, cells, members, leader), one, loads[one.person], asked.get(one.person)
            )
            for one in offers(seen.room.asked, cells, day, shift)
            if one.person in members and one.person != absent
        ],
    }


def _candidate(looked: Looked, offer: Offer, load: Load, asked: View | None) -> View:
    seen, members = looked.seen, looked.members
    day, shift = looked.at
    had = next((cell.shift for cell in looked.cells if (cell.person, cell.day) == (offer.person, day)), None)
    why = _why(seen, offer, looked.at, had)
    hours = KINDS[shift].hours - (KINDS[had].hours if had else 0.0)
    off = day in seen.room.asked.holidays and had is None
    consents = [members[offer.person], *(looked.leader.values() if "leader" in offer.agree else ())]
    named = person_of(members, offer.person)
    return {
        "person": named,
        "can": why is None,
        "rest": {"before_h": offer.rest_before_h, "after_h": offer.rest_after_h},
        "nights": {"before": offer.nights, "after": offer.nights_then},
        "weekends": {"before": offer.weekends, "after": offer.weekends + off},
        "hours": {"before": load.hours, "after": load.hours + hours},
        "how": pair(_how(offer, day, had)) if why is None else None,
        "changes": [{"person": named, "day": day.isoformat(), "before": had, "after": shift}],
        "consents": [{"id": one.id, "name": {"zh": one.name_zh, "en": one.name_en}} for one in consents],
        "why": pair(why) if why else None,
        "asked": asked,
    }


def _why(seen: Seen, offer: Offer, at: tuple[date, str], had: str | None) -> Pair | None:
    """Why somebody cannot; None: they can."""
    if offer.broken:
        return offer.broken[0].words
    if had is None:
        return None
    day = at[0]
    there = sum((cell.day, cell.shift) == (day, had) for cell in seen.cells)
    if there > seen.room.asked.need(day, had).least:
        return None
    kind = KINDS[had]
    return Pair(
        f"当天上{kind.zh}，调走后{kind.zh}就缺人", f"is on {kind.en} that day, which would then be short"
    )


def _how(offer: Offer, day: date, had: str | None) -> Pair:
    on = dated(day)
    if had is not None:
        kind = KINDS[had]
        return Pair(f"从当天{kind.zh}调过来", f"moves over from {kind.en} of that day")
    if offer.over_h > 0:
        return Pair(
            f"加一班，计加班 {offer.over_h:.0f} h", f"one more shift, {offer.over_h:.0f} h of overtime"
        )
    return Pair(f"用 {on.zh} 的休，以后补休", f"gives up the day off of {on.en}, another is given later")
