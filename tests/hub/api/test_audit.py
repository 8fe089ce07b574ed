"""Who signed in or was refused, who may do what since when, who asked for a number: all in the ledger."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.store.evidence import Line
from hub.store.market import Shop
from hub.store.people import Person
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

    As = Callable[[str], Someone]


def shop_of(store: sessionmaker[Session]) -> str:
    with store() as s:
        return s.scalars(select(Shop.id).where(Shop.group == "east-1").order_by(Shop.id)).all()[0]


def signs_in_and_out(as_: As) -> None:
    assert as_("lin").delete("/api/session").status_code == 204


def guesses(app: TestClient) -> None:
    app.post("/api/session", json={"user": "lin", "password": "guess"})


def asks_too_much(as_: As) -> None:
    assert as_("lin").get("/api/people").status_code == 403


def changes_grants(as_: As) -> None:
    admin, manager = as_("ji"), as_("zhou")
    said = {"role": "volunteer", "node": f"{MARKET}/west"}
    assert admin.post("/api/people/xin/grants", said).json() == {"waits": True}
    (waiting,) = manager.get("/api/proposals").json()
    assert manager.post(f"/api/proposals/{waiting['id']}", {"approve": True}).status_code == 204
    held = admin.get("/api/people/xin").json()["grants"]
    (grant,) = [one for one in held if one["node"]["id"] == said["node"]]
    assert admin.delete(f"/api/grants/{grant['id']}").status_code == 204


def asks_who_answers_for_a_shop(as_: As, store: sessionmaker[Session]) -> None:
    answer = as_("shen").post(f"/api/shops/{shop_of(store)}/contacts/look", {"purpose": "夜间卷帘门未关"})
    assert answer.status_code == 200


def reads_the_register(as_: As) -> None:
    assert as_("zhu").get("/api/register").status_code == 200


def enters_staff(as_: As) -> None:
    said = {"post": "guard", "begins": "2026-01-01"}
    assert as_("zhou").request("PUT", "/api/staff/qiu", json=said).status_code == 204


def moves_an_armband(as_: As, store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        s.get_one(Person, "qiu").armband = None
    zhou = as_("zhou")
    assert zhou.post("/api/armbands", {"numbers": ["7700"]}).status_code == 204
    for said in ({"act": "issue", "person": "qiu"}, {"act": "return"}, {"act": "lose"}):
        assert zhou.post("/api/armbands/7700", said).status_code == 204


def helps_a_shop(as_: As, store: sessionmaker[Session]) -> None:
    said = {"shop": shop_of(store), "scope": "看店", "ends": "2026-11-25"}
    wu = as_("wu")
    made = wu.post("/api/care", said)
    assert made.status_code == 201, made.text
    assert wu.delete(f"/api/care/{made.json()['id']}").status_code == 204


def sets_up(app: TestClient, store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        for person in s.scalars(select(Person)):
            person.login = None
    said = {"market_zh": "新", "market_en": "New", "name_zh": "主", "name_en": "Head", "user": "head"}
    code = {"code": "ABCD-EFGH-2345", "password": "three green lanterns"}
    assert app.post("/api/setup", json=said | code).status_code == 201


@pytest.mark.parametrize(
    ("act", "lines"),
    [
        (signs_in_and_out, {"session.begin", "session.end"}),
        (guesses, {"session.refused"}),
        (asks_too_much, {"right.refused"}),
        (changes_grants, {"grant.propose", "grant.give", "grant.take"}),
        (asks_who_answers_for_a_shop, {"contact.look"}),
        (reads_the_register, {"register.read"}),
        (enters_staff, {"staff.change"}),
        (moves_an_armband, {"armband.add", "armband.issue", "armband.return", "armband.lose"}),
        (helps_a_shop, {"care.begin", "care.end"}),
        (sets_up, {"setup"}),
    ],
)
def test_every_act_leaves_its_line(
    act: Callable[..., None], lines: set[str], request: pytest.FixtureRequest, store: sessionmaker[Session]
) -> None:
    wanted = [name for name in act.__annotations__ if name != "return"]
    act(**{name: request.getfixturevalue(name) for name in wanted})
    with store() as s:
        found = s.scalars(select(Line)).all()
    assert lines <= {line.act for line in found}
    assert all(line.market == MARKET for line in found)
    open_to_all = {"session.refused", "setup"}
    assert all(line.actor for line in found if line.act not in open_to_all)


def test_one_refusal_a_person_act_and_minute_is_written_down(
    as_: Callable[[str], Someone], store: sessionmaker[Session], clock: Hands
) -> None:
    def written() -> list[tuple[str | None, str]]:
        with store() as s:
            lines = s.scalars(select(Line).where(Line.act == "right.refused").order_by(Line.id))
            return [(line.actor, line.public["action"]) for line in lines]

    lin, li = as_("lin"), as_("li")
    for _ in range(5):
        assert lin.get("/api/people").status_code == 403
        assert lin.get("/api/letters").status_code == 403
    assert li.get("/api/people").status_code == 403
    assert written() == [("lin", "person.see"), ("lin", "admin.see"), ("li", "person.see")]
    clock.turn(timedelta(minutes=1))
    lin.get("/api/people")
    assert written()[3:] == [("lin", "person.see")]


def test_whoever_knocks_at_another_market_is_in_the_ledger_of_their_own(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    answer = as_("lin").get("/api/alerts", headers={"X-Market": "elsewhere"})
    assert answer.status_code == 403
    with store() as s:
        (line,) = s.scalars(select(Line).where(Line.act == "right.refused")).all()
    assert (line.market, line.actor) == (MARKET, "lin")
