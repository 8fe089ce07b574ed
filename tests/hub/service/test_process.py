"""Each process of the hub tells that it is there; whoever shows the market knows what is done for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.service import process
from hub.service.process import Me
from hub.store.base import sessions
from hub.store.process import Process
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

WELL = {"database": True, "disk": True, "broker": True, "ingest": True}
INGEST = Me("one", "ingest", "", "hall-1", 4711, NOON)
TIMER = Me("two", "timer", "", "hall-1", 4712, NOON)


def working(s: Session, after: timedelta = timedelta(0)) -> dict[str, bool]:
    return process.working(process.there(s, MARKET, NOON + after))


def test_a_market_that_nobody_hears_and_keeps_time_for_is_told_so(s: Session) -> None:
    assert working(s) == {"ingest": False, "timer": False}
    process.tell(s, INGEST, WELL, NOON)
    assert working(s) == {"ingest": True, "timer": False}
    process.tell(s, TIMER, {"database": True, "timer": True}, NOON)
    assert working(s) == {"ingest": True, "timer": True}


def test_one_process_that_serves_does_both(s: Session) -> None:
    process.tell(s, replace(INGEST, role="serve"), {**WELL, "timer": True}, NOON)
    assert working(s) == {"ingest": True, "timer": True}


def test_who_is_killed_is_missed_after_three_beats_and_forgotten_in_time(database: Engine) -> None:
    with sessions(database).begin() as s:
        process.tell(s, INGEST, WELL, NOON)
        assert working(s, timedelta(seconds=14))["ingest"]
        assert not working(s, timedelta(seconds=16))["ingest"]
        process.forget(s, NOON + timedelta(minutes=59))
        assert s.scalars(select(Process.id)).all() == ["one"]
        process.forget(s, NOON + timedelta(minutes=61))
        assert s.scalars(select(Process.id)).all() == []


def test_who_leaves_is_missed_at_once_unless_another_is_there(s: Session) -> None:
    for me in (INGEST, replace(INGEST, id="other")):
        process.tell(s, me, WELL, NOON)
    process.leave(s, INGEST)
    assert working(s)["ingest"]
    process.leave(s, replace(INGEST, id="other"))
    assert not working(s)["ingest"]


@pytest.mark.parametrize(
    ("ill", "hears"), [("broker", False), ("database", False), ("ingest", False), ("disk", True)]
)
def test_who_is_there_and_cannot_hear_does_not_count(s: Session, ill: str, hears: bool) -> None:
    process.tell(s, INGEST, WELL | {ill: False}, NOON)
    assert working(s)["ingest"] is hears
    process.tell(s, INGEST, WELL, NOON)
    assert working(s)["ingest"]


@pytest.mark.parametrize(
    ("serves", "ours"), [("", True), (MARKET, True), (f"elsewhere,{MARKET}", True), (f"{MARKET}-2", False)]
)
def test_who_serves_other_markets_does_not_count(s: Session, serves: str, ours: bool) -> None:
    process.tell(s, replace(INGEST, market=serves), WELL, NOON)
    assert working(s)["ingest"] is ours


def test_who_shows_pages_is_counted_and_who_does_not_is_not(s: Session) -> None:
    for number, role in enumerate(("serve", "api", "api", "ingest", "timer")):
        process.tell(s, replace(INGEST, id=str(number), role=role), WELL, NOON)
    assert process.shows(s, NOON) == 3
    assert process.shows(s, NOON + timedelta(seconds=16)) == 0
