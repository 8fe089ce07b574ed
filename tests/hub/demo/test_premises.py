"""The reference market's registers at a first start, and that a second start adds nothing."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hub.demo.load import MARKET, load
from hub.service import appointment, business, group, people, registered, workroom
from hub.store.base import engine, migrate, sessions
from hub.store.component import Component
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.workroom import Appointment
from tests.hub.api.conftest import Plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session, sessionmaker

NIGHT = datetime(2026, 11, 21, 19, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sessionmaker[Session]]:
    on = engine(f"sqlite:///{tmp_path_factory.mktemp('registers') / 'hub.db'}")
    migrate(on)
    store = sessions(on)
    with store.begin() as session:
        load(session, Plain(), NIGHT)
    yield store
    on.dispose()


def test_its_registers_show_what_is_well_and_what_is_not(loaded: sessionmaker[Session]) -> None:
    with loaded() as session:
        zhou = people.actor_of(session, session.get_one(Person, "zhou-qiming"))
        kinds = registered.listing(session, zhou, registered.Filters(), NIGHT)["kinds"]
        sums = {name: sum(one[name] for one in kinds) for name in ("all", "stale", "faulty", "missing")}
        rooms = workroom.listing(session, zhou, NIGHT)
        terms = Counter(one["term"]["id"] for one in group.listing(session, zhou, NIGHT))
        letters = appointment.listing(session, zhou, NIGHT)
        several = business.listing(session, zhou, "", True, None, NIGHT)["businesses"]
        leaders = {row.id: row.leader for row in session.scalars(select(Grid))}
    assert sums["all"] > 500
    assert all(sums[name] > 0 for name in sums)
    assert [len(one["missing"]) for one in rooms] == [0, 1, 0, 0, 1]
    assert terms.keys() == {"current", "soon", "over", "none"}
    assert {
        one["grid"]["id"]: one["person"]["id"] for one in letters if one["office"]["id"] == "leader"
    } == leaders
    assert all(one["granted"] for one in letters)
    assert len(several) >= 10
    assert all(len(one["grids"]) == 2 for one in several)


def test_a_second_start_adds_nothing_and_the_next_letter_has_the_next_number(
    loaded: sessionmaker[Session],
) -> None:
    def counts(session: Session) -> list[int]:
        return [
            session.scalar(select(func.count()).select_from(table)) or 0 for table in (Component, Appointment)
        ]

    with loaded() as session:
        load(session, Plain(), NIGHT)
        first = counts(session)
        load(session, Plain(), NIGHT + timedelta(days=3))
        assert counts(session) == first
        zhou = people.actor_of(session, session.get_one(Person, "zhou-qiming"))
        days = (NIGHT.date() + timedelta(days=2000), None)
        made = appointment.make(session, zhou, "qiu-zhishui", "deputy", "central", days, NIGHT)
        assert (made.market, made.number) == (MARKET, "2026-0011")
