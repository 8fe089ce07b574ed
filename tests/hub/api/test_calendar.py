"""Calendars to subscribe to, as a calendar program comes for them: by the address alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar

from hub.service.turn import swap
from hub.store.duty import Duty
from hub.store.people import Grant, Person
from hub.store.roster import Roster
from hub.store.turn import CalendarFeed
from tests.hub.service.turn.street import DAY, GROUP, TODAY, live, turns
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

    As = Callable[[str], Someone]


@pytest.fixture(autouse=True)
def street(store: sessionmaker[Session]) -> list[str]:
    """Turns of today and the days after: c-11, c-12, c-10, none; ids."""
    with store.begin() as s:
        live(s)
        made = turns(s, ["c-11", "c-12", "c-10", None])
        made[TODAY + DAY].buddy = "c-10"
        return [row.id for row in made.values()]


def made(who: Someone, kind: str, subject: str | None = None) -> dict[str, Any]:
    answer = who.post("/api/me/calendars", {"kind": kind, "subject": subject})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def events(app: TestClient, path: str) -> dict[str, Any]:
    """As a calendar program reads it: by uid."""
    answer = app.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(answer.content)
    assert read["VERSION"] == "2.0"
    return {str(one["UID"]): one for one in read.walk("VEVENT")}


def stands(app: TestClient, path: str) -> dict[str, tuple[str, int]]:
    """Status and sequence by the first part of each uid."""
    found = events(app, path).items()
    return {uid.split("@")[0]: (str(one["STATUS"]), int(one["SEQUENCE"])) for uid, one in found}


def test_a_group_is_read_without_signing_in(as_: As, app: TestClient, street: list[str]) -> None:
    found = events(app, made(as_("mei"), "group", GROUP)["path"])
    assert len(found) == 3, "a day that nobody ever had is no entry"
    one = found[f"{street[0]}@yunda.lianfang"]
    assert str(one["SUMMARY"]) == "轮值 C-11 · Turn C-11"
    assert one.decoded("DTSTART") == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert one.decoded("DTEND") == datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    assert (str(one["STATUS"]), int(one["SEQUENCE"])) == ("CONFIRMED", 0)
    assert "收市搭档" in str(one["DESCRIPTION"])


def test_a_swap_moves_a_day_from_one_shops_calendar_to_the_others(
    as_: As, app: TestClient, street: list[str], store: sessionmaker[Session]
) -> None:
    group = made(as_("mei"), "group", GROUP)["path"]
    mei, lan = made(as_("mei"), "shop", "c-11")["path"], made(as_("lan"), "shop", "c-12")["path"]
    assert set(events(app, mei)) == {f"{street[0]}-c-11@yunda.lianfang"}
    with store.begin() as s:
        row = swap.ask(s, actor(s, "mei"), street[0], "c-12", street[1], "", NOON)
        swap.agree(s, actor(s, "lan"), row.id, NOON)
    assert stands(app, mei) == {f"{street[0]}-c-11": ("CANCELLED", 1), f"{street[1]}-c-11": ("CONFIRMED", 1)}
    assert stands(app, lan) == {f"{street[0]}-c-12": ("CONFIRMED", 1), f"{street[1]}-c-12": ("CANCELLED", 1)}
    day = events(app, group)[f"{street[0]}@yunda.lianfang"]
    assert (str(day["SUMMARY"]), int(day["SEQUENCE"])) == ("轮值 C-12 · Turn C-12", 1)


def test_a_guards_calendar_has_the_own_duties_and_nobody_elses(as_: As, app: TestClient) -> None:
    found = events(app, made(as_("qiu"), "person")["path"])
    (one,) = found.values()
    assert str(one["UID"]) == "duty-qiu-noon@yunda.lianfang"
    assert str(one["SUMMARY"]) == "值班 巡逻 · Duty Patrol · 1 组 Crew 1"
    assert as_("qiu").post("/api/me/calendars", {"kind": "person", "subject": "jiang"}).status_code == 403


def test_a_duty_of_a_roster_that_is_published_anew_counts_up(
    as_: As, app: TestClient, store: sessionmaker[Session]
) -> None:
    path, seen = made(as_("qiu"), "person")["path"], []
    with store.begin() as s:
        known = {"market": MARKET, "grid": "east", "begins": date(2026, 11, 1), "ends": date(2026, 11, 30)}
        held = {"state": "replaced", "revision": 9, "made_by": "shen", "made_at": NOON, "figures": {}}
        for number in (1, 2):
            published = {"published_by": "zhou", "published_at": NOON + number * timedelta(minutes=5)}
            s.add(Roster(id=f"roster-{number}", **known, **held, **published))
    for number in (1, 2):
        with store.begin() as s:
            s.get_one(Duty, "qiu-noon").roster = f"roster-{number}"
            s.get_one(Roster, f"roster-{number}").revision = 9 // number
        seen.append(int(events(app, path)["duty-qiu-noon@yunda.lianfang"]["SEQUENCE"]))
    assert 0 < seen[0] < seen[1]


def test_what_has_not_changed_is_not_sent_again(as_: As, app: TestClient, clock: Hands) -> None:
    path = made(as_("mei"), "shop", "c-11")["path"]
    tag = app.get(path).headers["ETag"]
    clock.turn(timedelta(minutes=9))
    again = app.get(path, headers={"If-None-Match": f'W/{tag}, "other"'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    (line,) = as_("mei").get("/api/me/calendars").json()
    assert line["read_at"] == "2026-11-22T04:00:00.000Z"
    assert "path" not in line


def test_a_revoked_address_leads_nowhere(as_: As, app: TestClient) -> None:
    mei = as_("mei")
    feed = made(mei, "shop", "c-11")
    assert as_("lan").delete(f"/api/me/calendars/{feed['id']}").status_code == 404
    assert mei.delete(f"/api/me/calendars/{feed['id']}").status_code == 204
    assert app.get(feed["path"]).status_code == 404
    assert mei.get("/api/me/calendars").json() == []


def test_who_has_left_or_may_not_see_it_any_more_leaves_no_address_behind(
    as_: As, app: TestClient, store: sessionmaker[Session]
) -> None:
    paths = [made(as_(who), "group", GROUP)["path"] for who in ("mei", "lan")]
    with store.begin() as s:
        s.get_one(Person, "mei").active = False
        s.delete(s.get_one(Grant, "lan-shop"))
    assert [app.get(path).status_code for path in paths] == [404, 404]


def test_nobody_subscribes_to_what_they_may_not_see(as_: As) -> None:
    for who, kind, subject in (("tao", "group", GROUP), ("fu", "shop", "c-11"), ("lan", "group", "west-3")):
        answer = as_(who).post("/api/me/calendars", {"kind": kind, "subject": subject})
        assert answer.status_code == 403, (who, kind)
    assert as_("mei").post("/api/me/calendars", {"kind": "shop", "subject": "c-99"}).status_code == 404


def test_only_the_hash_of_an_address_is_kept(as_: As, store: sessionmaker[Session]) -> None:
    feed = made(as_("mei"), "shop", "c-11")
    token = feed["path"].removeprefix("/api/feed/").removesuffix(".ics")
    with store() as s:
        (row,) = s.query(CalendarFeed).all()
        assert token not in str(vars(row))
    assert feed["qr"].startswith("<svg")


def test_an_address_that_is_asked_for_too_often_waits_and_so_does_who_guesses(
    as_: As, app: TestClient
) -> None:
    feed = made(as_("mei"), "shop", "c-11")
    assert {app.get(feed["path"]).status_code for _ in range(11)} == {200, 429}
    seen = {app.get(f"/api/feed/{'x' * 42}{n:02}.ics").status_code for n in range(11)}
    assert seen == {404, 429}
