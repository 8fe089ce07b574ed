"""A call for help from a phone: held, sent until the hub has it, loud while it has not, seen on the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.store.alert import Alert
from hub.store.people import Person
from hub.store.workroom import Workroom
from tests.hub.gear.listener import eventually
from tests.hub.service.turn.street import live
from tests.hub.town import MARKET
from tests.hub.web.pocket import in_every_light, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page, Request
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.pocket import Light

pytestmark = pytest.mark.screen

SOS = "**/api/sos"


@pytest.fixture
def pocket(sit: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's phone, before the red circle."""

    def at(person: str = "wu", path: str = "/phone#/sos", ready: str = ".ring", **how: Any) -> Page:
        return sit(person, path=path, ready=ready, size=(390, 844), **how)

    return at


@pytest.fixture
def keepers(store: sessionmaker[Session]) -> None:
    """The other shops of the group have phones too."""
    with store.begin() as s:
        live(s)
        for person in ("mei", "lan"):
            s.get_one(Person, person).password_hash = f"hash of {person}"


@pytest.fixture
def room(store: sessionmaker[Session]) -> None:
    """The grid's workroom has a telephone."""
    with store.begin() as s:
        words = {"name_zh": "东格工作室", "name_en": "East workroom", "spot": "南门旁"}
        s.add(Workroom(id="east-room", market=MARKET, grid="east", phone="0571 8765 4321", **words))


@pytest.fixture
def away() -> Iterator[Callable[[Page], Callable[[], None]]]:
    """No call of this page reaches the hub until what is returned is called."""
    cut: list[Page] = []

    def off(page: Page) -> Callable[[], None]:
        page.route(SOS, lambda route: route.abort())
        cut.append(page)

        def on() -> None:
            page.unroute(SOS)
            cut.remove(page)

        return on

    yield off
    for page in cut:
        page.unroute(SOS)


def press(page: Page) -> None:
    """A finger on the circle, and it stays there."""
    page.locator(".ring").hover()
    page.mouse.down()


def held(page: Page) -> None:
    """Until the ring is full."""
    press(page)
    page.locator(".ring").wait_for(state="detached")
    page.mouse.up()


def calls(store: sessionmaker[Session]) -> list[Alert]:
    with store() as s:
        return list(s.scalars(select(Alert).where(Alert.kind.in_(("panic", "help")))))


def test_three_seconds_of_holding_and_the_wall_says_who_and_where(
    pocket: Callable[..., Page], sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    wall = sit("lin")
    page = pocket("qiu")
    expect(page.locator("main")).to_contain_text("值守机房大屏")
    expect(page.locator('a[href="tel:110"]')).to_be_visible()
    held(page)
    expect(page.get_by_text("机房已收到")).to_be_visible()
    urgent = wall.locator(".p0")
    expect(urgent.locator("header")).to_contain_text("P0 紧急")
    expect(urgent.locator("header")).to_contain_text("邱止水")
    (alert,) = calls(store)
    expect(urgent.locator("header")).to_contain_text(alert.place_zh)
    assert (alert.kind, alert.severity) == ("panic", 0)
    wall.keyboard.press("a")
    expect(page.get_by_text("已接手")).to_be_visible()


def test_letting_go_leaves_no_trace(pocket: Callable[..., Page], store: sessionmaker[Session]) -> None:
    page = pocket()
    said: list[Request] = []
    page.on("request", lambda one: said.append(one) if one.method == "POST" else None)
    press(page)
    expect(page.get_by_text("继续按住")).to_be_visible()
    expect(page.locator(".ring .left")).to_contain_text("还要")
    page.mouse.up()
    expect(page.locator(".ring .left")).to_have_text("按住 3\u2009秒")
    expect(page.get_by_text("按住红圈求助")).to_be_visible()
    page.goto("/phone#/mine")
    page.goto("/phone#/sos")
    expect(page.locator(".ring")).to_be_visible()
    assert said == []
    assert calls(store) == []


def test_a_key_that_is_held_calls_too(pocket: Callable[..., Page], store: sessionmaker[Session]) -> None:
    page = pocket()
    page.locator(".ring").focus()
    page.keyboard.down("Enter")
    expect(page.get_by_text("机房已收到")).to_be_visible()
    page.keyboard.up("Enter")
    assert len(calls(store)) == 1


@pytest.mark.usefixtures("room")
def test_without_a_network_it_says_so_loudly_and_goes_on_after_the_page_was_closed(
    pocket: Callable[..., Page],
    away: Callable[[Page], Callable[[], None]],
    store: sessionmaker[Session],
) -> None:
    page = pocket()
    back = away(page)
    held(page)
    expect(page.get_by_role("alert")).to_contain_text("求助还没有发出去")
    expect(page.locator('a[href="tel:110"]')).to_be_visible()
    expect(page.locator('a[href="tel:057187654321"]')).to_contain_text("东格工作室")
    words = page.locator('a[href^="sms:057187654321?"]').get_attribute("href")
    assert words is not None
    assert "%E6%B1%82%E5%8A%A9" in words, "the text message says that help is wanted"
    expect(page.get_by_text("第 3 次")).to_be_visible()
    page.goto("/phone#/mine")
    expect(page.get_by_text("求助没发出去")).to_be_visible()
    page.reload()
    expect(page.get_by_text("求助没发出去")).to_be_visible()
    page.get_by_text("求助没发出去").click()
    expect(page.get_by_role("alert")).to_contain_text("求助还没有发出去")
    assert calls(store) == []
    back()
    expect(page.get_by_text("机房已收到")).to_be_visible()
    assert len(calls(store)) == 1


def test_an_answer_that_was_lost_on_the_way_makes_no_second_call(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket()
    lost: list[str] = []

    def swallow(route: Any) -> None:
        if len(lost) < 2:
            lost.append(route.request.post_data_json["call"])
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(SOS, swallow)
    held(page)
    expect(page.get_by_text("机房已收到")).to_be_visible()
    page.unroute(SOS)
    assert len(set(lost)) == 1
    assert len(calls(store)) == 1


@pytest.mark.usefixtures("keepers")
def test_help_next_door_reaches_the_shops_of_the_group(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket("mei", "/phone#/help", "fieldset")
    expect(page.get_by_role("button", name="请邻铺来")).to_be_disabled()
    page.get_by_label("有人不舒服").check()
    page.get_by_role("button", name="请邻铺来").click()
    expect(page.get_by_text("机房已收到")).to_be_visible()
    (alert,) = calls(store)
    assert (alert.kind, alert.group, alert.reason) == ("help", "east-1", "有人不舒服")
    other = pocket("lan", "/phone#/notices", "main li")
    expect(other.locator("main li").first).to_contain_text("C-1")
    other.get_by_role("button", name="知道了").first.click()
    expect(other.locator("main li").first).to_contain_text("已读")


@in_every_light
def test_the_call_in_every_light(
    how: Light, pocket: Callable[..., Page], away: Callable[[Page], Callable[[], None]]
) -> None:
    lang, theme = how
    page = pocket(lang=lang, theme=theme)
    page.locator("li").first.wait_for()
    shown(page, "sos", how)
    back = away(page)
    press(page)
    expect(page.locator("#sos-let-go")).to_be_visible()
    shown(page, "sos-held", how)
    page.locator(".ring").wait_for(state="detached")
    page.mouse.up()
    page.get_by_role("alert").wait_for()
    shown(page, "sos-unsent", how)
    back()
    page.locator(".box.good").wait_for()
    shown(page, "sos-taken", how)
    page.goto("/phone#/help")
    page.locator("fieldset").wait_for()
    assert eventually(lambda: page.locator("li").count() > 0)
    shown(page, "help", how)
