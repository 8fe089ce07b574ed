"""P9: whatever somebody is called, pages show it as text; none of it runs, no page breaks its policy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from hub.api.flood import Flood
from hub.api.headers import ALWAYS, POLICY
from hub.store.camera import Camera
from hub.store.device import DeadLetter
from hub.store.market import Gate, Grid, Hall, Market, Shop
from hub.store.people import LoginSession, Person
from hub.store.staff import CareVisit
from tests.conftest import ROOT
from tests.hub.api.conftest import parts
from tests.promises.asked import AS, served
from tests.promises.known import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from hub.api.parts import Parts
    from tests.desk import Desk, Desks

__all__ = ["parts"]

DIST = ROOT / "hub" / "web" / "dist"
MARKUP = "<img src=x onerror=\"ran('img')\"><svg onload=ran('svg')><script>ran('script')</script>"
ATTRIBUTE = "\" onfocus=\"ran('focus')\" autofocus x=\"'{{7*7}}${7*7}javascript:ran('url')"
NAMES = {"name_zh": MARKUP, "name_en": ATTRIBUTE}
SPY = """
  window.broken = [];
  window.ran = (what) => window.broken.push(`ran: ${what}`);
  document.addEventListener("securitypolicyviolation", (e) =>
    window.broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));
"""
"""Keeps what runs of a name, and each thing that the policy had to stop."""
PAGES = {
    "zhou": ("", "cases", "cases/{case_id}", "devices", "devices/edge-1", "people", "people/li", "rights",
             "staff", "armbands", "contacts", "phones", "displays", "register", "me", "nowhere",
             "cases/%3Cscript%3E"),
    "ji": ("letters", "letters/{letter}", "people", "people/li", "rights"),
    "qiu": ("", "cases", "cases/{case_id}", "me"),
}  # fmt: skip


@pytest.fixture
def town(parts: Parts, port: int) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """The app with its pages, where everything and everybody is called by markup."""
    if not (DIST / "index.html").is_file():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    parts = replace(parts, flood=Flood(10**9))
    with parts.sessions.begin() as s:
        known = fill(s)
        for table in (Market, Hall, Gate, Grid, Shop, Person, Camera):
            s.execute(update(table).values(NAMES))
        s.execute(update(Camera).values(place_zh=MARKUP, place_en=ATTRIBUTE, reason=MARKUP))
        s.execute(update(CareVisit).values(scope=MARKUP))
        s.execute(update(DeadLetter).values(reason=MARKUP, topic=ATTRIBUTE, payload=MARKUP.encode()))
    with served(parts, DIST, port) as (url, witness):
        told = {"kind": MARKUP[:60], "place": MARKUP, "text": MARKUP, "reporter_name": "<b onclick=ran()>"}
        answer = httpx2.post(f"{url}/api/cases", json=told, headers={AS: "qiu"})
        assert answer.status_code in {201, 422}, answer.text
        if answer.status_code == 422:
            answer = httpx2.post(f"{url}/api/cases", json=told | {"kind": "theft"}, headers={AS: "qiu"})
        assert answer.status_code == 201, answer.text
        with parts.sessions.begin() as s:
            s.execute(update(LoginSession).values(label=MARKUP))
        yield url, known | {"case_id": [answer.json()["id"]]}
    assert witness.wrong == []


@pytest.fixture
def look(desks: Desks, town: tuple[str, dict[str, list[str]]]) -> Iterator[Any]:
    taken: list[Desk] = []

    def at(who: str, lang: str) -> Page:
        desk = desks.take(town[0])
        taken.append(desk)
        page = desk.page((1280, 720))
        page.set_extra_http_headers({AS: who})
        page.add_init_script(f"localStorage.lang = '{lang}';{SPY}")
        page.on("dialog", lambda dialog: pytest.fail(f"{who}: {dialog.message}"))
        return page

    yield at
    for desk in taken:
        desks.give(desk)


@pytest.mark.screen
@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "who", [pytest.param(one, marks=() if one == "zhou" else pytest.mark.long) for one in PAGES]
)
@pytest.mark.long
def test_a_name_of_markup_is_shown_as_it_is_written_and_never_runs(
    look: Any, town: tuple[str, dict[str, list[str]]], who: str, lang: str
) -> None:
    page = look(who, lang)
    first = {name: ids[0] for name, ids in town[1].items()}
    shown = 0
    for path in PAGES[who]:
        page.goto("about:blank")
        page.goto(f"/#/{path.format_map(first)}")
        expect(page.locator("#app > *").first).to_be_attached()
        page.wait_for_timeout(300)
        assert page.evaluate("window.broken") == [], path
        text = page.locator("body").inner_text()
        shown += "onerror=" in text or "onfocus=" in text
    assert shown > len(PAGES[who]) // 2


@pytest.mark.screen
@pytest.mark.parametrize(
    "path",
    ["/#/cases/%", "/#/%E0%A4%A", "/b/%25/%25", "/b/%/%", "/b/yunda/<script>", "/enrol#<script>", "/a/b"],
)
def test_an_address_of_nonsense_leads_to_a_page(look: Any, path: str) -> None:
    page = look("zhou", "en")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path)
    expect(page.locator("#app > *").first).to_be_attached()
    page.wait_for_timeout(300)
    assert (errors, page.evaluate("window.broken")) == ([], [])


@pytest.mark.screen
def test_the_policy_stops_what_a_page_would_run_of_itself(look: Any) -> None:
    """So that the tests above can fail."""
    page = look("zhou", "zh")
    page.goto("/#/cases")
    page.evaluate("(markup) => { document.body.insertAdjacentHTML('beforeend', markup) }", MARKUP)
    page.wait_for_function("window.broken.length >= 1")
    assert not [one for one in page.evaluate("window.broken") if one.startswith("ran")]


def test_the_policy_lets_nothing_run_inline_and_every_answer_carries_it(
    town: tuple[str, dict[str, list[str]]],
) -> None:
    assert "unsafe" not in POLICY
    assert "default-src 'self'" in POLICY
    asked = (
        ("GET", "/"), ("GET", "/nowhere"), ("GET", "/api/nowhere"), ("GET", "/api/market"),
        ("GET", "/icon.svg"), ("GET", "/assets/none.js"), ("POST", "/api/session"), ("BREW", "/"),
        ("OPTIONS", "/api/session"), ("HEAD", "/"), ("GET", "/edge/v1/orders-key"),
        ("GET", "/api/cases?limit=0"), ("GET", "/api/openapi.json"),
    )  # fmt: skip
    with httpx2.Client(base_url=town[0]) as client:
        answers = [
            client.request(method, path, headers={AS: who}) for who in ("", "zhou") for method, path in asked
        ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS, answer.request.url
        assert "server" not in answer.headers
    assert len({answer.status_code for answer in answers}) >= 5
