"""Moves by hand ask the solver how the market is walked: no more than they must, and never all at once."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.api.pictures import MOST_WAITING
from hub.api.planning import MOST_WALKED, Walked
from hub.core.planned import Broken, EditAsked, EditMade
from tests.hub.api.test_plans import Mover, begun, matching, moved

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone


@pytest.fixture
def mover() -> Mover:
    return Mover()


@pytest.fixture
def parts(parts: Parts, mover: Mover) -> Parts:
    return replace(parts, solver=mover)


def test_moves_that_may_not_be_are_refused_before_the_market_is_walked(
    as_: Callable[[str], Someone], mover: Mover
) -> None:
    zhou, move = as_("zhou"), {"moves": [{"shops": ["c-20"], "group": "east-1"}]}
    busy, late, over = begun(zhou, "grids"), begun(zhou), begun(zhou)
    assert moved(zhou, late).status_code == moved(zhou, over).status_code == 200
    assert zhou.post(f"/api/plans/{over}/submit", {}).json()["state"] == "submitted"
    mover.walked.clear()
    for plan, off, code in ((busy, 0, "plan.busy"), (late, 1, "plan.match"), (over, 0, "plan.state")):
        revision = zhou.get(f"/api/plans/{plan}").json()["revision"] - off
        for method, body in (("POST", move), ("DELETE", None)):
            answer = matching(zhou, method, plan, revision, body)
            assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert mover.walked == []
    assert zhou.get(f"/api/plans/{late}").json()["moved_grid"] == 3


def test_who_moves_shops_while_many_wait_for_the_solver_is_told_to_come_again(
    as_: Callable[[str], Someone], parts: Parts, mover: Mover
) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    with ExitStack() as others:
        for _ in range(MOST_WAITING):
            others.enter_context(parts.pictures.waiting())
        answer = moved(zhou, plan)
        assert (answer.status_code, mover.walked) == (503, [])
        assert answer.headers["Retry-After"]
    assert moved(zhou, plan).json()["kept"]


def test_markets_are_told_apart_by_more_than_a_hash() -> None:
    same_hash, walked = (-1, -2), Walked()
    assert len({hash(one) for one in same_hash}) == 1
    for market in same_hash:
        walked.remember(market, EditMade((Broken("group.apart", str(market), 2.0, ()),)))
    found = [walked.known(market) for market in same_hash]
    assert [made and made.broken[0].subject for made in found] == ["-1", "-2"]


def test_the_market_that_was_walked_longest_ago_is_forgotten_first() -> None:
    walked, made = Walked(), EditMade(())
    for market in range(MOST_WALKED + 1):
        walked.remember(market, made)
    assert [walked.known(market) for market in range(MOST_WALKED + 1)] == [None, *[made] * MOST_WALKED]


def test_a_market_that_stays_as_it_is_is_walked_once(as_: Callable[[str], Someone], mover: Mover) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    for shop in ("c-20", "c-21", "c-22"):
        assert moved(zhou, plan, {"moves": [{"shops": [shop], "group": "east-1"}]}).status_code == 200
    edits = [asked for asked in mover.walked if isinstance(asked, EditAsked)]
    assert len(edits) == 1 + 3
