"""Running numbers of a market's own days."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hub.service import number
from hub.store.base import sessions
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def test_numbers_follow_each_other_and_each_kind_counts_for_itself(s: Session) -> None:
    taken = [number.following(s, MARKET, name, NOON) for name in ("case", "case", "alert", "case")]
    assert taken == ["20261122-0001", "20261122-0002", "20261122-0001", "20261122-0003"]


def test_the_day_is_the_markets_own(s: Session) -> None:
    late = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)
    assert number.following(s, MARKET, "case", late) == "20261122-0001"
    assert number.following(s, MARKET, "case", late + timedelta(seconds=1)) == "20261123-0001"


def test_what_is_taken_back_leaves_no_gap(database: Engine) -> None:
    with sessions(database)() as s:
        number.following(s, MARKET, "case", NOON)
        s.rollback()
    with sessions(database).begin() as s:
        assert number.following(s, MARKET, "case", NOON) == "20261122-0001"


def test_many_at_once_get_a_number_each(database: Engine) -> None:
    taken: list[str] = []

    def take() -> None:
        for _ in range(10):
            with sessions(database).begin() as s:
                taken.append(number.following(s, MARKET, "case", NOON))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == [f"20261122-{value:04d}" for value in range(1, 31)]
