"""The pages about people, as an administrator, a manager and a coordinator use them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.service import armband, care, grants, staff
from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from hub.store.staff import Access, CareVisit
from tests.hub import town
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

TODAY = date(2026, 11, 22)


@pytest.fixture
def filled(store: sessionmaker[Session]) -> None:
    """Staff with certificates, armbands in every state, and a grant that waits."""
    with store.begin() as s:
        ji = town.actor(s, "ji")
        for who, post, ends in (
            ("lin", "monitor", TODAY + timedelta(days=400)),
            ("ren", "monitor", TODAY - timedelta(days=1)),
            ("qiu", "guard", TODAY + timedelta(days=9)),
        ):
            staff.put(s, ji, who, post, "运达物业", (date(2025, 1, 1), None), NOON)
            staff.certify(s, ji, who, "cctv", (date(2025, 1, 1), ends), NOON)
        s.get_one(Person, "tao").armband = None
        armband.add(s, ji, ["0301", "0302", "0303", "0304"], NOON)
        armband.issue(s, ji, "0301", "tao", NOON)
        armband.turn(s, ji, "0302", "lose", NOON)
        grants.propose(s, ji, "tao", "monitor", MARKET, NOON)
        care.begin(s, town.actor(s, "shen"), "c-10", "独自看店，每天下午看一眼", TODAY, NOON)


@pytest.mark.usefixtures("filled")
def test_a_grant_is_approved_by_another_and_taken_after_saying_what_that_changes(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    admin = sit("ji", path="/#/people", ready=".rows")
    expect(admin.get_by_role("button", name="批准", exact=True)).to_be_disabled()
    expect(admin.locator(".rows").first).to_contain_text("须由提议人和本人以外")
    page = sit("zhou", path="/#/people", ready=".rows")
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.locator(".waiting")).to_have_count(0)
    admin.goto("/#/people/tao")
    row = admin.locator(".view .rows li", has_text="监控员 · 运达市场")
    row.get_by_role("button", name="收回").click()
    asked = admin.get_by_role("group", name="收回")
    expect(asked).to_contain_text("马上生效")
    asked.get_by_role("button", name="收回").click()
    expect(row).to_have_count(0)
    with store() as s:
        assert [grant.role for grant in s.query(Grant).filter(Grant.person == "tao")] == ["guard"]


def test_who_can_see_camera_1_and_why(sit: Callable[..., Page]) -> None:
    page = sit("zhou", path="/#/rights", ready="main form")
    page.get_by_role("button", name="谁能做").click()
    row = page.locator("tbody tr", has_text="林晓")
    expect(row).to_contain_text("监控员 · 运达市场")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="林晓 能做什么")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("看实时画面")


def test_a_contact_is_looked_up_for_a_purpose_that_is_registered_first(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path="/#/contacts", ready="main input")
    page.get_by_label("哪一户").fill("c-1")
    page.get_by_role("button", name="东格 C-1", exact=True).click()
    page.get_by_label("查询用途").fill("夜间漏水，通知负责人")
    page.get_by_role("button", name="登记并查询").click()
    expect(page.locator(".note")).to_contain_text("还没有登记联系人")
    page.get_by_label("姓名").fill("李商")
    page.get_by_label("电话").fill("0571 8765 4321")
    page.get_by_role("button", name="登记，替换原来的").click()
    expect(page.get_by_role("status").last).to_contain_text("已登记")
    page.get_by_role("button", name="登记并查询").click()
    expect(page.get_by_role("link", name="0571 8765 4321")).to_have_attribute("href", "tel:057187654321")
    with store() as s:
        assert {row.purpose for row in s.query(Access)} == {"夜间漏水，通知负责人"}
    page.goto("/#/register")
    page.get_by_role("button", name="查登记").click()
    expect(page.locator("tbody tr").first).to_contain_text("夜间漏水，通知负责人")


@pytest.mark.usefixtures("filled")
def test_an_armband_is_issued_and_anybody_may_check_its_number_but_not_the_name(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Person, "jiang").armband = None
    page = sit("ji", path="/#/armbands", ready="main tbody tr")
    row = page.locator("tbody tr", has_text="0303")
    row.get_by_role("button", name="发放").click()
    row.get_by_label("0303 发给谁").select_option(label="江临")
    row.locator("form").get_by_role("button", name="发放").click()
    expect(row).to_contain_text("江临")
    page.context.clear_cookies()
    page.goto(f"/b/{MARKET}/0303")
    expect(page.locator("dl")).to_contain_text("保安")
    expect(page.locator("dl")).to_contain_text("东格")
    assert "江临" not in page.content()
    page.goto(f"/b/{MARKET}/0302")
    expect(page.get_by_role("alert")).to_contain_text("没有在用的这个编号")


def test_a_shop_keeper_asks_for_visits_with_a_tick_and_ends_them_with_one_press(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Grant, "li-shop").node = f"{MARKET}/east/east-1/c-10"
    page = sit("li", path="/#/care", ready="main form")
    page.get_by_label("看什么").fill("独自看店，每天下午来看一眼")
    expect(page.get_by_role("button", name="登记走访")).to_be_disabled()
    page.get_by_label("我同意走访").check()
    page.get_by_role("button", name="登记走访").click()
    row = page.locator(".rows li")
    expect(row).to_contain_text("独自看店")
    leader = sit("shen", path="/#/care", ready=".rows li")
    expect(leader.locator(".rows li")).to_contain_text("同意，走访到")
    row.get_by_role("button", name="结束走访").click()
    expect(row).to_have_count(0)
    with store() as s:
        assert [visit.withdrawn_at for visit in s.query(CareVisit)] == [NOON]


def test_an_administrator_of_every_market_of_a_street_gives_a_right_at_the_street(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.add(Area(id="east-street", kind="street", parent=None, name_zh="东街道", name_en="East Street"))
        s.flush()
        s.get_one(Market, MARKET).area = "east-street"
        s.delete(s.get_one(Grant, "zhou-manager"))
        s.get_one(Grant, "jia-district").node = "@east-street"
    page = sit("ji", path="/#/people/tao", ready=".view form")
    page.get_by_label("身份").select_option(label="审计员")
    page.get_by_label("范围").select_option(label="东街道（街道）")
    expect(page.locator(".view form").first).to_contain_text("下面每个市场都算")
    page.get_by_role("button", name="提议").click()
    expect(page.get_by_role("status").first).to_contain_text("等批准")
    officer = sit("jia", path="/#/people", ready=".waiting")
    expect(officer.locator(".waiting")).to_contain_text("陶然")
    officer.get_by_role("button", name="批准", exact=True).click()
    expect(officer.locator("main")).to_contain_text("没有等批准的授权")
    with store() as s:
        held = [(row.role, row.node) for row in s.query(Grant).filter(Grant.person == "tao")]
    assert ("auditor", "@east-street") in held


def test_a_lapsed_certificate_is_as_loud_as_what_it_takes_away(
    sit: Callable[..., Page], filled: None
) -> None:
    assert filled is None
    page = sit("ji", path="/#/staff", ready="main tbody tr")
    row = page.locator("tbody tr", has_text="任重")
    expect(row.locator(".late").first).to_have_text("不能看画面")
    row.get_by_role("link").click()
    page.get_by_label("止").last.fill("2030-01-01")
    page.locator("form").last.get_by_role("button", name="登记").click()
    expect(row.locator(".late")).to_have_count(1)
    expect(row).not_to_contain_text("不能看画面")
