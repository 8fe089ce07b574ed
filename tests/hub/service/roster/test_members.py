"""Whom a workroom's roster reaches: nobody of another workroom or market, and everybody who stands in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service.roster import cover, sick
from hub.store.market import Market
from hub.store.people import Person
from hub.store.turn import Leave
from tests.hub.service.roster.room import CALENDAR, EVE, published
from tests.hub.town import actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FIFTH, ELEVENTH = date(2026, 12, 5), date(2026, 12, 11)


def stranger(s: Session) -> str:
    """Somebody of another market."""
    s.add(Market(id="other", name_zh="别处", name_en="Other", x0=0, y0=0, x1=1, y1=1, zone="UTC"))
    s.flush()
    names = {"name_zh": "外人", "name_en": "Stranger"}
    s.add(Person(id="out", market="other", login="out", password_hash="x", **names))
    s.flush()
    return "out"


@pytest.mark.parametrize("person", ["tao", "out", "nobody"])
def test_a_leader_calls_nobody_sick_who_is_not_of_the_workroom(s: Session, person: str) -> None:
    row = published(s)
    stranger(s)
    for act in (sick.call, sick.question):
        with pytest.raises(Refused, match="not on this roster"):
            act(s, actor(s, "shen"), row.id, person, [FIFTH], CALENDAR, EVE)
    assert s.scalars(select(Leave)).all() == []


@pytest.mark.parametrize("absent", ["tao", "out", "nobody"])
def test_nobody_covers_for_who_is_not_of_the_workroom(s: Session, absent: str) -> None:
    row = published(s)
    stranger(s)
    wanted = [("qiu", ELEVENTH, "day")]
    with pytest.raises(Refused, match="not on this roster"):
        cover.ask(s, actor(s, "shen"), row.id, (absent, FIFTH), wanted, CALENDAR, EVE)
