"""The first start of an empty hub."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from hub.api.build import build
from hub.api.flood import WRONG_PER_HOUR
from hub.api.setup import new_code
from hub.store.base import migrate, readings, sessions
from tests.hub.hasty import hasty

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.api.parts import Parts

CODE = "ABCD-EFGH-2345"
FIRST: dict[str, Any] = {
    "code": CODE,
    "market_zh": "新市场",
    "market_en": "New market",
    "name_zh": "计明",
    "name_en": "Ji Ming",
    "user": "jiming",
    "password": "three green lanterns",
}


@pytest.fixture
def empty(parts: Parts, tmp_path: Path) -> Iterator[TestClient]:
    on = hasty(f"sqlite:///{tmp_path / 'empty.db'}")
    migrate(on)
    app = build(replace(parts, sessions=sessions(on), readings=readings(on)), tmp_path)
    with TestClient(app, base_url="http://hub") as client:
        yield client
    on.dispose()


def test_whoever_reads_the_console_makes_the_first_administrator(empty: TestClient) -> None:
    assert empty.get("/api/setup").json() == {"wanted": True, "oidc": False}
    assert empty.post("/api/setup", json=FIRST).status_code == 201
    answer = empty.post("/api/session", json={"user": "jiming", "password": FIRST["password"]})
    assert answer.json()["person"]["roles"] == ["admin"]
    assert answer.json()["market"]["name"]["zh"] == "新市场"


def test_it_works_once(empty: TestClient) -> None:
    empty.post("/api/setup", json=FIRST)
    assert empty.get("/api/setup").json() == {"wanted": False, "oidc": False}
    answer = empty.post("/api/setup", json=FIRST | {"user": "second"})
    assert (answer.status_code, answer.json()["code"]) == (409, "setup.done")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"code": "ABCD-EFGH-2346"}, 403, "setup.code"),
        ({"password": "short"}, 422, "password.short"),
        ({"password": "jiming123456"}, 422, "input"),
        ({"zone": "Mars/Olympus"}, 422, "setup.zone"),
        ({"zone": "../../etc/passwd"}, 422, "input.shape"),
        ({"user": "Ji Ming"}, 422, "input.shape"),
        ({"name_zh": "计\u202e明"}, 422, "input.shape"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    empty: TestClient, change: dict[str, str], status: int, code: str
) -> None:
    answer = empty.post("/api/setup", json=FIRST | change)
    assert answer.status_code == status
    assert code == "input" or answer.json()["code"] == code
    assert empty.get("/api/setup").json() == {"wanted": True, "oidc": False}


def test_guessing_the_code_is_slowed(empty: TestClient) -> None:
    said = [
        empty.post("/api/setup", json=FIRST | {"code": f"AAAA-AAAA-{n:04}"}).status_code for n in range(15)
    ]
    assert said.count(429) >= 5


def test_who_guesses_from_elsewhere_keeps_no_owner_out(empty: TestClient) -> None:
    stranger = TestClient(empty.app, base_url="http://hub", client=("10.9.9.9", 4000))
    for n in range(WRONG_PER_HOUR + 5):
        last = stranger.post("/api/setup", json=FIRST | {"code": f"AAAA-AAAA-{n:04}"}).status_code
    assert last == 429
    assert empty.post("/api/setup", json=FIRST).status_code == 201


def test_a_code_is_new_at_every_start_and_cannot_be_misread() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    assert not set("".join(codes)) & set("01OIL")
