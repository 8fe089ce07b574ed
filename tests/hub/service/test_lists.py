"""Lists page by page: in order, each row once, and never by reading a whole table that grows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from hub.core.case import Act
from hub.core.glossary import Pair
from hub.service import alert as alerts
from hub.service import case, evidence, queue, wall
from hub.service.case import Filters, Report
from hub.service.place import Place
from hub.store.base import sessions
from tests.hub.service.steps import confirmed, seen
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

GROWING = re.compile(
    r"SCAN (alarm_record|alert|alert_event|call|case|case_alert|case_mark|case_part|line|media|notice)\b"
)


def reported(s: Session, count: int) -> None:
    """Cases of both grids, pairs of them opened at the same moment, some by the guard who asks below."""
    for number in range(count):
        grid = "east" if number % 2 else "west"
        who = actor(s, "qiu" if number % 3 == 0 else "he")
        where = Place(Pair(f"{number} 号门", f"Gate {number}"), grid)
        told = Report("theft", where, None, "gone", "patrol" if number % 3 == 0 else "phone", None)
        case.open(s, who, told, None, NOON + timedelta(minutes=number // 2))


def paged(ask: Callable[[str | None], list[dict[str, Any]]]) -> list[str]:
    """Ids of every page in turn."""
    found: list[str] = []
    while page := ask(found[-1] if found else None):
        found += [one["id"] for one in page]
    return found


@pytest.mark.parametrize("person", ["he", "qiu", "tao", "zhou", "han"])
@pytest.mark.parametrize("mine", [False, True])
def test_a_board_goes_on_where_its_page_ended(s: Session, person: str, mine: bool) -> None:
    reported(s, 11)
    confirmed(s)
    who = actor(s, person)
    whole = [one["id"] for one in case.board(s, who, Filters(mine=mine), NOON)]
    for limit in (1, 2, 3):

        def ask(before: str | None, limit: int = limit) -> list[dict[str, Any]]:
            return case.board(s, who, Filters(mine=mine, before=before, limit=limit), NOON)

        assert paged(ask) == whole
    assert len(set(whole)) == len(whole)


def test_a_guard_sees_the_grid_and_what_they_reported_elsewhere(s: Session) -> None:
    reported(s, 11)
    cards = case.board(s, actor(s, "qiu"), Filters(), NOON)
    assert {card["grid"] for card in cards} == {"east", "west"}
    assert [card["opened_at"] for card in cards] == sorted(
        (card["opened_at"] for card in cards), reverse=True
    )
    assert len(cards) == 5 + 2
    assert len(case.board(s, actor(s, "qiu"), Filters(mine=True), NOON)) == 4


def test_a_search_finds_what_a_case_is_called_now(s: Session) -> None:
    reported(s, 3)
    desk = actor(s, "he")
    found = case.board(s, desk, Filters(q="GATE 0"), NOON)
    assert len(found) == 1
    fields = {"kind": "fire", "severity": "2"}
    case.act(s, desk, found[0]["id"], Act.ACCEPT, fields, found[0]["version"], NOON)
    assert [card["id"] for card in case.board(s, desk, Filters(q="flames"), NOON)] == [found[0]["id"]]


@pytest.fixture
def plans(sqlite: Engine) -> Iterator[list[str]]:
    """How SQLite goes about every statement that is run meanwhile."""
    told: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, given: Any, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            raw = connection.connection.cursor()
            told.extend(
                f"{row[3]} in {statement}" for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            )
            raw.close()

    event.listen(sqlite, "before_cursor_execute", explain)
    yield told
    event.remove(sqlite, "before_cursor_execute", explain)


def test_no_list_reads_a_whole_table_that_grows(sqlite: Engine, plans: list[str]) -> None:
    with sessions(sqlite).begin() as s:
        reported(s, 6)
        opened = confirmed(s)
        one = seen(s, "crowd")
        alerts.take(s, actor(s, "lin"), one.id, NOON)
    plans.clear()
    with sessions(sqlite)() as s:
        for person in ("he", "qiu", "wu", "fu", "han"):
            who = actor(s, person)
            for filters in (
                Filters(),
                Filters(mine=True),
                Filters(stages=("CLOSED", "ACCEPTED")),
                Filters(q="x"),
            ):
                case.board(s, who, filters, NOON)
                case.board(s, who, Filters(filters.stages, filters.mine, filters.q, opened.id), NOON)
        case.page(s, actor(s, "he"), opened.id, NOON)
        for only_open in (True, False):
            for before in (None, one.id):
                queue.listing(s, actor(s, "lin"), NOON, only_open=only_open, before=before)
        wall.snapshot(s, actor(s, "lin"), NOON)
        evidence.feed(s, MARKET, 3)
    assert len(plans) > 100
    assert [plan for plan in plans if GROWING.match(plan)] == []


def test_a_planted_list_without_an_index_is_found(sqlite: Engine, plans: list[str]) -> None:
    with sqlite.connect() as connection:
        connection.execute(text("SELECT id FROM alert WHERE place_en = 'x'"))
    assert [plan for plan in plans if GROWING.match(plan)]
