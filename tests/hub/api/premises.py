"""Of each place, one row of every register of the market's premises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.store.business import Business, Tenancy
from hub.store.component import Component
from hub.store.election import Candidate, Election
from hub.store.workroom import Appointment, Workroom
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4


def fill(s: Session, one: Spot4) -> None:
    """A component, a workroom, a letter, an open election and a business with its shop."""
    tag, market, shop = one.tag, one.market, f"shop-{one.tag}"
    s.add(
        Component(
            id=f"component-{tag}",
            market=market,
            kind="hydrant",
            owner="market",
            near=shop,
            inside=False,
            x=0.5,
            y=0.5,
            spot="门口",
            condition="good",
            made_at=NOON,
            verified_at=NOON,
            verified_by=None,
        )
    )
    names = {"name_zh": f"{tag} 室", "name_en": f"room of {tag}"}
    s.add(Workroom(id=f"room-{tag}", market=market, grid=one.grid, spot="门口", phone="", **names))
    s.add(
        Appointment(
            id=f"letter-{tag}",
            market=market,
            number=f"2026-{one.number:04}",
            grid=one.grid,
            office="deputy",
            person=f"guard-{tag}",
            begins=NOON.date(),
            made_at=NOON,
        )
    )
    called = {"way": "secret", "state": "called", "electors": 2, "blank": 0, "by_lot": False}
    s.add(Election(id=f"election-{tag}", market=market, group=f"g-{tag}", called_at=NOON, **called))
    s.add(
        Business(
            id=f"business-{tag}",
            market=market,
            name_zh="商行",
            name_en="Traders",
            primary_shop=shop,
            made_at=NOON,
        )
    )
    s.flush()
    s.add(Candidate(id=f"candidate-{tag}", election=f"election-{tag}", shop=shop, votes=0))
    tenancy = {"business": f"business-{tag}", "shop": shop, "begins": NOON.date()}
    s.add(Tenancy(id=f"tenancy-{tag}", market=market, **tenancy))
