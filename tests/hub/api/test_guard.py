from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from hub.api import refusal
from hub.api.build import build
from hub.api.guard import Guarded, Loopback, Public, Signed, every_route
from hub.core.policy import TABLE, Reach, Role
from hub.store.people import Grant, Person
from tests.hub.town import MARKET, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone

DESCRIBED = build(None, Path("nowhere"))
ROUTES = [
    (path, method, guard)
    for path, methods, guards in every_route(DESCRIBED)
    for method in sorted(methods)
    for guard in guards
]
OPEN = {
    ("POST", "/api/session"),
    ("GET", "/api/oidc"),
    ("GET", "/api/oidc/back"),
    ("GET", "/api/setup"),
    ("POST", "/api/setup"),
    ("POST", "/api/phone"),
    ("GET", "/api/public/armband/{market}/{number}"),
    ("GET", "/api/feed/{token}.ics"),
    ("GET", "/api/health"),
    ("GET", "/api/health/live"),
    ("GET", "/api/health/ready"),
    ("GET", "/api/openapi.json"),
    ("GET", "/"),
}
"""What anybody may ask for; a new line here is a decision."""


def call(client: TestClient | Someone, method: str, path: str) -> int:
    return client.request(method, re.sub(r"{\w+}", "a" * 64, path)).status_code


def test_every_route_has_a_guard_and_the_open_ones_are_counted() -> None:
    assert {(method, path) for path, method, guard in ROUTES if isinstance(guard, Public)} == OPEN
    assert all(len(guards) == 1 for _, _, guards in every_route(DESCRIBED))
    assert len(ROUTES) >= 25


def test_nobody_gets_past_a_guard_without_signing_in(app: TestClient) -> None:
    past = {
        (method, path)
        for path, method, _ in ROUTES
        if call(app, method, path) not in {401, 403} and (method, path) not in OPEN
    }
    assert past == set()


def test_what_is_open_turns_nobody_away(app: TestClient) -> None:
    assert {(method, path) for method, path in OPEN if call(app, method, path) in {401, 403}} == set()


SIGNED = [route for route in ROUTES if isinstance(route[2], Signed)]
CHANGES = [(method, path) for path, method, _ in SIGNED if method not in {"GET", "HEAD"}]


def test_nothing_changes_by_a_request_that_our_page_did_not_make(as_: Callable[[str], Someone]) -> None:
    client = as_("zhou")
    forged: tuple[dict[str, bytes], ...] = (
        {},
        {"X-CSRF": b""},
        {"X-CSRF": client.csrf[:-1].encode()},
        {"X-CSRF": "中".encode()},
    )
    for method, path in CHANGES:
        for headers in forged:
            answer = client.request(method, re.sub(r"{\w+}", "accept", path), headers=headers)
            said = (answer.status_code, answer.json()["code"])
            assert said == (403, "session.csrf"), (method, path, headers)
    assert len(CHANGES) > 30


QUICK = {Role.GUARD, Role.MANAGER, Role.AUDITOR}
SOME = [pytest.param(role, marks=() if role in QUICK else pytest.mark.long) for role in Role]


@pytest.mark.parametrize("role", SOME)
def test_a_role_comes_to_no_route_of_whose_actions_it_may_do_none(
    store: sessionmaker[Session], as_: Callable[[str], Someone], role: Role
) -> None:
    with store.begin() as session:
        session.add(
            Person(id="x", market=MARKET, name_zh="甲", name_en="X", login="x", password_hash="hash of x")
        )
        session.flush()
        session.add(Grant(id="x-grant", person="x", role=role, node=MARKET))
    client = as_("x")
    for path, method, guard in SIGNED:
        assert isinstance(guard, Signed)
        reaches = {TABLE[action][role] for action in guard.actions}
        may = not guard.actions or reaches != {Reach.NO}
        if path != "/api/feed" and method != "DELETE":
            status = call(client, method, path)
            asks = reaches <= {Reach.NO, Reach.ASK}  # and is told so, where others see a list
            assert (status == 403) <= (not may or asks or "{" in path), (path, status)
            assert (not may) <= (status == 403), (path, status)


def test_a_route_without_a_guard_cannot_be_built(parts: Parts, tmp_path: Path) -> None:
    router = Guarded()
    with pytest.raises(TypeError, match="/forgotten has no guard"):
        router.get("/forgotten")(lambda: None)
    plain = APIRouter()
    plain.get("/sneaked")(lambda: None)
    with pytest.raises(TypeError, match="/sneaked has no guard"):
        build(parts, tmp_path, more=(plain,))


def test_a_grant_that_is_lost_is_lost_at_the_next_request(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    lin = as_("lin")
    assert lin.get("/api/wall").status_code == 200
    with store.begin() as session:
        session.delete(session.get_one(Grant, "lin-monitor"))
    assert lin.get("/api/wall").status_code == 403
    with store.begin() as session:
        session.get_one(Person, "lin").active = False
    assert lin.get("/api/session").status_code == 401


@pytest.fixture
def metrics() -> Callable[..., int]:
    router = Guarded()

    @router.get("/metrics", dependencies=[Depends(Loopback())])
    def figures() -> str:
        return "figures"

    app = FastAPI()
    app.include_router(router)
    refusal.install(app)
    return lambda host, **headers: (
        TestClient(app, client=(host, 1)).get("/metrics", headers=headers).status_code
    )


def test_figures_are_for_programs_on_this_machine_alone(metrics: Callable[..., int]) -> None:
    assert [metrics(host) for host in ("127.0.0.1", "::1")] == [200, 200]
    assert [metrics(host) for host in ("10.0.0.8", "testclient", "")] == [403, 403, 403]
    assert metrics("127.0.0.1", **{"X-Forwarded-For": "10.0.0.8"}) == 403


def test_the_town_has_every_role_that_signs_in() -> None:
    assert {role for _, _, _, role, _ in PEOPLE} == {str(role) for role in Role} - {"public", "display"}
