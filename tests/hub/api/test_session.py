from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING

import pytest
from argon2 import extract_parameters
from fastapi.testclient import TestClient
from sqlalchemy import select

from hub.api.build import build
from hub.api.flood import AT_ONCE, Flood
from hub.api.parts import DemoLogin
from hub.core.glossary import Pair
from hub.gear.password import Argon2
from hub.store.people import LoginSession, Person
from tests.hub.api.conftest import Plain
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone


def log_in(client: TestClient, user: str, password: str) -> int:
    return client.post("/api/session", json={"user": user, "password": password}).status_code


def test_a_market_that_is_none_is_said_so(as_: Callable[[str], Someone]) -> None:
    answer = as_("lin").get("/api/session", headers={"X-Market": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (404, "market.none")


def test_whoever_signs_in_is_told_who_they_are(app: TestClient, as_: Callable[[str], Someone]) -> None:
    answer = app.post("/api/session", json={"user": "shen", "password": "shen"})
    assert answer.json()["person"] == {
        "id": "shen",
        "name": {"zh": "沈知行", "en": "Shen Zhixing"},
        "roles": ["leader"],
        "node": "yunda/east",
        "armband": "0209",
    }
    assert answer.json()["market"] == {"id": "yunda", "name": {"zh": "运达市场", "en": "Yunda Market"}}
    assert as_("shen").get("/api/session").json()["person"] == answer.json()["person"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    parts: Parts, app: TestClient, tmp_path: Path
) -> None:
    answer = app.post("/api/session", json={"user": "he", "password": "he"})
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    secure = TestClient(build(replace(parts, secure_cookie=True), tmp_path))
    answer = secure.post("/api/session", json={"user": "he", "password": "he"})
    assert "Secure" in answer.headers["set-cookie"]


def test_no_token_stands_in_the_database(
    app: TestClient, as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    client = as_("he")
    with store() as session:
        (kept,) = session.scalars(select(LoginSession)).all()
    token = client.token
    assert len(token) >= 43
    assert token not in (kept.token_hash, kept.csrf)
    app.cookies.set("lf_session", kept.token_hash)
    assert app.get("/api/session").status_code == 401


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(app: TestClient, parts: Parts) -> None:
    answers = [
        app.post("/api/session", json={"user": user, "password": "guess"})
        for user in ("he", "nobody", "xin", "' OR 1=1 --")
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(set(answer.headers) - {"date"})) for answer in answers}) == 1
    assert isinstance(parts.passwords, Plain)
    assert len(parts.passwords.asked) == 4  # each was hashed, also where there is nobody


def test_their_hashes_are_equally_dear(parts: Parts, tmp_path: Path, store: sessionmaker[Session]) -> None:
    made = Argon2().hash("right")
    with store.begin() as session:
        session.get_one(Person, "he").password_hash = made
    passwords = Plain()
    with TestClient(build(replace(parts, passwords=passwords), tmp_path)) as client:
        assert log_in(client, "he", "wrong") == log_in(client, "nobody", "wrong") == 401
    known, unknown = map(extract_parameters, passwords.asked)
    assert passwords.asked[0] == made
    assert known == unknown


def test_a_flood_is_stopped_before_any_hash(app: TestClient, parts: Parts) -> None:
    tries = [log_in(app, "he", "guess") for _ in range(30)]
    assert tries == [401] * 10 + [429] * 20
    assert isinstance(parts.passwords, Plain)
    assert len(parts.passwords.asked) == 10
    assert log_in(app, "gu", "gu") == 200  # another name from the same workroom
    answer = app.post("/api/session", json={"user": "he", "password": "he"})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert set(answer.json()) == {"code", "en", "zh"}


def test_names_tried_one_after_another_are_a_flood_too(app: TestClient) -> None:
    tries = [log_in(app, f"name{number}", "guess") for number in range(60)]
    assert tries == [401] * 50 + [429] * 10


def test_a_flood_leaves_room_for_others(parts: Parts, tmp_path: Path) -> None:
    done = Event()

    class Slow(Plain):
        def verify(self, hashed: str, password: str) -> bool:
            super().verify(hashed, password)
            return not done.wait(60)

    crowded = replace(parts, passwords=(slow := Slow()), flood=Flood(1000))
    with TestClient(build(crowded, tmp_path)) as client, ThreadPoolExecutor(40) as pool:
        tries = [pool.submit(log_in, client, f"name{number}", "x") for number in range(40)]
        assert eventually(lambda: len(slow.asked) == AT_ONCE)
        assert eventually(lambda: sum(one.done() for one in tries) == 40 - AT_ONCE)
        assert client.get("/api/health").status_code == 200
        done.set()
        statuses = [one.result() for one in tries]
    assert statuses.count(401) == AT_ONCE
    assert statuses.count(429) == 40 - AT_ONCE


def test_signing_out_ends_the_session_at_once(as_: Callable[[str], Someone]) -> None:
    client = as_("he")
    assert client.delete("/api/session").status_code == 204
    assert client.get("/api/session").status_code == 401


@pytest.mark.parametrize(("away", "status"), [(14, 200), (16, 401)])
def test_a_session_that_nobody_uses_ends(
    as_: Callable[[str], Someone], clock: Hands, away: int, status: int
) -> None:
    client = as_("he")
    clock.at += timedelta(minutes=away)
    assert client.get("/api/session").status_code == status


def test_a_session_ends_after_twelve_hours_of_use(as_: Callable[[str], Someone], clock: Hands) -> None:
    client = as_("he")
    lasted = 0
    while client.get("/api/session").status_code == 200:
        clock.at += timedelta(minutes=10)
        lasted += 10
        assert lasted < 800
    assert lasted == 12 * 60


def test_a_loopback_demo_names_its_log_ins_before_and_after(parts: Parts, tmp_path: Path) -> None:
    demo = (DemoLogin("he", "he", "desk", Pair("何素琴", "He Suqin")),)
    shown = [{"user": "he", "password": "he", "role": "desk", "name": {"zh": "何素琴", "en": "He Suqin"}}]
    with TestClient(build(replace(parts, demo=demo), tmp_path)) as client:
        assert client.get("/api/session").json()["demo"] == shown
        assert log_in(client, "he", "he") == 200
        assert client.get("/api/session").json()["demo"] == shown
    with TestClient(build(parts, tmp_path)) as client:
        assert client.get("/api/session").json()["demo"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": "he"},
        {"user": "he", "password": "he", "role": "manager"},
        {"user": "", "password": "x"},
        {"user": "a\u0000b", "password": "x"},
        {"user": "x" * 65, "password": "x"},
        {"user": ["he"], "password": {}},
        [],
        "he",
        None,
    ],
)
def test_a_log_in_of_another_shape_is_refused(app: TestClient, body: object) -> None:
    answer = app.post("/api/session", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "input.shape")


def test_a_log_in_as_a_form_of_another_site_is_refused(app: TestClient) -> None:
    text = '{"user": "he", "password": "he"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert app.post("/api/session", content=text, headers={"Content-Type": kind}).status_code == 422


WHO = ("lin", "li", "zhou", "ji", "qiu", "jia")


def test_everybody_is_told_which_pages_are_theirs(as_: Callable[[str], Someone]) -> None:
    pages = {who: as_(who).get("/api/session").json()["pages"] for who in WHO}
    assert {"wall", "cases"} <= set(pages["lin"])
    assert "letters" not in pages["lin"]
    places = ["components", "premises", "workrooms", "leaders", "groups", "businesses"]
    assert pages["li"] == ["cases", "market", "duty", "contacts", "care", *places]
    assert "care" not in pages["qiu"]
    assert {"people", "rights"} <= set(pages["jia"])
    assert {"wall", "cases", "letters"} <= set(pages["zhou"])
    assert "letters" in pages["ji"]
    assert "wall" not in pages["ji"]


def test_a_name_that_is_known_at_its_address_gets_in_while_strangers_flood(
    parts: Parts, tmp_path: Path
) -> None:
    crowded = replace(parts, flood=Flood(1000, 3))
    with (
        TestClient(build(crowded, tmp_path), client=("10.0.0.1", 1)) as workroom,
        TestClient(build(crowded, tmp_path), client=("10.9.9.9", 1)) as stranger,
    ):
        assert log_in(workroom, "he", "he") == 200
        tries = [log_in(stranger, f"name{number}", "guess") for number in range(20)]
        assert tries.count(429) >= 10
        assert log_in(stranger, "gu", "gu") == 429
        assert log_in(workroom, "he", "he") == 200
        # The workroom's address alone opens nothing: another name there shares with the strangers.
        assert log_in(workroom, "gu", "guess") in {401, 429}


def test_what_is_too_much_is_refused_unread_and_looks_the_same(parts: Parts, tmp_path: Path) -> None:
    crowded = replace(parts, flood=Flood(2, 1))
    with TestClient(build(crowded, tmp_path)) as client:
        for _ in range(2):
            log_in(client, "he", "guess")
        read = client.post("/api/session", json={"user": "he", "password": "guess"})
        unread = client.post("/api/session", content=b"\xff not JSON")
        assert (read.status_code, unread.status_code) == (429, 429)
        assert read.json() == unread.json()
        kept = {
            name: read.headers[name] for name in ("retry-after", "content-security-policy", "cache-control")
        }
        assert kept == {name: unread.headers[name] for name in kept}
        assert isinstance(parts.passwords, Plain)
        assert len(parts.passwords.asked) <= 2
