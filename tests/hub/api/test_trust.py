"""A phone that does not know the hub yet: what it is told, by plain HTTP and by HTTPS."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from hub.api.trust import Trust, plain

TRUST = Trust(b"-----BEGIN CERTIFICATE-----\n", "AB:CD:<b>", 'https://hub.market.test:8080/?a=1&b="x"')


@pytest.fixture
def door() -> TestClient:
    return TestClient(plain(TRUST), base_url="http://hub.market.test")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/wall"), ("POST", "/api/session"), ("DELETE", "/trust"), ("GET", "/x")]
)
def test_a_program_on_plain_http_is_told_the_address_to_use(door: TestClient, method: str, path: str) -> None:
    answer = door.request(method, path)
    assert answer.status_code == 426
    assert answer.json()["code"] == "http.plain"
    assert TRUST.url in answer.json()["zh"]
    assert answer.headers["upgrade"].startswith("TLS")


def test_a_person_on_plain_http_sees_what_will_not_work_and_what_to_do(door: TestClient) -> None:
    answer = door.get("/", headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 426
    for words in ("消息推送", "notifications", "安卓", "iPhone", "Windows", "Mac", "Linux"):
        assert words in answer.text


def test_no_log_in_is_ever_taken_over_plain_http(door: TestClient) -> None:
    answer = door.post("/api/session", json={"user": "a", "password": "b"})
    assert answer.status_code == 426
    assert "set-cookie" not in answer.headers


def test_the_root_can_be_fetched_and_is_named_as_phones_want_it(door: TestClient) -> None:
    answer = door.get("/trust/authority.crt")
    assert answer.content == TRUST.pem
    assert answer.headers["content-type"] == "application/x-x509-ca-cert"
    assert "lianfang-authority.crt" in answer.headers["content-disposition"]


def test_the_page_runs_nothing_and_shows_values_as_text(door: TestClient) -> None:
    page = door.get("/trust").text
    assert "AB:CD:&lt;b&gt;" in page
    assert 'href="https://hub.market.test:8080/?a=1&amp;b=&quot;x&quot;"' in page
    assert not re.search(r"<script|<style|style=|\son\w+=", page)
    assert door.get("/trust/page.css").headers["content-type"].startswith("text/css")
