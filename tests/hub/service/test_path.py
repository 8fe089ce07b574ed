"""The straight way of an alert: seen, taken, confirmed, and its case closed by people who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.core.case import Act, Stage
from hub.service import alert, case
from hub.service.evidence import feed
from hub.store.base import sessions
from tests.hub import town
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine


def test_an_alert_becomes_a_case_that_is_closed_by_somebody_else(database: Engine) -> None:
    way: list[tuple[str, Act, dict[str, Any]]] = [
        ("he", Act.ACCEPT, {}),
        ("qin", Act.DISPATCH, {"unit": "crew/crew-1"}),
        ("qiu", Act.ACKNOWLEDGE, {}),
        ("qiu", Act.ON_SCENE, {}),
        ("qiu", Act.HANDLE, {"result": "solved", "text": "电池已移到室外"}),
        ("gu", Act.VERIFY_CLOSE, {"gone": True, "told": True}),
        ("gu", Act.EVALUATE, {"feedback": "satisfied"}),
    ]
    with sessions(database).begin() as s:
        seen = alert.receive(s, town.MARKET, "edge-1", town.event(), NOON)
        assert seen is not None
        alert.take(s, town.actor(s, "lin"), seen.id, NOON)
        opened = alert.confirm(s, town.actor(s, "lin"), seen.id, NOON)
        now = NOON
        for person, act, fields in way:
            now += timedelta(seconds=30)
            opened = case.act(s, town.actor(s, person), opened.id, act, fields, opened.version, now)
    with sessions(database)() as s:
        assert opened.stage == Stage.EVALUATED
        acts = [line.act for line in feed(s, town.MARKET, 0)]
    assert acts[:4] == ["alert.new", "alert.take", "case.report", "alert.confirm"]
    assert acts[4:] == [f"case.{act}" for _, act, _ in way]
