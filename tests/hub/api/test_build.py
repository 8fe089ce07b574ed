from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from hub.api.build import build
from hub.api.guard import Guarded, Public
from hub.api.shape.plan import Plan
from hub.service import market
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone


@pytest.fixture
def pages(parts: Parts, tmp_path: Path) -> TestClient:
    web = tmp_path / "dist"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>联防</title>")
    (web / "phone.html").write_text("<!doctype html><title>联防手机</title>")
    (web / "assets" / "index-8f3a.js").write_text("export {}" + " " * 2000)
    (tmp_path / "secret.txt").write_text("outside")
    broken = Guarded()

    @broken.get("/api/broken", dependencies=[Depends(Public())])
    def fault() -> None:
        raise ZeroDivisionError

    @broken.get("/api/locked", dependencies=[Depends(Public())])
    def locked() -> None:
        raise OperationalError("SELECT", {}, Exception("database is locked"))

    return TestClient(build(parts, web, more=(broken,)), raise_server_exceptions=False)


PAGE = {"Accept": "text/html,*/*"}


def test_every_page_of_the_app_is_the_one_page(pages: TestClient) -> None:
    for path in ("/", "/cases", "/cases/LF-20261122-0001", "/wall?alert=1"):
        answer = pages.get(path, headers=PAGE)
        assert (answer.status_code, "联防" in answer.text) == (200, True)
        assert answer.headers["cache-control"] == "no-cache"


def test_a_hub_without_pages_says_what_to_do(app: TestClient) -> None:
    answer = app.get("/", headers=PAGE)
    assert (answer.status_code, "make run" in answer.text) == (503, True)


def test_built_files_are_kept_for_ever_and_packed(pages: TestClient) -> None:
    answer = pages.get("/assets/index-8f3a.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert pages.get("/assets/gone.js").status_code == 404


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"]
)
def test_no_path_leads_out_of_the_pages(pages: TestClient, path: str) -> None:
    answer = pages.get(path)
    assert answer.status_code == 404
    assert "outside" not in answer.text


def test_only_our_own_scripts_run(pages: TestClient) -> None:
    for path in ("/", "/api/health", "/api/none", "/api/session", "/api/broken"):
        headers = pages.get(path, headers=PAGE).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_a_phone_has_a_page_of_its_own_wherever_its_address_goes_on(pages: TestClient) -> None:
    """Camera and place are for that page alone, and so is code that the browser compiles."""
    for path in ("/phone", "/phone/", "/phone/anything", "/phone.html"):
        answer = pages.get(path, headers=PAGE)
        assert (answer.status_code, "手机" in answer.text) == (200, True), path
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["permissions-policy"] == "camera=(self), microphone=(), geolocation=(self)"
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self' 'wasm-unsafe-eval';" in policy
        assert policy.count("unsafe") == 1
    for path in ("/", "/phones", "/api/phone/today"):
        headers = pages.get(path, headers=PAGE).headers
        assert headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
        assert "unsafe" not in headers["content-security-policy"]


def test_what_the_api_says_is_never_kept(pages: TestClient) -> None:
    assert pages.get("/api/health").headers["cache-control"] == "no-store"
    assert pages.get("/api/session").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/none", 404, "http.404"),
        ("PUT", "/api/session", 405, "http.405"),
        ("GET", "/api/broken", 500, "hub.fault"),
        ("GET", "/api/locked", 503, "hub.database"),
    ],
)
def test_every_fault_is_a_sentence_in_both_languages(
    pages: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = pages.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "en", "zh"}
    assert "ZeroDivision" not in answer.text


def test_every_body_has_a_limit(app: TestClient, as_: Callable[[str], Someone]) -> None:
    large = b'{"user": "' + b"x" * 70_000 + b'"}'
    json_ = {"Content-Type": "application/json"}
    assert app.post("/api/session", content=large, headers=json_).status_code == 413
    he = as_("he")
    assert he.post("/api/cases", content=large).status_code == 413
    assert he.request("GET", "/api/wall", content=b"x").status_code in {200, 413}


def test_the_hub_says_which_part_does_not_work(app: TestClient, parts: Parts, tmp_path: Path) -> None:
    assert app.get("/api/health").json() == {"database": True, "broker": True}
    ill = replace(parts, healthy=lambda: {"database": True, "broker": False})
    with TestClient(build(ill, tmp_path)) as client:
        answer = client.get("/api/health")
    assert (answer.status_code, answer.json()["broker"]) == (503, False)


def test_the_interface_describes_itself(app: TestClient) -> None:
    described = app.get("/api/openapi.json").json()
    paths = described["paths"]
    assert {"/api/wall", "/api/feed", "/api/market", "/edge/v1/media/{sha256}"} <= set(paths)
    wall = paths["/api/wall"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert wall == {"$ref": "#/components/schemas/Wall"}
    assert "/metrics" not in paths


def test_the_market_is_sent_once_and_then_asked_for_by_its_tag(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    lin = as_("lin")
    answer = lin.get("/api/market", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    with store() as session:
        assert answer.json() == Plan.model_validate(market.plan(session, "yunda", NOON.date())).model_dump(
            mode="json"
        )
    assert len(answer.json()["shops"]["id"]) == 12
    tag = answer.headers["etag"]
    again = lin.get("/api/market", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    plain = lin.get("/api/market", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert json.loads(plain.content) == answer.json()
    assert gzip.decompress(gzip.compress(plain.content)) == plain.content
