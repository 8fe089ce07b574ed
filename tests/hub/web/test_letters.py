"""Dead letters as whoever looks after the hub meets them: why, what was sent, and what can be done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.service import letter as letters
from hub.store.device import DeadLetter
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

MARKUP = b'{"v":"1.0","note":"<img src=x onerror=\\"document.title=1\\"><b>bold</b>"}'
IDS = [f"0198a000-0000-7000-8000-00000000000{n}" for n in range(3)]
PICKED = ".view h2"


@pytest.fixture
def dead(store: sessionmaker[Session]) -> list[str]:
    """Three dead letters, the oldest first."""
    said = (
        ("edge-1", "event", "event: unknown field 'speed'", MARKUP),
        (None, "sos", "device edge-9 is unknown", b"\xff\xfe not even text"),
        ("edge-2", "beat", "not a message of this version: " + "long reason " * 20, b""),
    )
    with store.begin() as session:
        for number, (device, kind, reason, payload) in enumerate(said):
            session.add(
                DeadLetter(
                    id=IDS[number],
                    market=MARKET,
                    device=device,
                    topic=f"lf/v1/{MARKET}/{device or 'edge-9'}/{kind}",
                    reason=reason,
                    payload=payload,
                    size=len(payload),
                    received_at=NOON + timedelta(minutes=number),
                )
            )
    return IDS


@pytest.fixture
def page(dead: list[str], sit: Callable[..., Page]) -> Page:
    """The administrator before the list."""
    assert dead
    return sit("ji", path="/#/letters", ready="tbody tr")


def states(store: sessionmaker[Session]) -> list[str]:
    with store() as session:
        return [session.get_one(DeadLetter, id_).state for id_ in IDS]


def test_a_dead_letter_says_why_and_shows_what_was_sent_as_text(page: Page) -> None:
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody tr").nth(1)).to_contain_text("不知道是谁求救device edge-9 is unknown")
    expect(page.locator(".view")).to_contain_text("没有内容")
    page.keyboard.press("j")
    expect(page.locator("pre")).to_contain_text("\\xff\\xfe not even text")
    page.keyboard.press("j")
    expect(page.locator(PICKED).first).to_have_text("edge-1 · 事件")
    expect(page.locator("pre")).to_contain_text('<img src=x onerror=\\"document.title=1\\"><b>bold</b>')
    assert page.locator("pre *").count() == 0
    expect(page).to_have_title("坏信 · 联防")


def test_a_letter_that_is_taken_again_says_what_became_of_it(
    page: Page, store: sessionmaker[Session]
) -> None:
    for _ in range(2):
        page.keyboard.press("j")
    expect(page.locator(PICKED).first).to_have_text("edge-1 · 事件")
    page.keyboard.press("r")
    expect(page.locator(".standing")).to_contain_text("正在再收 计明")
    with store.begin() as session:
        letters.tried(session, session.get_one(DeadLetter, IDS[0]), "still unknown field 'speed'", NOON)
    expect(page.locator(".standing")).to_contain_text("还是收不进来")
    expect(page.locator(".view .why")).to_have_text("still unknown field 'speed'")
    page.keyboard.press("r")
    expect(page.locator(".standing")).to_contain_text("正在再收")
    with store.begin() as session:
        letters.tried(session, session.get_one(DeadLetter, IDS[0]), "", NOON)
    expect(page.locator(".standing")).to_contain_text("收进来了")
    expect(page.locator("tbody tr").nth(2)).to_contain_text("收进来了")
    expect(page.locator(".states [aria-pressed=true]")).to_have_text("待处理 2")


def test_a_letter_that_is_set_aside_keeps_its_place_until_the_list_is_left(
    page: Page, store: sessionmaker[Session]
) -> None:
    page.keyboard.press("x")
    expect(page.locator(".standing")).to_contain_text("已搁置")
    assert states(store) == ["open", "open", "dropped"]
    expect(page.locator("tbody tr")).to_have_count(3)
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(page.locator(PICKED).first).to_contain_text("求救")
    assert states(store) == ["open", "open", "dropped"]
    page.locator(".states button", has_text="已搁置").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("edge-2")


@pytest.mark.usefixtures("dead")
def test_who_may_only_look_sees_why_and_whom_to_ask(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhu", path="/#/letters", ready="tbody tr")
    expect(page.locator(".acts button:disabled")).to_have_count(2)
    expect(page.locator(".acts")).to_contain_text("由系统管理员做")
    page.keyboard.press("x")
    assert states(store) == ["open"] * 3


def test_no_dead_letter_is_said_with_the_time_of_the_look(sit: Callable[..., Page]) -> None:
    page = sit("ji", path="/#/letters", ready=".note")
    expect(page.locator(".note")).to_contain_text("没有坏信：设备发来的都收进来了")
    expect(page.locator(".note")).to_contain_text("查过")


def test_who_has_no_wall_begins_where_his_own_work_is(sit: Callable[..., Page]) -> None:
    page = sit("ji", ready="h1:has-text('设备')")
    expect(page.locator("nav a")).to_have_text(
        ["市场与覆盖", "值班", "巡逻", "防区", "设备", "坏信", "登记", "人员"]
    )
    page.get_by_role("link", name="坏信").click()
    expect(page.locator("h1")).to_have_text("坏信")


def test_a_page_is_offered_to_nobody_whose_it_is_not(sit: Callable[..., Page]) -> None:
    page = sit("qiu", path="/#/cases", ready="h1")
    expect(page.locator("nav a")).to_have_text(["值守", "值班", "巡逻", "案件", "登记", "人员"])
