"""The registers of the place, as a grid leader, a manager and a shop group use them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.core.glossary import Pair
from hub.service import appointment, business, component, election, workroom
from hub.service.component import Given
from hub.store.component import Component, Survey
from hub.store.election import Election
from hub.store.market import Grid, ShopGroup
from hub.store.workroom import Appointment, Workroom
from tests.hub import town
from tests.hub.town import NOON
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

TODAY = date(2026, 11, 22)
LONG_AGO = NOON - timedelta(days=100)


@pytest.fixture
def filled(store: sessionmaker[Session]) -> None:
    """Components old and faulty, a workroom that lacks something, a letter, an election, a second stall."""
    with store.begin() as s:
        zhou, shen = town.actor(s, "zhou"), town.actor(s, "shen")
        component.add(s, zhou, Given("extinguisher", "shop", "门口左侧", shop="c-10"), LONG_AGO)
        made = component.add(s, zhou, Given("hydrant", "fire", "通道口", x=40.0, y=20.0), NOON)
        s.flush()
        component.check(s, zhou, made.id, "faulty", "水带缺失", NOON)
        room = workroom.Given(Pair("东格治安工作室", "Workroom East"), "一层", "")
        workroom.put(s, shen, "east", room, NOON)
        for item in ("place", "sign", "equipment", "people"):
            workroom.tick(s, shen, "east", item, ready=True, note="", now=NOON)
        appointment.make(s, zhou, "shen", "leader", "east", (TODAY, None), NOON)
        row = election.call(s, shen, "east-1", "open", ["c-10", "c-11"], NOON)
        s.flush()
        election.decide(s, shen, row.id, {"c-10": 2, "c-11": 1}, 0, [], NOON)
        trader = business.add(s, zhou, Pair("锦程纺织", "Jincheng Textiles"), NOON)
        for shop in ("c-10", "c-30"):
            business.let(s, zhou, trader.id, shop, TODAY, NOON)
            s.flush()


@pytest.mark.usefixtures("filled")
def test_a_leader_visits_a_shop_once_and_the_next_visit_is_dashed_with_its_day(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("shen", path="/#/components", ready=".registers tbody tr")
    expect(page.locator("tbody tr").first).to_contain_text("该核查了")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="东格", exact=False).or_(
        page.get_by_role("link", name="C-0 店内")
    ).first.click()
    go = page.get_by_role("button", name="记下走访")
    expect(go).to_be_disabled()
    page.get_by_role("radio", name="完好").check()
    go.click()
    expect(page.locator(".dashed")).to_contain_text("2026‑12‑22 前不重复走访")
    expect(go).to_have_count(0)
    with store() as s:
        assert [row.by for row in s.query(Survey)] == ["shen"]


def test_a_leader_enters_a_component_beside_a_shop_and_it_is_on_the_plan(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("shen", path="/#/components/new", ready=".registers form")
    page.get_by_label("种类").last.select_option(label="消火栓")
    page.get_by_label("归谁").select_option(label="消防部门")
    page.get_by_label("哪一户").fill("c-1")
    page.get_by_role("button", name="东格 C-1", exact=True).click()
    page.get_by_label("位置").fill("通道墙上")
    expect(page.locator(".map svg.plan")).to_be_visible()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("tbody tr")).to_contain_text("消火栓")
    with store() as s:
        row = s.query(Component).one()
        assert (row.kind, row.owner, row.near, row.inside, row.x) == ("hydrant", "fire", "c-11", False, 7.5)


@pytest.mark.usefixtures("filled")
def test_what_a_workroom_lacks_is_loud_until_somebody_sees_that_it_is_there(sit: Callable[..., Page]) -> None:
    page = sit("shen", path="/#/workrooms/east", ready=".view .rows li")
    row = page.locator("tbody tr", has_text="东格")
    expect(row.locator(".late")).to_have_text(["没有值班电话", "缺"])
    page.locator(".view li", has_text="有制度").get_by_role("button", name="有", exact=True).click()
    expect(row.locator(".late")).to_have_text(["没有值班电话"])
    expect(page.locator("tbody tr", has_text="西格")).to_contain_text("没有工作室")
    expect(page.get_by_role("heading", name="登记工作室")).to_have_count(0)


def test_a_manager_appoints_and_prints_the_letter_with_its_number(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path="/#/leaders", ready=".levels .tasks")
    form = page.locator("form")
    form.get_by_label("受聘人").select_option(label="陶然")
    form.get_by_label("网格").select_option(label="西格")
    form.get_by_role("textbox", name="起", exact=True).fill("2026-11-22")
    form.get_by_role("button", name="聘任，出聘书").click()
    expect(page.locator(".levels")).to_contain_text("陶然")
    page.get_by_role("link", name="2026-0001").click()
    letter = page.locator("article")
    expect(letter).to_contain_text("编号 2026-0001")
    expect(letter).to_contain_text("兹聘任你为运达市场西格网格长")
    page.emulate_media(media="print")
    expect(page.locator(".tabs")).to_be_hidden()
    expect(letter).to_be_visible()
    with store() as s:
        assert s.query(Appointment).one().person == "tao"
        assert s.get_one(Grid, "west").leader == "tao"


def test_a_group_elects_and_equal_votes_ask_for_the_lot(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("wu", path="/#/groups/east-1", ready=".view form")
    for shop in ("C-0", "C-1"):
        page.get_by_role("checkbox", name=shop, exact=True).check()
    page.get_by_role("button", name="开始选举").click()
    page.get_by_label("C-0 得票").fill("1")
    page.get_by_label("C-1 得票").fill("1")
    page.get_by_label("空白、废票").fill("1")
    page.get_by_label("第 1 个抽出").select_option(label="C-1")
    page.get_by_label("第 2 个抽出").select_option(label="C-0")
    page.get_by_role("button", name="录入结果（3 / 3 票）").click()
    expect(page.locator(".election")).to_contain_text("同票抽签")
    expect(page.locator("tbody tr.picked")).to_contain_text("任期内")
    with store() as s:
        assert s.query(Election).one().centre == s.get_one(ShopGroup, "east-1").centre == "c-11"


@pytest.mark.usefixtures("filled")
def test_a_business_with_two_stalls_is_in_both_leaders_lists(sit: Callable[..., Page]) -> None:
    page = sit("zhou", path="/#/businesses", ready=".registers tbody tr")
    page.locator("tbody a").first.click()
    expect(page.locator(".view")).to_contain_text("东格 · 西格 都管，东格 为主")
    page.locator(".view li", has_text="C-6").get_by_role("button", name="设为主铺").click()
    expect(page.locator(".view")).to_contain_text("西格 · 东格 都管，西格 为主")
    tao = sit("tao", path="/#/businesses", ready=".registers tbody tr")
    expect(tao.locator("tbody")).to_contain_text("锦程纺织")
    assert tao.get_by_role("button", name="退租").count() == 0


PAGES = {
    "components": "tbody tr",
    "components/new": "form",
    "premises/c-10": "form",
    "businesses": "tbody tr",
    "groups/east-1": ".election",
    "workrooms/east": ".view .rows li",
    "leaders": ".tasks",
}


@pytest.mark.long
@pytest.mark.usefixtures("filled")
@in_every_look
def test_the_registers_at_their_real_sizes(
    how: Look, sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    size, lang, theme = how
    with store() as s:
        letter = s.query(Appointment).one().id
        assert s.query(Workroom).count() == 1
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/components", ready=".registers tbody tr")
    for path, ready in (PAGES | {f"leaders/{letter}": "article"}).items():
        page.goto(f"/#/{path}")
        page.locator(f".registers {ready}").first.wait_for()
        page.wait_for_timeout(200)
        look(page, f"registers-{path.split('/')[0]}-{named(how)}")
