"""The reference market's groups have their turns from the first start on, and go on at every other."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.demo import load as demo
from hub.gear.password import Argon2
from hub.service import turn
from hub.service.people import actor_of
from hub.service.turn import month
from hub.store.base import migrate, sessions
from hub.store.market import ShopGroup
from hub.store.people import Grant, Person
from hub.store.turn import Turn
from tests.hub.hasty import hasty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DAYS = 50
MORNING = timedelta(hours=5)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    on = hasty(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'hub.db'}")
    migrate(on)
    with sessions(on)() as session:
        demo.load(session, Argon2(), NOW)
        yield session
    on.dispose()


def test_every_group_and_day_has_one_turn_and_no_shop_two_more_than_another(loaded: Session) -> None:
    days, had = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for row in loaded.scalars(select(Turn)):
        assert row.shop
        assert row.buddy
        days[row.group] += 1
        had[row.group][row.shop] += 1
    assert set(days) == set(loaded.scalars(select(ShopGroup.id)))
    assert set(days.values()) == {DAYS}
    assert max(max(each.values()) - min(each.values()) for each in had.values()) <= 1


def test_what_is_not_confirmed_stands_out_in_two_or_three_groups(loaded: Session) -> None:
    seen = month.overview(loaded, actor_of(loaded, _manager(loaded)), NOW.date(), None, NOW)
    forgetful = [one["number"] for one in seen["groups"] if one["unconfirmed"] > 1]
    assert len(forgetful) == 3
    assert sum(one["unconfirmed"] > 0 for one in seen["groups"]) <= 4, "and the demo's own shop, today"
    assert seen["sum"]["coming"] == 0
    early = month.overview(loaded, actor_of(loaded, _manager(loaded)), NOW.date(), None, NOW - MORNING)
    assert early["sum"]["due"] < seen["sum"]["due"], "today's are due at half past eight"


def _manager(s: Session) -> Person:
    held = select(Person).join(Grant, Grant.person == Person.id).where(Grant.role == "manager")
    return s.scalars(held.order_by(Person.id).limit(1)).one()


def test_the_demos_shopkeeper_speaks_for_a_shop_and_sees_its_week(loaded: Session) -> None:
    who = actor_of(loaded, loaded.get_one(Person, "wu-yongchang"))
    page = turn.today(loaded, who, NOW)
    assert page["shop"]["id"] == "c-146"
    assert len(page["week"]) == 7
    assert page["next"]


def test_a_later_start_adds_the_days_to_come_and_leaves_what_people_changed(loaded: Session) -> None:
    one = loaded.scalars(select(Turn).where(Turn.day == NOW.date() + timedelta(days=20)).limit(1)).one()
    one.shop, one.buddy, one.fixed = one.buddy, one.shop, True
    kept = one.shop
    loaded.flush()
    demo.load(loaded, Argon2(), NOW + timedelta(days=5))
    loaded.expire_all()
    assert loaded.get_one(Turn, one.id).shop == kept
    last = loaded.scalars(select(Turn.day).order_by(Turn.day.desc()).limit(1)).one()
    assert last == NOW.date() + timedelta(days=40)
