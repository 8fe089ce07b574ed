"""A group's day over HTTP: the phone's page, swaps, leave; and how a rotation comes to be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hub.api.planning import Planning
from hub.store.alert import Alert
from tests.hub.gear.listener import eventually
from tests.hub.service.turn.street import DAY, GROUP, TODAY, live, turns
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

    As = Callable[[str], Someone]


@pytest.fixture
def parts(parts: Parts) -> Iterator[Parts]:
    """With a thread on which rotations are solved."""
    planning = Planning()
    yield replace(parts, planning=planning)
    planning.close()


@pytest.fixture(autouse=True)
def street(store: sessionmaker[Session]) -> list[str]:
    """Turns of today and the days after: c-11, c-12, c-10, c-12; ids."""
    with store.begin() as s:
        live(s)
        made = turns(s, ["c-11", "c-12", "c-10", "c-12"])
        made[TODAY + DAY].buddy = "c-10"
        return [row.id for row in made.values()]


def test_a_shop_confirms_and_ticks_off_on_its_phone(as_: As, street: list[str]) -> None:
    mei = as_("mei")
    page = mei.get("/api/turns/today").json()
    assert page["turn"]["id"] == street[0]
    assert mei.post(f"/api/turns/{street[0]}/confirm").status_code == 204
    for item in ("opening", "noon"):
        assert mei.post(f"/api/turns/{street[0]}/checks", {"item": item}).status_code == 204
    page = mei.get("/api/turns/today").json()
    assert page["turn"]["state"] == {"id": "confirmed", "zh": "已确认", "en": "Confirmed"}
    assert [one["done_at"] is not None for one in page["things"]] == [True, True, False]
    assert mei.post(f"/api/turns/{street[0]}/checks", {"item": "sleep"}).status_code == 422
    assert mei.get("/api/phone/today").json()["turn"]["group"]["id"] == GROUP


def test_what_a_phone_kept_while_it_was_away_is_taken_once(as_: As, street: list[str]) -> None:
    mei, at = as_("mei"), "2026-11-22T01:00:00Z"
    items = [
        {"id": f"01930000-0000-7000-8000-00000000000{n}", "at": at, "kind": kind, "body": body}
        for n, (kind, body) in enumerate(
            (
                ("confirm", {"turn": street[0]}),
                ("check", {"turn": street[0], "item": "opening", "note": "灭火器过期"}),
                ("check", {"turn": street[1], "item": "opening"}),
            )
        )
    ]
    for _ in range(2):
        answer = mei.post("/api/phone/said", {"items": items}).json()
        assert [one["state"] for one in answer["receipts"]] == ["taken", "taken", "refused"]
    page = mei.get("/api/turns/today").json()
    assert page["turn"]["confirmed_at"] == "2026-11-22T01:00:00.000Z"
    assert page["things"][0]["note"] == "灭火器过期"


def test_two_phones_swap_a_day(as_: As, street: list[str]) -> None:
    mei, lan = as_("mei"), as_("lan")
    shown = mei.get(f"/api/turns/{street[0]}/partners").json()
    (partner,) = [one for one in shown["partners"] if one["may"]]
    taken = partner["turn"]["id"]
    asked = mei.post(f"/api/turns/{street[0]}/swaps", {"shop": partner["shop"]["id"], "taken": taken})
    assert asked.status_code == 201, asked.text
    assert mei.get("/api/turns/today").json()["week"][0]["to"]["id"] == "c-12"
    number = lan.get("/api/turns/today").json()["swaps"][0]["id"]
    assert mei.post(f"/api/swaps/{number}/agree").status_code == 409
    assert lan.post(f"/api/swaps/{number}/agree").json()["state"]["id"] == "agreed"
    week = lan.get("/api/turns/today").json()["week"]
    assert [line["shop"]["id"] for line in week[:2]] == ["c-12", "c-11"]
    assert lan.post(f"/api/swaps/{number}/refuse").json()["code"] == "swap.over"


def test_leave_is_asked_for_and_granted_and_the_day_goes_to_another(as_: As) -> None:
    mei, shen = as_("mei"), as_("shen")
    day = TODAY.isoformat()
    asked = mei.post("/api/turns/leave", {"first": day, "last": day, "reason": "进货"})
    assert asked.status_code == 201, asked.text
    (line,) = shen.get("/api/turns/leave").json()
    assert (line["turns"], line["may"]) == ([day], ["grant", "refuse"])
    assert mei.post(f"/api/turns/leave/{line['id']}/grant", {}).status_code == 403
    assert shen.post(f"/api/turns/leave/{line['id']}/grant", {"answer": "好"}).json()["turns"] == []
    assert shen.get(f"/api/groups/{GROUP}/turns").json()["turns"][0]["shop"]["id"] != "c-11"


def test_a_rotation_is_drawn_up_solved_and_published(as_: As) -> None:
    shen = as_("shen")
    wish = {"first": "2026-12-01", "last": "2026-12-28", "node": f"{MARKET}/east", "seconds": 5}
    made = shen.post("/api/rotations", wish)
    assert made.status_code == 201, made.text
    url = f"/api/rotations/{made.json()['id']}"
    assert eventually(lambda: shen.get(f"{url}/job").json()["state"] == "done")
    page = shen.get(url).json()
    assert [len(one["turns"]) for one in page["made"]] == [28, 28]
    assert page["figures"]["spread"] <= 1
    assert page["may"] == ["solve", "discard", "publish"]
    assert shen.post(f"{url}/publish").status_code == 204
    rows = shen.get("/api/turns/overview?day=2026-12-05").json()
    assert (rows["sum"]["groups"], rows["sum"]["given"], rows["sum"]["missing"]) == (2, 56, 6)
    assert as_("lan").post("/api/rotations", wish).status_code == 403
    (head,) = shen.get("/api/rotations").json()
    assert (head["state"], head["may"]) == ("published", [])


def test_a_day_is_closed_and_opened_again(as_: As) -> None:
    shen = as_("shen")
    made = shen.post("/api/closed-days", {"day": TODAY.isoformat(), "group": GROUP, "reason": "停电"}).json()
    line = shen.get(f"/api/groups/{GROUP}/turns").json()["turns"][0]
    assert (line["shop"], line["why"]["zh"]) == (None, "休市：停电")
    assert shen.delete(f"/api/closed-days/{made['id']}").status_code == 204
    assert shen.get(f"/api/groups/{GROUP}/turns").json()["turns"][0]["shop"] is not None


@pytest.mark.parametrize("path", ["/api/turns/overview", f"/api/groups/{GROUP}/turns"])
def test_a_day_beyond_every_calendar_is_refused_as_one(as_: As, path: str) -> None:
    shen = as_("shen")
    assert [shen.get(f"{path}?day={day}").status_code for day in ("9999-12-05", "0001-01-01")] == [422, 422]
    assert shen.get(f"{path}?day=2199-12-31").status_code == 200


def test_the_hours_of_turns_are_read_and_set(as_: As, clock: Hands) -> None:
    zhou = as_("zhou")
    hours = zhou.get("/api/turns/hours").json()
    assert hours["confirm_by"] == "08:30"
    put = zhou.request("PUT", "/api/turns/hours", json=hours | {"confirm_by": "08:45"})
    assert put.status_code == 204, put.text
    assert zhou.get("/api/turns/hours").json()["confirm_by"] == "08:45"
    assert clock.now() == NOON


def test_a_queue_of_alerts_names_the_shop_that_has_today(
    as_: As, alarm: Callable[..., str], store: sessionmaker[Session]
) -> None:
    number = alarm()
    with store.begin() as s:
        s.get_one(Alert, number).group = GROUP
    shown: dict[str, Any] = as_("lin").get(f"/api/alerts/{number}").json()
    assert shown["duty_shop"]["id"] == "c-11"
