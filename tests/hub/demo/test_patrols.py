"""The reference market's patrols: points far apart in every grid, a round to walk, and no alert at first."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import combinations
from math import dist
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hub.core import checkpoint
from hub.demo import load
from hub.service import duty
from hub.service.patrol import code, crews, judge, plan
from hub.store.alert import Alert
from hub.store.base import migrate, sessions
from hub.store.patrol import Checkpoint, CheckpointCode, Round, Visit
from tests.hub.hasty import hasty
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

KEY = b"d" * 32


class Plain:
    """Port Passwords that takes no time."""

    def hash(self, password: str) -> str:
        return password

    def verify(self, hashed: str, password: str) -> bool:
        return hashed == password


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The reference market as it is loaded at noon, twice."""
    on = hasty(f"sqlite:///{_file(tmp_path_factory)}")
    migrate(on)
    made = sessions(on)
    made.configure(info={code.KEY: KEY})
    with made() as s:
        load.load(s, Plain(), NOON)
        load.load(s, Plain(), NOON)
        yield s
    on.dispose()


def _file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "hub.db"


def test_every_grid_has_ten_points_that_lie_apart(market: Session) -> None:
    points = market.scalars(select(Checkpoint)).all()
    assert set(Counter(one.grid for one in points).values()) == {10}
    assert len({one.number for one in points}) == 50
    for one, other in combinations(points, 2):
        assert one.grid != other.grid or dist((one.x, one.y), (other.x, other.y)) > 10


def test_signs_are_good_and_signed_with_the_hubs_own_key(market: Session) -> None:
    for row in market.scalars(select(CheckpointCode)):
        text = code.text(market, market.get_one(Checkpoint, row.checkpoint), row)
        assert checkpoint.read(KEY, load.MARKET, text).serial == 1


def test_one_round_waits_to_be_begun_and_the_others_are_under_way(market: Session) -> None:
    states = Counter(market.scalars(select(Round.state)))
    assert states == {"planned": 1, "walking": 4, "done": 5}
    walks = crews.walks(market, load.MARKET, duty.now_on(market, load.MARKET, NOON), NOON)
    assert sum(walk.last is not None for walk in walks.values()) == 4
    assert market.scalar(select(func.count()).select_from(Visit)) == 50 + 4 * 5


def test_the_first_minutes_of_a_demo_raise_no_alert_and_tomorrow_has_its_rounds(market: Session) -> None:
    assert plan.due(market, NOON) == 0
    assert judge.due(market, NOON + timedelta(minutes=20)) == 0
    assert market.scalars(select(Alert.kind)).all() == []
    assert plan.due(market, NOON + timedelta(hours=12, minutes=1)) == 5 * (2 + 8 + 1 + 4 + 2)
