"""The town's first group with people of its own: three shops, each with a phone, and turns for some days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hub.store.people import Grant, Person
from hub.store.turn import Turn
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

GROUP = "east-1"
SHOPS = ("c-10", "c-11", "c-12")
TODAY = date(2026, 11, 22)
DAY = timedelta(days=1)
KEEPERS = {"c-10": "wu", "c-11": "mei", "c-12": "lan"}
"""Shop → who speaks for it; wu is the centre shop's."""


def live(s: Session) -> None:
    """Give the other two shops of the group somebody who speaks for them."""
    for shop, person in KEEPERS.items():
        if person == "wu":
            continue
        s.add(
            Person(
                id=person,
                market=MARKET,
                name_zh=person,
                name_en=person,
                login=person,
                password_hash=f"hash of {person}",
            )
        )
        s.flush()
        node = f"{MARKET}/east/{GROUP}/{shop}"
        s.add(Grant(id=f"{person}-shop", person=person, role="shop", node=node))
    s.flush()


def turns(
    s: Session, shops: Sequence[str | None], first: date = TODAY, group: str = GROUP
) -> dict[date, Turn]:
    """A turn a day from `first` on, each with the next shop as its buddy."""
    found = {}
    for number, shop in enumerate(shops):
        day = first + number * DAY
        others = [one for one in SHOPS if one != shop]
        found[day] = Turn(
            id=f"turn-{group}-{day.isoformat()}",
            market=MARKET,
            group=group,
            day=day,
            shop=shop,
            buddy=others[number % 2] if shop else None,
            why_zh="" if shop else "休市。",
            why_en="" if shop else "Closed.",
            changed_at=NOON - 7 * DAY,
        )
    s.add_all(found.values())
    s.flush()
    return found
