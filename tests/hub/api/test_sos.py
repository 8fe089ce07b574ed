"""A person holds the button: one alert, however the call comes; neighbours hear of help next door."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.service import alert as alerts
from hub.service import supervise
from hub.store.alert import AlarmRecord, Alert
from hub.store.evidence import Line
from hub.store.market import Market
from hub.store.patrol import Checkpoint, Visit
from hub.store.people import Person
from hub.store.supervise import Escalation, Notice
from tests.hub.town import MARKET, NOON, envelope
from wire.message import Sos, new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

CALL = "0197a1b2-0000-7000-8000-00000000000a"


def said(button: str = "sos", call: str = CALL, **more: Any) -> dict[str, Any]:
    return {"call": call, "button": button, "at": NOON.isoformat(), "note": "", "position": None} | more


def told(store: sessionmaker[Session]) -> dict[str, list[str]]:
    with store() as s:
        found: dict[str, list[str]] = {}
        for row in s.scalars(select(Notice).order_by(Notice.step, Notice.person)):
            found.setdefault(row.step, []).append(row.person or "")
        return found


def test_a_guard_who_holds_the_button_is_an_urgent_alert_and_crew_and_monitor_hear_at_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    answer = as_("qiu").post("/api/sos", json=said(note="三号巷"))
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["kind"], shown["severity"], shown["state"], shown["closed"]) == ("panic", 0, "NEW", False)
    assert shown["place"]["zh"] == "邱止水，东格（具体位置不明）"
    assert shown["taken"] is None
    assert [(one["step"], one["done"]) for one in shown["told"]] == [
        (0, True),
        (30, False),
        (60, False),
        (90, False),
    ]
    assert told(store) == {"ack/0": ["jiang", "lin"]}, "who called knows already"


def test_the_same_call_again_is_the_same_alert(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    first = as_("qiu").post("/api/sos", json=said()).json()
    again = as_("qiu").post("/api/sos", json=said()).json()
    with store.begin() as s:
        by_mqtt = alerts.sos(s, MARKET, "edge-1", envelope(Sos(call=CALL, button="panic")), NOON)
        assert by_mqtt.id == first["alert"]
    assert again["alert"] == first["alert"]
    with store() as s:
        assert len(s.scalars(select(Alert)).all()) == 1
        assert len(s.scalars(select(AlarmRecord)).all()) == 2
        assert len(s.scalars(select(Escalation)).all()) == 1


def test_a_call_that_came_by_the_radio_first_is_not_made_again_by_the_phone(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        first = alerts.sos(s, MARKET, "edge-1", envelope(Sos(call=CALL, button="panic")), NOON).id
    assert as_("qiu").post("/api/sos", json=said()).json()["alert"] == first


def test_help_next_door_reaches_the_group_and_the_centre_shop(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    shown = as_("wu").post("/api/sos", json=said("help", note="有人吵架")).json()
    assert (shown["kind"], shown["severity"]) == ("help", 1)
    assert told(store) == {"neighbours": ["li"]}
    with store() as s:
        notice = s.scalars(select(Notice)).one()
        assert notice.words_zh == "C-0 邻里求助：有人吵架"
        assert (notice.severity, notice.unread_due) == (1, NOON + timedelta(minutes=2))


def test_a_shop_is_found_at_its_own_door(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    shown = as_("wu").post("/api/sos", json=said()).json()
    assert shown["place"]["zh"] == "C-0"
    with store() as s:
        alert = s.scalars(select(Alert)).one()
        assert (alert.grid, alert.group, alert.x, alert.y) == ("east", "east-1", 2.5, 18.0)


def anchored(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        row = s.get_one(Market, MARKET)
        row.lon, row.lat, row.turn = 13.4, 52.5, 0.0


def test_a_guard_is_found_by_a_sure_position_and_follows_it(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    anchored(store)
    guard = as_("qiu")
    near = {"lat": 52.5 - 20 / 111_320, "lon": 13.4, "accuracy_m": 8}
    shown = guard.post("/api/sos", json=said(position=near)).json()
    assert shown["place"]["en"] == "Qiu Zhishui, near C-0"
    clock.turn(timedelta(seconds=10))
    away = near | {"lon": 13.4 + 45 / 67_800}
    moved = guard.post(f"/api/sos/{CALL}/position", json=away).json()
    assert moved["place"]["zh"] == "邱止水，C-8 附近"
    unsure = guard.post(f"/api/sos/{CALL}/position", json=near | {"accuracy_m": 900}).json()
    assert unsure["place"]["zh"] == "邱止水，C-8 附近"


def test_a_guard_without_position_is_looked_for_near_the_last_visit(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        point = Checkpoint(
            id="cp-1",
            market=MARKET,
            grid="east",
            number=1,
            name_zh="C-218",
            name_en="C-218",
            x=12.0,
            y=20.0,
            key=False,
            dwell_s=0,
            made_at=NOON,
        )
        s.add(point)
        s.flush()
        for minutes, walker in ((5, "qiu"), (1, "jiang")):
            s.add(
                Visit(
                    id=new_id(),
                    market=MARKET,
                    checkpoint="cp-1",
                    walker=walker,
                    by="qr",
                    at=NOON - timedelta(minutes=minutes),
                    received_at=NOON,
                    note="",
                )
            )
    guard = as_("qiu")
    assert guard.get("/api/sos").json()["by"] == "visit"
    assert guard.post("/api/sos", json=said()).json()["place"]["zh"] == "邱止水，C-218 附近"


def test_before_the_press_it_is_shown_who_would_hear(as_: Callable[[str], Someone]) -> None:
    ahead = as_("wu").get("/api/sos").json()
    assert ahead["by"] == "shop"
    assert [one["after_s"] for one in ahead["sos"]] == [0, 0, 30, 60, 90]
    assert [one["number"] for one in ahead["numbers"]] == ["110", "119", "120"]
    assert ahead["open"] == []
    as_("wu").post("/api/sos", json=said())
    assert [one["call"] for one in as_("wu").get("/api/sos").json()["open"]] == [CALL]


def test_who_called_sees_that_somebody_has_it_and_nobody_else_asks(
    as_: Callable[[str], Someone], clock: Hands
) -> None:
    made = as_("wu").post("/api/sos", json=said()).json()
    clock.turn(timedelta(seconds=5))
    assert as_("lin").post(f"/api/alerts/{made['alert']}/take", json={}).status_code == 200
    seen = as_("wu").get(f"/api/sos/{CALL}").json()
    assert seen["taken"]["who"] == {"zh": "监控员 0204", "en": "Monitor 0204"}
    assert as_("li").get(f"/api/sos/{CALL}").status_code == 404


def test_there_is_no_way_to_take_a_call_back(as_: Callable[[str], Someone]) -> None:
    as_("wu").post("/api/sos", json=said())
    assert as_("wu").post(f"/api/sos/{CALL}/cancel", json={}).status_code == 404
    assert as_("wu").delete(f"/api/sos/{CALL}").status_code == 405


@pytest.mark.parametrize("person", ["zhu", "ji", "jia"])
def test_whoever_works_elsewhere_calls_otherwise(as_: Callable[[str], Someone], person: str) -> None:
    assert as_(person).post("/api/sos", json=said()).status_code == 403


def test_the_ledger_says_who_called(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    as_("qiu").post("/api/sos", json=said())
    with store() as s:
        line = s.scalars(select(Line).where(Line.act == "alert.new")).one()
        assert (line.actor, line.role) == ("qiu", "guard")


def test_many_calls_of_one_person_at_once_are_one_alert_and_told_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    shop, calls = as_("wu"), [new_id() for _ in range(5)]
    answers = [shop.post("/api/sos", json=said(call=call)) for call in calls]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["alert"] for answer in answers}) == 1
    assert shop.get(f"/api/sos/{calls[-1]}").json()["alert"] == answers[0].json()["alert"]
    with store() as s:
        assert s.scalars(select(Alert.count)).all() == [5]
        assert len(s.scalars(select(AlarmRecord)).all()) == 5
    assert told(store) == {"ack/0": ["jiang", "lin", "qiu"]}
    clock.turn(timedelta(minutes=2))
    later = shop.post("/api/sos", json=said(call=new_id())).json()
    assert later["alert"] != answers[0].json()["alert"], "minutes later it may be another need"


def test_another_kind_or_one_after_the_first_was_done_with_is_an_alert_of_its_own(
    as_: Callable[[str], Someone],
) -> None:
    shop = as_("wu")
    first = shop.post("/api/sos", json=said()).json()["alert"]
    hand = shop.post("/api/sos", json=said("help", call=new_id())).json()["alert"]
    as_("lin").post(f"/api/alerts/{first}/dismiss", json={"reason": "other"})
    again = shop.post("/api/sos", json=said(call=new_id())).json()["alert"]
    assert len({first, hand, again}) == 3


def test_a_guard_who_wants_a_hand_is_heard_by_crew_and_monitors_at_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    assert as_("qiu").get("/api/sos").json()["help"][1]["who"]["en"] == "Monitor, Patrol crew"
    as_("qiu").post("/api/sos", json=said("help"))
    assert told(store) == {"help": ["jiang", "lin"]}
    with store() as s:
        assert s.scalars(select(Notice.words_zh)).first() == "邱止水，东格（具体位置不明） 邻里求助"


def test_whoever_has_left_is_not_called(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    guard = as_("qiu")
    with store.begin() as s:
        s.get_one(Person, "jiang").active = False
        s.get_one(Person, "shen").active = False
    guard.post("/api/sos", json=said())
    with store.begin() as s:
        supervise.due(s, NOON + timedelta(seconds=30))
    assert told(store) == {"ack/0": ["lin"], "ack/60": ["zhou"]}, "the leader has left: the next hears"


def test_a_position_that_trembles_is_no_move(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    anchored(store)
    guard = as_("qiu")
    near = {"lat": 52.5 - 20 / 111_320, "lon": 13.4, "accuracy_m": 8}
    guard.post("/api/sos", json=said(position=near))
    for metres, accuracy in ((9, 5), (25, 30)):
        trembled = near | {"lat": 52.5 - (20 + metres) / 111_320, "accuracy_m": accuracy}
        assert guard.post(f"/api/sos/{CALL}/position", json=trembled).status_code == 200
    with store() as s:
        assert s.scalars(select(Line).where(Line.act == "alert.update")).all() == []
