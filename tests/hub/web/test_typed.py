"""What somebody has typed stays when the hub cannot take it, and goes once it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

pytestmark = pytest.mark.screen

AWAY = "ALTER TABLE line RENAME TO line_away"
BACK = "ALTER TABLE line_away RENAME TO line"


@pytest.fixture
def case(alarm: Callable[..., str], sit: Callable[..., Page]) -> Page:
    """Somebody on the page of a case that was made of an alert."""
    alarm("intrusion")
    page = sit()
    page.locator(".pick").wait_for()
    page.keyboard.press("a")
    expect(page.locator(".said")).to_contain_text("已确认并立案")
    page.keyboard.press("o")
    page.locator(".stages .now").wait_for()
    return page


def test_a_note_that_the_database_cannot_take_stays_in_its_field(
    case: Page, store: sessionmaker[Session]
) -> None:
    case.get_by_role("button", name="加一条").click()
    words = case.locator("form textarea")
    words.fill("门锁被撬，现场保留")
    with store.begin() as session:
        session.execute(text(AWAY))
    case.locator("form [type=submit]").click()
    expect(case.locator("li [role=alert]")).to_contain_text("数据库暂时不可用")
    expect(words).to_have_value("门锁被撬，现场保留")
    with store.begin() as session:
        session.execute(text(BACK))
    case.locator("form [type=submit]").click()
    expect(case.locator(".tl")).to_contain_text("门锁被撬，现场保留")


def test_the_board_keeps_its_cards_and_says_how_old_they_are(
    case: Page, store: sessionmaker[Session]
) -> None:
    case.goto("/#/cases")
    expect(case.locator(".board a")).to_have_count(1)
    with store.begin() as session:
        session.execute(text('ALTER TABLE "case" RENAME TO case_away'))
    case.locator("[type=search]").fill("C")
    expect(case.locator(".note[role=alert]")).to_contain_text("下面是")
    expect(case.locator(".board a")).to_have_count(1)
    expect(case.locator("[type=search]")).to_have_value("C")
    with store.begin() as session:
        session.execute(text('ALTER TABLE case_away RENAME TO "case"'))
    case.locator(".note button").click()
    expect(case.locator(".note[role=alert]")).to_have_count(0)


def test_a_log_in_that_finds_no_hub_keeps_the_name_and_says_so(
    sit: Callable[..., Page], served: Served
) -> None:
    page = sit("lin")
    page.context.clear_cookies()
    page.reload()
    page.locator("#user").fill("lin")
    page.locator("#password").fill("lin")
    served.stop()
    page.keyboard.press("Enter")
    expect(page.locator("form [role=alert]")).to_contain_text("连不上机房")
    expect(page.locator("#user")).to_have_value("lin")
    served.begin()
    page.keyboard.press("Enter")
    page.locator("#queue-head").wait_for()
