"""A shop's day on its phone: confirmed, ticked off, swapped with consent; kept without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from hub.store.people import Person
from hub.store.turn import Swap, Turn, TurnCheck
from tests.hub.gear.listener import eventually
from tests.hub.service.turn.street import live, turns
from tests.hub.web.pocket import in_every_light, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.pocket import Light

pytestmark = pytest.mark.screen

SAID = "**/api/phone/said"


@pytest.fixture
def week(store: sessionmaker[Session]) -> str:
    """Turns of a week; today is C-1's, whose keeper is mei. Its id."""
    with store.begin() as s:
        live(s)
        for person in ("mei", "lan"):
            s.get_one(Person, person).password_hash = f"hash of {person}"
        return next(iter(turns(s, ["c-11", "c-12", "c-10", None, "c-12", "c-11", "c-10"]).values())).id


@pytest.fixture
def pocket(sit: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's phone, with today on it."""

    def at(person: str = "mei", ready: str = ".today h1", **how: Any) -> Page:
        return sit(person, path="/phone", ready=ready, size=(390, 844), **how)

    return at


def test_a_shop_sees_its_turn_and_confirms_it(
    pocket: Callable[..., Page], week: str, store: sessionmaker[Session]
) -> None:
    page = pocket()
    expect(page.locator(".today h1")).to_contain_text("轮到你家")
    expect(page.locator("header")).to_contain_text("3 户")
    expect(page.locator("[aria-current=date]")).to_contain_text("待确认")
    page.get_by_role("button", name="确认今天到岗").click()
    expect(page.locator(".today")).to_contain_text("已确认到岗")
    expect(page.locator("[aria-current=date]")).to_contain_text("已确认")
    with store() as s:
        assert s.get_one(Turn, week).confirmed_by == "mei"


def test_what_is_ticked_without_a_network_is_kept_and_goes_by_itself(
    pocket: Callable[..., Page], week: str, store: sessionmaker[Session]
) -> None:
    page = pocket()
    page.route(SAID, lambda route: route.abort())
    page.get_by_role("button", name="确认今天到岗").click()
    expect(page.locator(".today")).to_contain_text("等网络")
    page.get_by_role("button", name="开市看一圈").click()
    page.get_by_label("哪里不正常").fill("2 号通道堆着纸箱")
    page.get_by_role("button", name="做了，记下这些").click()
    expect(page.get_by_role("button", name="开市看一圈")).to_contain_text("等网络")
    page.reload()
    expect(page.get_by_role("button", name="开市看一圈")).to_contain_text("等网络")
    page.unroute(SAID)
    expect(page.get_by_role("button", name="开市看一圈")).to_contain_text("做了")
    expect(page.get_by_role("button", name="开市看一圈")).to_contain_text("2 号通道堆着纸箱")
    with store() as s:
        assert s.get_one(Turn, week).confirmed_at is not None
        assert [(one.turn, one.item) for one in s.query(TurnCheck)] == [(week, "opening")]


def test_a_swap_counts_only_once_the_other_has_agreed(
    pocket: Callable[..., Page], week: str, store: sessionmaker[Session]
) -> None:
    page = pocket()
    page.get_by_role("button", name="来不了，找人换").click()
    expect(page.locator("main")).to_contain_text("对方点了同意才算数")
    page.locator("label", has_text="C-2").first.click()
    expect(page.locator("main")).to_contain_text("值班表、日历和提醒都会跟着改")
    page.get_by_role("button", name="发给 C-2 请他同意").click()
    expect(page.get_by_role("status").first).to_contain_text("已发给 C-2")
    page.get_by_role("button", name="回到值班").click()
    expect(page.locator(".today")).to_contain_text("换班中")
    with store() as s:
        assert s.get_one(Turn, week).shop == "c-11", "nobody has agreed yet"
    other = pocket("lan")
    expect(other.locator("main")).to_contain_text("C-1 ")
    other.get_by_role("button", name="同意换").click()
    expect(other.locator(".today h1")).to_contain_text("轮到你家")
    with store() as s:
        assert s.get_one(Turn, week).shop == "c-12"
        assert [one.state for one in s.query(Swap)] == ["agreed"]


def test_a_swap_that_was_refused_leaves_the_day(
    pocket: Callable[..., Page], week: str, store: sessionmaker[Session]
) -> None:
    page = pocket()
    page.get_by_role("button", name="来不了，找人换").click()
    page.locator("label", has_text="C-2").first.click()
    page.get_by_role("button", name="发给 C-2 请他同意").click()
    expect(page.get_by_role("status").first).to_contain_text("已发给 C-2")
    other = pocket("lan")
    other.get_by_role("button", name="不同意").click()
    expect(other.get_by_role("button", name="同意换")).to_have_count(0)
    page.goto("/phone#/today")
    page.reload()
    expect(page.locator(".today h1")).to_contain_text("轮到你家")
    with store() as s:
        assert s.get_one(Turn, week).shop == "c-11"


@pytest.mark.usefixtures("week")
def test_whoever_has_no_turn_is_told_whose_it_is(pocket: Callable[..., Page]) -> None:
    page = pocket("lan")
    expect(page.locator(".today h1")).to_contain_text("今天 C-1 轮值")
    expect(page.locator(".today")).to_contain_text("你家下一次")
    guard = pocket("qiu", ready="nav")
    guard.goto("/phone#/today")
    expect(guard.locator("main")).to_contain_text("不在轮值的商户组")


@pytest.mark.usefixtures("week")
@in_every_light
def test_today_and_the_swap_in_every_light(how: Light, pocket: Callable[..., Page]) -> None:
    lang, theme = how
    page = pocket(lang=lang, theme=theme)
    shown(page, "today", how)
    page.locator(".thing").first.click()
    page.locator(".say").wait_for()
    shown(page, "today-thing", how)
    page.locator(".today .mid").click()
    page.locator("fieldset label").first.wait_for()
    shown(page, "swap", how)
    page.locator(".foot .primary").click()
    page.locator(".sent").wait_for()
    shown(page, "swap-sent", how)
    page.goto("/phone#/today")
    assert eventually(lambda: page.locator(".today h1").count() == 1)
    shown(page, "today-swapping", how)
    other = pocket("lan", lang=lang, theme=theme)
    shown(other, "today-asked", how)
