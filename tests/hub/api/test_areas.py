"""Districts and streets are made by administrators, and no market is put below one over others' heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.policy import TABLE, Reach, Role
from hub.service import people
from hub.store.evidence import Line
from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

DISTRICT = {"kind": "district", "name_zh": "清河区", "name_en": "Qinghe District"}
STREET = {"kind": "street", "name_zh": "运达街道", "name_en": "Yunda Street"}


@pytest.fixture
def ji(as_: Callable[[str], Someone]) -> Someone:
    """The market's administrator."""
    return as_("ji")


@pytest.fixture
def other(store: sessionmaker[Session]) -> str:
    """Another market, below a street of its own; the street's id."""
    with store.begin() as s:
        s.add(Area(id="far-street", kind="street", parent=None, name_zh="远街道", name_en="Far Street"))
        s.flush()
        s.add(
            Market(
                id="xinda",
                name_zh="信达",
                name_en="Xinda",
                x0=0,
                y0=0,
                x1=1,
                y1=1,
                zone="UTC",
                area="far-street",
            )
        )
    return "far-street"


def make(someone: Someone, **body: Any) -> str:
    answer = someone.post("/api/areas", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def put(someone: Someone, area: str | None) -> Any:
    return someone.request("PUT", "/api/market/area", json={"area": area})


def hold(store: sessionmaker[Session], person: str, role: str, node: str) -> None:
    with store.begin() as s:
        s.add(Grant(id=f"{person}-{role}-more", person=person, role=role, node=node))


def reason(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_only_administrators_make_the_tree() -> None:
    assert {role for role, reach in TABLE["area.change"].items() if reach is not Reach.NO} == {Role.ADMIN}


@pytest.mark.parametrize("who", ["zhou", "lin", "he", "shen"])
def test_others_are_told_who_does_it(as_: Callable[[str], Someone], who: str) -> None:
    someone = as_(who)
    for answer in (
        someone.get("/api/areas"),
        someone.post("/api/areas", DISTRICT),
        put(someone, None),
        someone.request("DELETE", "/api/areas/any"),
    ):
        assert answer.status_code == 403
        assert "administrator" in answer.json()["en"]


def test_a_district_a_street_of_it_and_the_market_below(ji: Someone, store: sessionmaker[Session]) -> None:
    top = make(ji, **DISTRICT)
    street = make(ji, **STREET, parent=top)
    assert put(ji, street).status_code == 204
    shown = {one["id"]: one for one in ji.get("/api/areas").json()}
    assert (shown[street]["parent"], shown[street]["above"], shown[top]["above"]) == (top, True, True)
    assert [one["id"] for one in shown[street]["markets"]] == [MARKET]
    nodes = [one["id"] for one in ji.get("/api/grants/nodes").json()]
    assert nodes[:3] == [f"@{top}", f"@{street}", MARKET]
    with store() as s:
        lines = s.scalars(select(Line).where(Line.act.startswith("area.")).order_by(Line.id)).all()
        assert [(line.act, line.actor) for line in lines] == [
            ("area.create", "ji"),
            ("area.create", "ji"),
            ("area.place", "ji"),
        ]
        assert lines[-1].public == {"area": street, "before": None}


def test_a_right_at_the_street_holds_once_the_market_lies_below_it(
    ji: Someone, store: sessionmaker[Session]
) -> None:
    street = make(ji, **STREET)
    assert put(ji, street).status_code == 204
    hold(store, "gu", "district", f"@{street}")
    with store() as s:
        roles = people.actor_of(s, s.get_one(Person, "gu")).roles
    assert Role.DISTRICT in roles


def test_nobody_joins_a_street_where_somebody_else_holds_something(
    ji: Someone, store: sessionmaker[Session]
) -> None:
    """Else an administrator alone would give them every right in the market that they hold there."""
    street = make(ji, **STREET)
    hold(store, "gu", "manager", f"@{street}")
    assert "there is no such" in put(ji, street).json()["en"].lower()
    with store() as s:
        assert s.get_one(Market, MARKET).area is None


def test_nor_one_of_a_district_where_somebody_does(ji: Someone, store: sessionmaker[Session]) -> None:
    top = make(ji, **DISTRICT)
    street = make(ji, **STREET, parent=top)
    hold(store, "gu", "manager", f"@{top}")
    assert put(ji, street).status_code == 404


def test_nobody_leaves_the_street_that_looks_after_them(ji: Someone, store: sessionmaker[Session]) -> None:
    street = make(ji, **STREET)
    put(ji, street)
    hold(store, "gu", "district", f"@{street}")
    assert reason(put(ji, None)) == (403, "area.others")
    hold(store, "ji", "admin", f"@{street}")
    assert put(ji, None).status_code == 204


def test_another_markets_street_is_neither_shown_nor_joined(ji: Someone, other: str) -> None:
    assert other not in ji.get("/api/areas").text
    assert reason(put(ji, other)) == (404, "area.none")
    assert reason(ji.post("/api/areas", {**STREET, "parent": other})) == (404, "area.none")
    assert reason(ji.request("DELETE", f"/api/areas/{other}")) == (404, "area.none")


def test_who_administers_both_markets_brings_them_together(
    ji: Someone, other: str, store: sessionmaker[Session]
) -> None:
    hold(store, "ji", "admin", "xinda")
    assert put(ji, other).status_code == 204
    shown = {one["id"]: one for one in ji.get("/api/areas").json()}
    assert [one["id"] for one in shown[other]["markets"]] == ["xinda", MARKET]


def test_an_empty_one_goes_and_one_in_use_stays(ji: Someone, store: sessionmaker[Session]) -> None:
    top = make(ji, **DISTRICT)
    street = make(ji, **STREET, parent=top)
    assert reason(ji.request("DELETE", f"/api/areas/{top}")) == (409, "area.used")
    put(ji, street)
    assert reason(ji.request("DELETE", f"/api/areas/{street}")) == (409, "area.used")
    put(ji, None)
    hold(store, "ji", "admin", f"@{street}")
    assert reason(ji.request("DELETE", f"/api/areas/{street}")) == (409, "area.used")
    with store.begin() as s:
        s.delete(s.get_one(Grant, "ji-admin-more"))
    assert ji.request("DELETE", f"/api/areas/{street}").status_code == 204
    assert ji.request("DELETE", f"/api/areas/{top}").status_code == 204
    assert ji.get("/api/areas").json() == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({**DISTRICT, "parent": "made"}, (422, "area.parent")),
        ({**STREET, "parent": "nowhere"}, (404, "area.none")),
        (DISTRICT, (409, "area.name")),
        ({**DISTRICT, "name_en": "Another"}, (409, "area.name")),
    ],
)
def test_what_cannot_be_made_is_refused_with_a_reason(
    ji: Someone, body: dict[str, str], told: tuple[int, str]
) -> None:
    top = make(ji, **DISTRICT)
    if body.get("parent") == "made":
        body = {**body, "parent": top, "name_zh": "另一区", "name_en": "Another"}
    assert reason(ji.post("/api/areas", body)) == told


@pytest.mark.parametrize(
    "body",
    [
        {**DISTRICT, "kind": "city"},
        {**DISTRICT, "name_zh": " "},
        {**DISTRICT, "name_en": "a\u202eb"},
        {**DISTRICT, "name_en": "x" * 65},
        {**DISTRICT, "parent": "../x"},
        {**DISTRICT, "more": 1},
    ],
)
def test_bad_input_is_refused_at_the_door(ji: Someone, body: dict[str, Any]) -> None:
    assert ji.post("/api/areas", body).status_code == 422


def test_a_move_to_where_it_is_is_none(ji: Someone) -> None:
    assert reason(put(ji, None)) == (409, "area.same")
