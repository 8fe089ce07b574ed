"""The second factor, forced changes of passwords, and the sentences on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
from sqlalchemy import select

from hub.store.evidence import Line
from hub.store.people import Factor, LoginSession, Person, RecoveryCode

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands

NEW = "three green lanterns"


@pytest.fixture
def strict(built: FastAPI, parts: Parts, app: TestClient) -> TestClient:
    """The app where a second factor is owed."""
    built.state.parts = replace(parts, lenient=False)
    return app


class Browser:
    """Keeps its cookie and its CSRF word over all steps of a log-in."""

    def __init__(self, client: TestClient) -> None:
        self._client, self.csrf = client, ""
        client.cookies.clear()

    def post(self, url: str, **json: Any) -> Any:
        answer = self._client.post(url, json=json, headers={"X-CSRF": self.csrf})
        if answer.status_code == 200 and "csrf" in answer.json():
            self.csrf = answer.json()["csrf"]
        return answer

    def get(self, url: str) -> Any:
        return self._client.get(url)


def set_up(browser: Browser, clock: Hands, user: str = "he") -> tuple[pyotp.TOTP, list[str]]:
    assert browser.post("/api/session", user=user, password=user).json()["owed"] == ["factor"]
    app = pyotp.TOTP(browser.post("/api/session/factor").json()["secret"])
    codes = browser.post("/api/session/factor/confirm", code=app.at(clock.now())).json()["codes"]
    return app, codes


def test_the_desk_sets_up_a_second_factor_before_anything_else(
    strict: TestClient, clock: Hands, store: sessionmaker[Session]
) -> None:
    browser = Browser(strict)
    answer = browser.post("/api/session", user="he", password="he")
    assert (answer.json()["kind"], answer.json()["owed"]) == ("half", ["factor"])
    refused = browser.get("/api/cases")
    assert (refused.status_code, refused.json()["owed"]) == (401, ["factor"])
    begun = browser.post("/api/session/factor").json()
    assert begun["uri"].startswith("otpauth://totp/")
    assert begun["qr"].startswith("<svg")
    codes = browser.post("/api/session/factor/confirm", code=pyotp.TOTP(begun["secret"]).at(clock.now()))
    assert len(set(codes.json()["codes"])) == 10
    assert browser.get("/api/cases").status_code == 200
    with store() as session:
        kept = session.scalars(select(Factor)).one()
        assert begun["secret"].encode() not in kept.secret
        hashes = set(session.scalars(select(RecoveryCode.code_hash)))
        assert not hashes & {code.replace("-", "") for code in codes.json()["codes"]}


def test_the_next_log_in_asks_for_a_code_and_each_works_once(strict: TestClient, clock: Hands) -> None:
    app, _ = set_up(Browser(strict), clock)
    clock.turn(timedelta(seconds=60))
    browser = Browser(strict)
    assert browser.post("/api/session", user="he", password="he").json()["owed"] == ["code"]
    assert browser.get("/api/wall").status_code == 401
    assert browser.post("/api/session/code", code="000000").status_code == 403
    code = app.at(clock.now())
    assert browser.post("/api/session/code", code=code).json()["kind"] == "person"
    assert browser.get("/api/wall").status_code == 200
    other = Browser(strict)
    other.post("/api/session", user="he", password="he")
    again = other.post("/api/session/code", code=code)
    assert (again.status_code, again.json()["code"]) == (403, "session.code")


def test_a_recovery_code_stands_in_once(strict: TestClient, clock: Hands) -> None:
    _, codes = set_up(Browser(strict), clock)
    for expected, code in ((200, codes[0]), (403, codes[0]), (200, codes[1].lower())):
        browser = Browser(strict)
        browser.post("/api/session", user="he", password="he")
        answer = browser.post("/api/session/code", code=code)
        assert answer.status_code == expected
    assert answer.json()["recovery_left"] == 8


def test_the_half_session_dies_and_its_cookie_is_not_the_whole_ones(
    strict: TestClient, clock: Hands, store: sessionmaker[Session]
) -> None:
    browser = Browser(strict)
    browser.post("/api/session", user="he", password="he")
    half = strict.cookies["lf_session"]
    app = pyotp.TOTP(browser.post("/api/session/factor").json()["secret"])
    browser.post("/api/session/factor/confirm", code=app.at(clock.now()))
    assert strict.cookies["lf_session"] != half
    with store() as session:
        assert [row.kind for row in session.scalars(select(LoginSession))] == ["person"]


def test_guessing_codes_is_slowed_for_that_person_from_wherever(strict: TestClient, clock: Hands) -> None:
    set_up(Browser(strict), clock)
    browser = Browser(strict)
    browser.post("/api/session", user="he", password="he")
    said = [browser.post("/api/session/code", code=f"{guess:06}").status_code for guess in range(15)]
    assert said.count(429) >= 5
    assert set(said) == {403, 429}


def test_nobody_guesses_a_role_that_owes_nothing(strict: TestClient) -> None:
    assert Browser(strict).post("/api/session", user="lin", password="lin").json()["kind"] == "person"


def test_a_password_that_was_given_is_replaced_first(app: TestClient, store: sessionmaker[Session]) -> None:
    with store.begin() as session:
        session.get_one(Person, "lin").must_change = True
    browser = Browser(app)
    assert browser.post("/api/session", user="lin", password="lin").json()["owed"] == ["password"]
    assert browser.get("/api/wall").status_code == 401
    for bad in ("lianfang2026", "aaaaaaaaaaaa", "Password!23"):
        assert browser.post("/api/session/password", new=bad).json()["code"] == "password.weak"
    assert browser.post("/api/session/password", new="short").json()["code"] == "password.short"
    assert browser.post("/api/session/password", new=NEW).json()["kind"] == "person"
    assert browser.get("/api/wall").status_code == 200
    assert Browser(app).post("/api/session", user="lin", password="lin").status_code == 401
    assert Browser(app).post("/api/session", user="lin", password=NEW).json()["owed"] == []


def test_changing_a_password_asks_for_the_old_one_and_ends_the_other_sessions(app: TestClient) -> None:
    away = Browser(app)
    away.post("/api/session", user="lin", password="lin")
    stolen = app.cookies["lf_session"]
    browser = Browser(app)
    browser.post("/api/session", user="lin", password="lin")
    assert browser.post("/api/session/password", old="guess", new=NEW).status_code == 403
    assert browser.post("/api/session/password", old="lin", new=NEW).status_code == 200
    assert browser.get("/api/session").status_code == 200
    app.cookies.clear()
    assert app.get("/api/session", headers={"Cookie": f"lf_session={stolen}"}).status_code == 401


def test_sign_ins_and_refusals_stand_in_the_ledger(app: TestClient, store: sessionmaker[Session]) -> None:
    browser = Browser(app)
    browser.post("/api/session", user="lin", password="guess")
    browser.post("/api/session", user="my own password typed as a name", password="x")
    browser.post("/api/session", user="lin", password="lin")
    with store() as session:
        lines = [
            (line.act, line.actor, line.public) for line in session.scalars(select(Line).order_by(Line.id))
        ]
    assert lines[0] == ("session.refused", None, {"person": "lin"})
    assert (lines[1][0], lines[1][1], lines[1][2]["kind"]) == ("session.begin", "lin", "person")
    assert len(lines) == 2


def test_sessions_are_listed_and_ended(app: TestClient) -> None:
    first = Browser(app)
    first.post("/api/session", user="lin", password="lin")
    old = app.cookies["lf_session"]
    browser = Browser(app)
    browser.post("/api/session", user="lin", password="lin")
    mine = browser.get("/api/sessions").json()
    assert [one["here"] for one in mine].count(True) == 1
    other = next(one["id"] for one in mine if not one["here"])
    assert app.delete(f"/api/sessions/{other}", headers={"X-CSRF": browser.csrf}).status_code == 204
    assert app.delete(f"/api/sessions/{other}", headers={"X-CSRF": browser.csrf}).status_code == 404
    here = app.cookies["lf_session"]
    app.cookies.clear()
    assert app.get("/api/session", headers={"Cookie": f"lf_session={old}"}).status_code == 401
    assert app.get("/api/session", headers={"Cookie": f"lf_session={here}"}).status_code == 200


def test_nobody_ends_somebody_elses_session(app: TestClient) -> None:
    victim = Browser(app)
    victim.post("/api/session", user="he", password="he")
    target = victim.get("/api/sessions").json()[0]["id"]
    thief = Browser(app)
    thief.post("/api/session", user="lin", password="lin")
    assert app.delete(f"/api/sessions/{target}", headers={"X-CSRF": thief.csrf}).status_code == 404
