from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from structlog.contextvars import get_contextvars

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from hub.api.measure import Times
    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone


@pytest.fixture
def times(built: FastAPI) -> Times:
    found: Times = built.state.times
    found.clear()
    return found


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str, str, int]]:
    lines = [vars(line) for line in caplog.records if line.message == "answered"]
    return [(line["levelname"], line["method"], line["route"], line["status"]) for line in lines]


def test_an_answer_is_timed_under_its_route_and_never_under_its_address(
    app: TestClient, as_: Callable[[str], Someone], times: Times
) -> None:
    lin = as_("lin")
    lin.get("/api/alerts/one")
    lin.get("/api/alerts/another")
    app.get("/api/nothing/here")
    app.get("/%2e%2e/etc/passwd")
    assert times["GET", "/api/alerts/{alert_id}", 404].count == 2
    assert times["POST", "/api/session", 200].count == 1
    assert {route for _, route, _ in times} <= {"/api/session", "/api/alerts/{alert_id}", "other"}


def test_every_answer_has_a_name_and_keeps_a_sound_one_that_it_was_given(app: TestClient) -> None:
    first, second = (app.get("/api/health").headers["x-request-id"] for _ in range(2))
    assert first != second
    assert app.get("/api/health", headers={"X-Request-Id": "proxy-7"}).headers["x-request-id"] == "proxy-7"
    long = app.get("/api/health", headers={"X-Request-Id": "x" * 65}).headers["x-request-id"]
    assert len(long) == 32


def test_an_act_is_logged_with_who_and_what_and_a_look_is_not(
    as_: Callable[[str], Someone], alarm: Callable[..., str], caplog: pytest.LogCaptureFixture
) -> None:
    lin, alert = as_("lin"), alarm()
    with caplog.at_level(logging.INFO, "hub.api"):
        lin.get("/api/wall")
        lin.post(f"/api/alerts/{alert}/confirm")
    assert [one[1:] for one in told(caplog)] == [("POST", "/api/alerts/{alert_id}/confirm", 200)]
    (line,) = (vars(line) for line in caplog.records if line.message == "answered")
    assert (line["who"], line["of"]) == ("lin", {"alert_id": alert})


def test_what_is_logged_on_the_way_carries_the_name_of_the_request(
    built: FastAPI, app: TestClient, parts: Parts
) -> None:
    seen: list[object] = []

    def asked() -> dict[str, bool]:
        seen.append(get_contextvars())
        return {}

    built.state.parts = replace(parts, healthy=asked)
    app.get("/api/health", headers={"X-Request-Id": "night-1"})
    assert seen == [{"request": "night-1"}]
