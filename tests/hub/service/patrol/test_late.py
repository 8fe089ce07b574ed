"""Whatever comes late, twice and in any order: each scan counts once and the figures are the same."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.service.patrol import gap, judge
from hub.store.base import sessions
from hub.store.patrol import Said, Visit
from tests.hub.service.patrol.beat import MINUTE, hang, planned, rounds, scan, sign
from tests.hub.town import MARKET, NOON
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from hub.store.patrol import Round

POINTS = 4
WHOLE = timedelta(hours=13)
ROLLED_BACK = (HealthCheck.function_scoped_fixture,)
"""Every example leaves the market as it found it."""


@dataclass(frozen=True, slots=True)
class Read:
    """A scan of point `point`, `minute` minutes after noon, by `who`."""

    id: str
    point: int
    minute: int
    who: str


def reads() -> st.SearchStrategy[list[Read]]:
    one = st.tuples(st.integers(0, POINTS - 1), st.integers(-20, 700), st.sampled_from(("qiu", "jiang")))
    made = st.lists(one, min_size=1, max_size=14, unique=True)
    return made.map(lambda rows: [Read(new_id(), *row) for row in rows])


def _walked(s: Session, told: list[Read], judged_at: int) -> dict[str, Any]:
    """The figures of the day after `told` was heard in this order, its rounds judged somewhere in between."""
    points = hang(s, POINTS)
    planned(s, points, ("12:00", "18:00"), drawn=False)
    rows = rounds(s)
    texts = [sign(s, one) for one in points]
    numbers = {one.id: one.number for one in points}
    for place, read in enumerate(told):
        if place == judged_at:
            judge.due(s, NOON + WHOLE)
        scan(s, texts[read.point], NOON + read.minute * MINUTE, id_=read.id, who=read.who, heard=NOON + WHOLE)
    judge.due(s, NOON + WHOLE)
    figures = [_named(row, numbers) for row in rows]
    visits = sorted(s.execute(select(Visit.id, Visit.at)).all())
    return {
        "figures": figures,
        "visits": [tuple(one) for one in visits],
        "states": [(row.state, row.started_at) for row in rows],
        "gap": gap.largest(s, MARKET, NOON + timedelta(hours=11)),
        "said": s.scalar(select(func.count()).select_from(Said)),
    }


def _named(row: Round, numbers: dict[str, int]) -> dict[str, Any]:
    """Figures with the numbers of points, which are the same in every market made anew."""
    said = dict(row.figures or {})
    for word in ("kept", "missed", "short"):
        said[word] = [numbers[id_] for id_ in said[word]]
    for word in ("late", "early"):
        said[word] = {numbers[id_]: seconds for id_, seconds in said[word].items()}
    return said


def _same_in_any_order(on: Engine, told: list[Read], seed: int) -> None:
    # S311: a shuffle for a test.
    chance = random.Random(seed)
    again = [*told, *chance.sample(told, chance.randint(0, len(told)))]
    chance.shuffle(again)
    with sessions(on)() as s:
        plain = _walked(s, sorted(told, key=lambda read: read.minute), len(told))
        s.rollback()
    with sessions(on)() as s:
        mixed = _walked(s, again, chance.randint(0, len(again)))
        s.rollback()
    assert plain == mixed
    assert {id_ for id_, _ in plain["visits"]} == {read.id for read in told}
    assert len(plain["visits"]) == plain["said"] == len(told)


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=ROLLED_BACK)
@given(told=reads(), seed=st.integers(0, 2**32))
def test_scans_heard_twice_late_and_in_any_order_give_the_same_figures(
    on: Engine, told: list[Read], seed: int
) -> None:
    _same_in_any_order(on, told, seed)


@pytest.mark.long
@settings(max_examples=150, deadline=None, database=None, suppress_health_check=ROLLED_BACK)
@given(told=reads(), seed=st.integers(0, 2**32))
def test_many_scans_heard_in_any_order_give_the_same_figures(on: Engine, told: list[Read], seed: int) -> None:
    _same_in_any_order(on, told, seed)
