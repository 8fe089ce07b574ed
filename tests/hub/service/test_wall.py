"""What the wall shows, and what changed since."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import event

from hub.core.case import Act, Stage
from hub.service import alert, camera, market, queue, supervise, wall
from tests.hub import town
from tests.hub.service.steps import bring, confirmed, do, reported, seen
from tests.hub.town import MARKET, NOON, actor
from wire.message import Beat

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

SECOND = timedelta(seconds=1)


def test_the_wall_shows_open_alerts_gravest_first_and_plain_json(s: Session) -> None:
    seen(s, "linger")
    seen(s, "fire", camera="c-3-2")
    confirmed(s, "crowd")
    page = wall.snapshot(s, actor(s, "lin"), NOON)
    assert [one["kind"] for one in page["alerts"]] == ["fire", "linger"]
    assert json.loads(json.dumps(page)) == page
    assert set(page) == {
        "now", "seq", "alerts", "cameras", "duty", "crews", "blind", "tonight", "selftest", "edges",
    }  # fmt: skip


def test_an_alert_says_who_looks_who_is_near_and_who_leads(s: Session) -> None:
    one = alert.take(s, actor(s, "lin"), seen(s).id, NOON)
    alert.call(s, actor(s, "lin"), one.id, "110", NOON)
    shown = queue.page(s, actor(s, "lin"), one.id, NOON)
    assert shown["lease"] == {
        "person": "lin",
        "name": {"zh": "林晓", "en": "Lin Xiao"},
        "until": "2026-11-22T04:02:00.000Z",
    }
    assert shown["nearest"]["crew"] == 1
    assert [name["en"] for name in shown["nearest"]["people"]] == ["Jiang Lin", "Qiu Zhishui"]
    assert shown["leader"] == {"name": {"zh": "沈知行", "en": "Shen Zhixing"}, "armband": "0209"}
    assert shown["duty_shop"]["id"] == "c-10"
    assert shown["calls"][0]["number"] == "110"
    assert shown["place"] == {"zh": "1 号巷", "en": "Aisle 1"}


def test_an_urgent_alert_tells_who_was_told_and_who_comes_next(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON + 31 * SECOND)
    told = queue.page(s, actor(s, "lin"), one.id, NOON)["told"]
    assert [step["step"] for step in told] == [0, 30, 60, 90]
    assert [step["done"] for step in told] == [True, True, False, False]
    assert told[0]["who"] == {"zh": "监控员、1 组", "en": "Monitor, Crew 1"}
    assert told[1]["who"]["zh"] == "网格长 沈知行"
    assert told[2]["at"] == "2026-11-22T04:01:00.000Z"


def test_a_guards_wall_shows_the_own_grid(s: Session) -> None:
    seen(s)
    page = wall.snapshot(s, actor(s, "tao"), NOON)
    assert page["alerts"] == []
    assert [one["id"] for one in page["cameras"]] == ["c-3-3"]
    assert len(wall.snapshot(s, actor(s, "qiu"), NOON)["alerts"]) == 1


def test_who_is_on_duty_and_until_when(s: Session) -> None:
    page = wall.snapshot(s, actor(s, "lin"), NOON)
    assert page["duty"]["lead"]["en"] == "Zhou Qiming"
    assert [name["zh"] for name in page["duty"]["desk"]] == ["何素琴", "秦川"]
    assert page["duty"]["handover_at"] == "2026-11-22T08:00:00.000Z"
    assert [(crew["number"], crew["grid"]) for crew in page["crews"]] == [(1, "east"), (2, "west")]
    night = wall.snapshot(s, actor(s, "lin"), NOON + timedelta(hours=9))
    assert (night["duty"]["on"], night["duty"]["lead"], night["crews"]) == (0, None, [])


def test_what_is_blind_now_and_which_boxes_are_there(s: Session) -> None:
    camera.health(s, MARKET, "edge-1", Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0), NOON)
    alert.receive(s, MARKET, "edge-1", town.event("covered", camera="c-3-2", zone=None), NOON)
    page = wall.snapshot(s, actor(s, "lin"), NOON)
    assert page["blind"] == {"cameras": 1, "critical": ["c-3-2"]}
    assert page["edges"] == {"online": 1, "of": 2, "offset_ms": 0.0}


def test_tonights_load_is_counted_since_eight_in_the_evening(s: Session) -> None:
    evening = NOON + timedelta(hours=8)
    before, one, two = (
        seen(s, now=evening + timedelta(minutes=minutes), zone=f"z-{minutes}") for minutes in (-5, 5, 25)
    )
    alert.confirm(s, actor(s, "lin"), one.id, evening + timedelta(minutes=6))
    alert.dismiss(s, actor(s, "lin"), two.id, "light", evening + timedelta(minutes=25, seconds=30))
    tonight = wall.snapshot(s, actor(s, "lin"), evening + timedelta(minutes=29))["tonight"]
    assert before.received_at < evening
    assert tonight["buckets"] == [1, 0, 1]
    assert (tonight["confirmed"], tonight["dismissed"], tonight["ack_p50_s"]) == (1, 1, 60.0)


def test_changes_are_told_once_each_as_the_thing_is_now(s: Session) -> None:
    start = wall.snapshot(s, actor(s, "lin"), NOON)["seq"]
    one = seen(s, "covered", zone=None)
    alert.take(s, actor(s, "lin"), one.id, NOON)
    found, last = wall.changes(s, MARKET, start, NOON)
    assert [(change.event, change.data["id"], change.data["state"]) for change in found] == [
        ("camera", "c-3-1", "covered"),
        ("alert", one.id, "ACKED"),
    ]
    assert found[-1].seq == last
    assert wall.changes(s, MARKET, last, NOON) == ([], last)


def test_a_case_that_moves_is_a_change_for_those_who_see_it(s: Session) -> None:
    start = wall.snapshot(s, actor(s, "lin"), NOON)["seq"]
    one = bring(s, reported(s), Stage.DISPATCHED)
    found, _ = wall.changes(s, MARKET, start, NOON)
    assert [(change.event, change.data["stage"], change.action) for change in found] == [
        ("case", "DISPATCHED", "case.see")
    ]
    assert found[0].target.unit == {"qiu", "jiang"}
    do(s, one, "he", Act.NOTE, text="x")
    assert wall.changes(s, MARKET, start, NOON)[0][0].data["version"] == one.version


def test_many_lines_are_read_in_portions(s: Session) -> None:
    for number in range(5):
        seen(s, zone=f"z-{number}")
    found, last = wall.changes(s, MARKET, 0, NOON, limit=3)
    rest, end = wall.changes(s, MARKET, last, NOON, limit=3)
    assert (len(found), len(rest)) == (3, 2)
    assert end > last


def test_the_plan_tells_shops_by_columns(s: Session) -> None:
    plan = market.plan(s, MARKET, NOON.date())
    shops = plan["shops"]
    assert {len(column) for column in shops.values()} == {12}
    assert plan["grids"][shops["grid"][0]]["id"] == "east"
    assert plan["groups"][shops["group"][0]]["id"] == "east-1"
    assert shops["name"][0] == "C-0"
    assert plan["grids"][0]["leader"]["armband"] == "0209"
    assert plan["grids"][0]["shops"] == 6
    assert plan["cameras"][0]["range"] == 20.0
    assert json.loads(json.dumps(plan)) == plan


def test_a_full_wall_costs_as_many_queries_as_a_quiet_one(s: Session, on: Engine) -> None:
    def cost(alerts: int) -> int:
        batch = [("edge-1", town.event(zone=f"z-{alerts}-{number}")) for number in range(alerts)]
        alert.receive_all(s, MARKET, batch, NOON)
        s.flush()
        ran: list[str] = []
        event.listen(on, "before_cursor_execute", tell := lambda *given: ran.append(given[2]))
        shown = wall.snapshot(s, actor(s, "lin"), NOON)["alerts"]
        event.remove(on, "before_cursor_execute", tell)
        assert len(shown) >= alerts
        return len(ran)

    few = cost(1)
    assert cost(60) <= few
    assert few < 20
