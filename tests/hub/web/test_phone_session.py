"""A call for help and the session it goes in: none is lost over one, and none goes in another's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.hub.gear.listener import eventually
from tests.hub.web.test_phone_sos import SOS, away, calls, held, keepers, pocket

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route
    from sqlalchemy.orm import Session, sessionmaker

__all__ = ["away", "keepers", "pocket"]

pytestmark = pytest.mark.screen

ASKED = "**/api/session"
OLD = """async ([id, who, why, closed]) => {
    const opened = await new Promise((done) => {
        indexedDB.open("lianfang-phone").onsuccess = ({ target }) => done(target.result);
    });
    const at = new Date(Date.now() - 3 * 24 * 3600_000).toISOString();
    const place = { zh: "A", en: "A" };
    const receipt = closed && { call: id, closed, told: [], taken: null, received_at: at, place };
    const call = { call: id, button: "sos", at, note: "", position: null };
    const writing = opened.transaction("calls", "readwrite");
    const state = closed ? "taken" : "refused";
    writing.objectStore("calls").put({ call, who, state, tries: 3, receipt, why });
    await new Promise((done) => (writing.oncomplete = done));
    opened.close();
}"""
"""Leave a call on the shelf as a page of three days ago did."""
HIDDEN = """Object.defineProperty(document, "hidden", { value: true });
document.dispatchEvent(new Event("visibilitychange"))"""
"""Another app is before the page."""
CALL = "0193a5c0-0000-7000-8000-00000000000"


def out(page: Page) -> None:
    """The session ends at the hub, and the page hears it."""
    page.context.clear_cookies()
    page.reload()
    page.locator("#user").wait_for()


def enter(page: Page, person: str) -> None:
    page.locator("#user").fill(person)
    page.locator("#password").fill(person)
    page.keyboard.press("Enter")
    page.locator(".pocket").wait_for()


def test_a_call_made_before_the_session_was_read_waits_for_it(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket()
    said: list[str] = []
    page.route(ASKED, lambda route: route.abort())
    page.on(
        "request",
        lambda one: said.append(one.url) if one.url.endswith("/api/sos") and one.method == "POST" else None,
    )
    page.reload()
    page.locator(".ring").wait_for()
    held(page)
    expect(page.get_by_text("第 2 次")).to_be_visible()
    assert said == [], "without a session's token the hub would refuse it for good"
    page.unroute(ASKED)
    expect(page.get_by_text("机房已收到")).to_be_visible()
    assert len(calls(store)) == 1


def test_a_token_that_the_hub_does_not_know_is_read_anew_and_the_call_goes(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket()
    spoilt: list[int] = []

    def spoil(route: Route) -> None:
        spoilt.append(1)
        if len(spoilt) == 1:
            route.continue_(headers={**route.request.headers, "x-csrf": "another"})
        else:
            route.continue_()

    page.route(SOS, lambda route: spoil(route) if route.request.method == "POST" else route.continue_())
    held(page)
    expect(page.get_by_text("机房已收到")).to_be_visible()
    page.unroute(SOS)
    assert len(calls(store)) == 1


def test_a_call_that_an_older_page_gave_up_over_its_token_goes_out(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket()
    why = {"zh": "请刷新页面后重试。", "en": "Reload the page, then try again."}
    page.evaluate(OLD, [f"{CALL}1", "wu", why, False])
    page.reload()
    expect(page.get_by_text("机房已收到")).to_be_visible()
    assert len(calls(store)) == 1


def test_without_a_session_110_is_one_tap_and_an_unsent_call_stays_loud_until_its_own_person_is_back(
    pocket: Callable[..., Page], away: Callable[[Page], Callable[[], None]], store: sessionmaker[Session]
) -> None:
    page = pocket()
    back = away(page)
    held(page)
    page.get_by_role("alert").wait_for()
    out(page)
    expect(page.get_by_role("alert")).to_contain_text("登录以后马上发")
    for number in ("110", "119", "120"):
        expect(page.locator(f'aside p a[href="tel:{number}"]')).to_be_visible()
    back()
    enter(page, "qiu")
    expect(page.locator(".ring")).to_be_visible()
    assert calls(store) == [], "nobody calls in another's name"
    out(page)
    enter(page, "wu")
    expect(page.get_by_text("机房已收到")).to_be_visible()
    assert len(calls(store)) == 1


def test_who_called_while_the_hub_was_away_is_kept_with_the_call(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket()
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    page.locator(".ring").wait_for()
    held(page)
    page.get_by_role("alert").wait_for()
    page.context.clear_cookies()
    page.unroute("**/api/**")
    enter(page, "qiu")
    expect(page.locator(".ring")).to_be_visible()
    page.goto("/phone#/mine")
    assert calls(store) == []


def test_who_logs_out_without_a_network_stays_out(pocket: Callable[..., Page]) -> None:
    page = pocket("qiu", "/phone#/mine", ".quiet")
    page.route(ASKED, lambda route: route.abort())
    page.get_by_role("button", name="退出登录").click()
    page.locator(".pocket").wait_for(state="detached")
    page.reload()
    page.locator("aside").wait_for()
    ended: list[str] = []
    page.on(
        "response", lambda one: ended.append(one.url) if one.request.method == "DELETE" and one.ok else None
    )
    page.unroute(ASKED)
    page.locator("#user").wait_for()
    assert eventually(lambda: bool(ended))
    page.reload()
    page.locator("#user").wait_for()
    expect(page.locator(".pocket")).to_have_count(0)


@pytest.mark.parametrize("closed", [True, False])
def test_an_old_call_that_is_over_stands_in_a_line_and_the_ring_below_it(
    pocket: Callable[..., Page], store: sessionmaker[Session], *, closed: bool
) -> None:
    page = pocket()
    why = None if closed else {"zh": "这个账号不能求助。", "en": "This account may not call."}
    page.evaluate(OLD, [f"{CALL}2", "wu", why, closed])
    page.reload()
    line = page.locator(".past")
    expect(line).to_contain_text("这次求助已经了结" if closed else "这个账号不能求助。")
    expect(page.locator(".ring")).to_be_visible()
    page.goto("/phone#/mine")
    bar = page.locator('.pocket > a[href="#/sos"]')
    if closed:
        expect(bar).to_have_count(0)
    else:
        expect(bar).to_contain_text("机房没收下，请打电话")
    page.goto("/phone#/sos")
    held(page)
    expect(page.get_by_text("机房已收到")).to_be_visible()
    assert len(calls(store)) == 1


def test_a_phone_whose_kept_clock_is_no_number_knows_its_person_all_the_same(
    pocket: Callable[..., Page],
) -> None:
    page = pocket("qiu", "/phone#/mine", ".quiet")
    assert eventually(lambda: page.evaluate("Number.isFinite(parseFloat(localStorage.offset))"))
    page.evaluate("localStorage.offset = 'null'")
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.locator(".pocket")).to_contain_text("邱止水")


@pytest.mark.usefixtures("keepers")
def test_nobody_next_door_is_said_to_have_heard_who_was_not_told(pocket: Callable[..., Page]) -> None:
    page = pocket("mei", "/phone#/help", "fieldset")

    def untold(route: Any) -> None:
        answer = route.fetch()
        body = answer.json()
        told = [{**line, "done": False} for line in body.get("told", [])]
        route.fulfill(response=answer, json={**body, "told": told})

    page.route("**/api/sos**", untold)
    page.route("**/api/sos/**", untold)
    page.get_by_label("有人不舒服").check()
    page.get_by_role("button", name="请邻铺来").click()
    expect(page.get_by_role("status")).to_contain_text("机房已收到")
    expect(page.locator("main li")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_the_emergency_lines_are_as_wide_as_a_finger(pocket: Callable[..., Page]) -> None:
    page = pocket("qiu", "/phone#/report", "main")
    links = page.locator('main a[href^="tel:"]')
    expect(links).to_have_count(3)
    hit = page.evaluate("parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--hit'))")
    for n in range(3):
        box = links.nth(n).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= hit


@pytest.mark.parametrize("gone", [HIDDEN, "document.activeElement.blur()"])
def test_a_bar_whose_page_was_left_is_held_no_more(
    pocket: Callable[..., Page], store: sessionmaker[Session], gone: str
) -> None:
    page = pocket("qiu", "/phone#/round", ".sosbar")
    bar = page.locator(".sosbar")
    bar.hover()
    page.mouse.down()
    expect(bar).to_contain_text("松手就取消")
    bar.evaluate(f"(bar) => {{ bar.focus(); {gone}; }}")
    assert eventually(lambda: page.evaluate("document.querySelector('.sosbar i')?.style.width === '0%'"))
    assert calls(store) == []
