"""Signing in as it is met at a screen: what is owed, an empty hub, a phone by its code, a wall by PIN."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import expect

from hub.gear.oidc import Oidc
from hub.store.people import Person
from tests.hub.api.conftest import Hands
from tests.hub.gear import provider as providers
from tests.hub.gear.provider import CLIENT, SECRET
from tests.hub.town import NOON
from tests.hub.web.conftest import Served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts

pytestmark = pytest.mark.screen

WEAK, GOOD = "12345678", "mulberry ferry lantern"


@pytest.fixture
def strict(parts: Parts) -> Iterator[Served]:
    """The app where a second factor is owed."""
    app = Served(replace(parts, lenient=False))
    app.begin()
    yield app
    app.stop()


def log_in(page: Page, user: str, password: str) -> None:
    page.get_by_label("用户名").fill(user)
    page.get_by_label("密码").fill(password)
    page.keyboard.press("Enter")


def test_an_administrator_sets_up_a_factor_and_a_new_password_and_needs_a_code_from_then_on(
    browser: Browser, strict: Served, store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Person, "ji").must_change = True
    page = browser.new_context(base_url=strict.url).new_page()
    page.set_default_timeout(8_000)
    page.goto("/")
    log_in(page, "ji", "ji")
    page.get_by_role("button", name="显示二维码").click()
    image = page.get_by_role("img", name="验证器的二维码")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.complete && image.naturalWidth > 100")
    totp = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("验证器上现在的").fill(totp.at(NOON))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()
    page.get_by_role("button", name="已收好").click()
    page.get_by_label("新密码").fill(GOOD)
    page.get_by_label("再输一遍").fill("something else")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("两遍不一样")
    page.get_by_label("新密码").fill(WEAK)
    page.get_by_label("再输一遍").fill(WEAK)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("至少 10 个字符")
    page.get_by_label("新密码").fill(GOOD)
    page.get_by_label("再输一遍").fill(GOOD)
    page.keyboard.press("Enter")
    page.locator("h1", has_text="设备").wait_for()
    page.context.clear_cookies()
    page.reload()
    log_in(page, "ji", GOOD)
    page.get_by_label("验证码或备用码").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    page.get_by_label("验证码或备用码").fill(recovery)
    page.keyboard.press("Enter")
    page.locator("h1", has_text="设备").wait_for()
    page.goto("/#/me")
    expect(page.locator("main")).to_contain_text("备用码还剩 9 个")
    page.context.close()


def test_the_first_page_of_an_empty_hub_makes_its_administrator(
    browser: Browser, served: Served, store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.query(Person).update({"login": None})
    page = browser.new_context(base_url=served.url).new_page()
    page.set_default_timeout(8_000)
    page.goto("/")
    for label, value in {
        "设置码": "abcd efgh 0000",
        "市场名称（中文）": "新市场",
        "市场名称（英文）": "New Market",
        "管理员姓名（中文）": "王安",
        "管理员姓名（拼音）": "Wang An",
        "用户名": "wang",
        "时区": "Asia/Shanghai",
        "新密码": GOOD,
    }.items():
        page.get_by_label(label).fill(value)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("设置码不对")
    page.get_by_label("设置码").fill("abcd-efgh-2345")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("王安 现在可以登录")
    log_in(page, "wang", GOOD)
    page.locator(".who").wait_for()
    page.context.close()


def test_the_organisations_own_log_in_is_a_button_and_who_is_unknown_there_reads_what_to_do(
    browser: Browser, parts: Parts, store: sessionmaker[Session]
) -> None:
    assert isinstance(parts.clock, Hands)
    parts.clock.at = datetime.now(UTC)
    with providers.running() as provider:
        app = Served(replace(parts, oidc=Oidc(provider.issuer, CLIENT, SECRET)))
        app.begin()
        page = browser.new_context(base_url=app.url).new_page()
        page.set_default_timeout(8_000)
        page.goto("/")
        page.get_by_role("link", name="用单位统一账号登录").click()
        expect(page.get_by_role("alert")).to_contain_text("管理员")
        page.get_by_label("密码").wait_for()
        assert "oidc" not in page.url
        with store.begin() as s:
            s.get_one(Person, "lin").subject = provider.subject
        page.get_by_role("link", name="用单位统一账号登录").click()
        page.locator("#queue-head").wait_for()
        page.context.close()
        app.stop()


def test_a_shop_keepers_phone_comes_in_by_one_scan_and_its_cookie_is_worth_nothing_elsewhere(
    browser: Browser, served: Served, sit: Callable[..., Page]
) -> None:
    centre = sit("wu", path="/#/phones/li", ready=".view .who")
    with centre.expect_response("**/api/phones") as answered:
        centre.get_by_role("button", name="出示开通码").click()
    expect(centre.get_by_role("img", name="给 李商 开通手机的二维码")).to_be_visible()
    phone = browser.new_context(base_url=served.url, viewport={"width": 390, "height": 844})
    page = phone.new_page()
    page.set_default_timeout(8_000)
    page.goto(answered.value.json()["url"])
    page.clock.set_fixed_time(NOON)
    page.get_by_role("button", name="开通").wait_for()
    assert "#" not in page.url
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_role("status").first).to_contain_text("已开通：李商")
    page.get_by_role("link", name="开始使用").click()
    page.locator(".pocket nav a").first.wait_for()
    assert page.url.endswith("/phone")
    expect(centre.get_by_role("status").first).to_contain_text("已开通", timeout=8_000)
    page.goto("/#/me")
    expect(page.locator(".rows")).to_contain_text("就是这里")
    thief = browser.new_context(base_url=served.url)
    stolen = next(one for one in phone.cookies() if one["name"] == "lf_session")
    thief.add_cookies([{"name": "lf_session", "value": stolen["value"], "url": served.url}])
    other = thief.new_page()
    other.goto("/")
    expect(other.get_by_role("alert")).to_contain_text("此手机未开通")
    centre.get_by_role("button", name="停用").click()
    expect(centre.locator(".rows")).to_contain_text("还没有开通的手机")
    page.reload()
    page.get_by_label("密码").wait_for()
    for context in (phone, thief):
        context.close()


def test_a_display_shows_and_an_act_there_is_somebodys_own(
    sit: Callable[..., Page], alarm: Callable[..., str], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Person, "lin").pin_hash = "hash of 482913"
    alarm()
    page = sit("zhou", path="/#/displays", ready="main form")
    page.get_by_label("大屏叫什么").fill("值班室大屏")
    page.get_by_role("button", name="设为大屏").click()
    page.locator("#queue [data-alert]").first.wait_for()
    page.get_by_role("button", name="签到").wait_for()
    page.keyboard.press("a")
    pad = page.get_by_role("dialog", name="签到后操作")
    pad.get_by_label("红袖标号或用户名").fill("0204")
    for digit in "482914":
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name="签到").click()
    expect(pad.get_by_role("alert")).to_contain_text("PIN 不对")
    pad.get_by_label("PIN", exact=True).fill("482913")
    page.keyboard.press("Enter")
    expect(pad).to_have_count(0)
    expect(page.locator(".said").first).to_contain_text("已确认并立案")
    expect(page.locator(".at")).to_contain_text("林晓")
    page.keyboard.press("q")
    expect(page.locator(".at")).not_to_contain_text("林晓")
    page.locator("#queue-head").wait_for()
