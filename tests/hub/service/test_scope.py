"""A list holds what its reader may see, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Actor, Grant, Role
from hub.service.scope import scope_filter
from hub.store.camera import Camera
from hub.store.market import Shop
from tests.hub import town

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def actor(market: str, *grants: tuple[Role, str]) -> Actor:
    return Actor("somebody", market, Pair("某人", "Somebody"), None, tuple(Grant(*one) for one in grants))


def shops(s: Session, who: Actor) -> set[str]:
    return set(s.scalars(scope_filter(who, "market.read", select(Shop.group), Shop)))


@pytest.fixture(autouse=True)
def _a_table_with_the_action(monkeypatch: pytest.MonkeyPatch) -> None:
    reach = dict.fromkeys((Role.LEADER, Role.CENTRE), policy.Reach.OWN) | {Role.GUARD: policy.Reach.UNIT}
    monkeypatch.setitem(policy.TABLE, "market.read", reach)


@pytest.mark.parametrize(
    ("node", "groups"),
    [
        (town.MARKET, {"east-1", "east-2", "west-3", "west-4"}),
        (f"{town.MARKET}/east", {"east-1", "east-2"}),
        (f"{town.MARKET}/east/east-1", {"east-1"}),
        ("another-market", set()),
    ],
)
def test_a_leader_sees_what_stands_below_the_node(s: Session, node: str, groups: set[str]) -> None:
    assert shops(s, actor(town.MARKET, (Role.LEADER, node))) == groups


def test_two_grants_add_up(s: Session) -> None:
    both = actor(
        town.MARKET, (Role.LEADER, f"{town.MARKET}/east"), (Role.CENTRE, f"{town.MARKET}/west/west-3")
    )
    assert shops(s, both) == {"east-1", "east-2", "west-3"}


def test_in_another_market_ones_grants_at_home_reach_nothing(s: Session) -> None:
    assert shops(s, actor("another-market", (Role.LEADER, town.MARKET))) == set()


@pytest.mark.parametrize("role", [Role.GUARD, Role.SHOP])
def test_without_a_wide_right_the_list_is_empty(s: Session, role: Role) -> None:
    assert shops(s, actor(town.MARKET, (role, town.MARKET))) == set()


def test_a_groups_right_does_not_reach_rows_that_say_no_group(s: Session) -> None:
    query = scope_filter(
        actor(town.MARKET, (Role.CENTRE, f"{town.MARKET}/east/east-1")), "market.read", select(Camera), Camera
    )
    assert s.scalars(query).all() == []
