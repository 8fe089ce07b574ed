"""The organisation's own log-in says who somebody is, once, to the browser that asked; rights are ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from hub.gear.oidc import Oidc
from hub.store.evidence import Line
from hub.store.people import LoginSession, Person
from tests.hub.api.conftest import Hands
from tests.hub.gear import provider as providers
from tests.hub.gear.provider import CLIENT, SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi import FastAPI
    from httpx2 import Response
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone
    from tests.hub.gear.provider import Provider


@pytest.fixture
def provider(parts: Parts) -> Iterator[Provider]:
    assert isinstance(parts.clock, Hands)
    parts.clock.at = datetime.now(UTC)
    with providers.running() as running:
        yield running


@pytest.fixture
def browser(
    built: FastAPI, parts: Parts, provider: Provider, store: sessionmaker[Session]
) -> Iterator[TestClient]:
    with store.begin() as s:
        s.get_one(Person, "lin").subject = "sub-lin"
        s.get_one(Person, "ji").subject = "sub-ji"
    built.state.parts = replace(parts, oidc=Oidc(provider.issuer, CLIENT, SECRET), lenient=False)
    with TestClient(built, base_url="http://hub", follow_redirects=False) as client:
        yield client


def go(browser: TestClient, provider: Provider) -> str:
    """The address to which the provider sends the browser back, without the host."""
    answer = browser.get("/api/oidc")
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    assert where.startswith(f"{provider.issuer}/authorize?")
    asked = dict(parse_qsl(where.split("?", 1)[1]))
    assert asked["redirect_uri"] == "http://hub/api/oidc/back"
    return provider.authorize(asked).removeprefix("http://hub")


def sign_in(browser: TestClient, provider: Provider) -> Response:
    answer: Response = browser.get(go(browser, provider))
    return answer


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_whoever_is_linked_is_signed_in_with_the_rights_that_they_have_here(
    browser: TestClient, provider: Provider
) -> None:
    answer = sign_in(browser, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookies = answer.headers.get_list("set-cookie")
    assert all("HttpOnly" in one and "SameSite=lax" in one for one in cookies)
    me = browser.get("/api/session").json()
    assert (me["person"]["id"], me["person"]["roles"], me["owed"]) == ("lin", ["monitor"], [])


def test_who_owes_a_second_factor_still_owes_it_unless_it_was_asked_for_there(
    browser: TestClient, provider: Provider
) -> None:
    provider.subject = "sub-ji"
    sign_in(browser, provider)
    assert browser.get("/api/session").json()["owed"] == ["factor"]
    assert browser.get("/api/people").status_code == 401
    provider.claims = {"amr": ["pwd", "mfa"]}
    sign_in(browser, provider)
    assert browser.get("/api/session").json()["owed"] == []
    assert browser.get("/api/people").status_code == 200


@pytest.mark.parametrize("subject", ["sub-nobody", "lin", "LIN", "sub-lin "])
def test_nobody_becomes_somebody_by_it(
    browser: TestClient, provider: Provider, store: sessionmaker[Session], subject: str
) -> None:
    provider.subject = subject
    with store() as s:
        before = s.scalars(select(Person.id)).all()
    assert code(sign_in(browser, provider)) == (403, "oidc.unknown")
    with store() as s:
        assert s.scalars(select(Person.id)).all() == before
        assert s.scalars(select(LoginSession)).all() == []


def test_who_has_left_does_not_come_back_by_it(
    browser: TestClient, provider: Provider, store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Person, "lin").active = False
    assert code(sign_in(browser, provider)) == (403, "oidc.unknown")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another program"},
        {"aud": ["lianfang", "another"], "azp": "another"},
        {"nonce": "of another log-in"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": ["sub-lin"]},
    ],
    ids=str,
)
def test_a_token_that_was_not_made_for_us_and_this_log_in_opens_nothing(
    browser: TestClient, provider: Provider, store: sessionmaker[Session], claims: dict[str, Any]
) -> None:
    provider.claims = claims
    assert code(sign_in(browser, provider)) == (502, "oidc.answer")
    with store() as s:
        assert s.scalars(select(LoginSession)).all() == []


def test_a_token_that_somebody_else_signed_opens_nothing(browser: TestClient, provider: Provider) -> None:
    provider.signs = providers.another_key()
    assert code(sign_in(browser, provider)) == (502, "oidc.answer")
    provider.signs, provider.algorithm = providers.our_secret(), "HS256"
    assert code(sign_in(browser, provider)) == (502, "oidc.answer")


def test_a_key_that_the_provider_changed_is_known_at_once(browser: TestClient, provider: Provider) -> None:
    assert sign_in(browser, provider).status_code == 303
    provider.key, provider.algorithm = providers.rsa_key(), "RS256"
    assert sign_in(browser, provider).status_code == 303


def test_a_way_back_is_for_the_browser_that_was_sent_and_for_once(
    browser: TestClient, provider: Provider, built: FastAPI
) -> None:
    back = go(browser, provider)
    with TestClient(built, base_url="http://hub", follow_redirects=False) as thief:
        assert code(thief.get(back)) == (403, "oidc.state")
    assert browser.get(back).status_code == 303
    assert code(browser.get(back)) == (403, "oidc.state")


@pytest.mark.parametrize("change", ["", "?code=x", "?state=x", "?error=access_denied", "?code=x&state=y"])
def test_a_way_back_that_was_changed_is_refused(browser: TestClient, provider: Provider, change: str) -> None:
    back = go(browser, provider)
    assert code(browser.get(back.split("?")[0] + change)) == (403, "oidc.state")


def test_a_log_in_that_took_too_long_is_begun_again(
    browser: TestClient, provider: Provider, clock: Hands
) -> None:
    back = go(browser, provider)
    clock.turn(timedelta(minutes=11))
    assert code(browser.get(back)) == (403, "oidc.state")


def test_a_code_that_is_worth_nothing_is_refused(browser: TestClient, provider: Provider) -> None:
    back = go(browser, provider)
    provider.codes.clear()
    assert code(browser.get(back)) == (502, "oidc.answer")


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "http://127.0.0.1:1"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
    ids=str,
)
def test_a_description_that_does_not_hold_sends_nobody_anywhere(
    browser: TestClient, provider: Provider, described: dict[str, Any]
) -> None:
    provider.described = described
    assert code(browser.get("/api/oidc")) == (502, "oidc.answer")


def test_a_provider_that_does_not_answer_leaves_name_and_password(
    browser: TestClient, built: FastAPI, parts: Parts
) -> None:
    built.state.parts = replace(parts, oidc=Oidc("http://127.0.0.1:9", CLIENT))
    assert code(browser.get("/api/oidc")) == (503, "oidc.away")
    assert browser.post("/api/session", json={"user": "lin", "password": "lin"}).status_code == 200


def test_without_a_provider_there_is_no_such_log_in(app: TestClient) -> None:
    assert code(app.get("/api/oidc")) == (404, "oidc.none")
    assert code(app.get("/api/oidc/back?code=x&state=y")) == (404, "oidc.none")


@pytest.mark.parametrize("issuer", ["http://login.example", "ftp://127.0.0.1", "login.example", ""])
def test_an_issuer_that_somebody_on_the_way_could_change_is_refused(issuer: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        Oidc(issuer, CLIENT)


def test_the_administrator_links_and_unlinks_and_nobody_twice(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    ji = as_("ji")

    def link(person: str, subject: str | None) -> int:
        return ji.request("PUT", f"/api/people/{person}/subject", json={"subject": subject}).status_code

    assert link("lin", "sub-1") == 204
    assert link("ren", "sub-1") == 409
    assert link("lin", None) == 204
    assert link("ren", "sub-1") == 204
    with store() as s:
        lines = s.scalars(select(Line).where(Line.act == "person.link").order_by(Line.id)).all()
    assert [line.public for line in lines] == [
        {"person": "lin", "linked": True},
        {"person": "lin", "linked": False},
        {"person": "ren", "linked": True},
    ]
