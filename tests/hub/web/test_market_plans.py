"""A plan at its page: drawn by hand, read as a list of changes, handed in, decided by another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.store.placement import Placement
from hub.store.plan import Plan, PlanChange
from tests.hub.town import NOON
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

GROUND = ".frame-of-plan svg.plan"
GROUP = "C-3，C-4，C-5"
"""All of the second group of the eastern grid."""


def begin(page: Page) -> None:
    """A draft by hand, open for moves."""
    page.keyboard.press("e")
    page.locator("dialog [type=radio][value=hand]:checked").wait_for()
    page.locator("dialog .primary").click()
    page.locator(".find input").wait_for()


def pick(page: Page, words: str) -> None:
    """Shops by their numbers; the page stays in the hands of the keyboard."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.locator("h1").click()


def moved(page: Page) -> None:
    """The group moved to the western grid, by keys."""
    begin(page)
    pick(page, GROUP)
    expect(page.locator(".picked")).to_contain_text("3")
    page.keyboard.press("m")
    page.keyboard.press("2")
    expect(page.locator(".beside .primary").first).to_be_enabled()
    page.keyboard.press("Enter")
    page.locator(".picked", has_text=re.compile("还没选|No shop")).wait_for()


@pytest.fixture
def desk(sit: Callable[..., Page]) -> Page:
    """The manager before the plan of the ground."""
    return sit("zhou", path="/#/market", ready=GROUND)


def changes(store: sessionmaker[Session]) -> set[str]:
    with store() as session:
        return set(session.scalars(select(PlanChange.shop)))


def test_what_a_move_breaks_is_said_before_it_is_made(desk: Page, store: sessionmaker[Session]) -> None:
    begin(desk)
    pick(desk, "C-5")
    desk.keyboard.press("m")
    desk.keyboard.press("2")
    expect(desk.locator(".rules").first).to_be_visible()
    expect(desk.locator(".rules p").first).not_to_contain_text("正在看")
    assert changes(store) == set()


def test_a_move_by_keys_is_taken_back_by_one_key(desk: Page, store: sessionmaker[Session]) -> None:
    moved(desk)
    assert changes(store) == {"c-20", "c-21", "c-22"}
    expect(desk.locator(".foot")).to_contain_text("要换 3")
    desk.keyboard.press("z")
    expect(desk.get_by_role("status").filter(has_text="已撤回")).to_have_count(1)
    assert changes(store) == set()


def test_shops_are_picked_with_the_mouse_one_by_one_and_in_an_area(desk: Page) -> None:
    begin(desk)
    ground = desk.locator(GROUND)
    box = ground.bounding_box()
    assert box is not None
    ground.click(position={"x": box["width"] * 0.12, "y": box["height"] * 0.35})
    expect(desk.locator(".picked")).to_contain_text("已选 1 户")
    desk.keyboard.press("b")
    desk.mouse.move(box["x"] + 5, box["y"] + box["height"] * 0.1)
    desk.mouse.down()
    desk.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] * 0.9, steps=4)
    desk.mouse.up()
    expect(desk.locator(".picked")).to_contain_text("已选 12 户")
    desk.keyboard.press("Escape")
    expect(desk.locator(".picked")).to_contain_text("还没选铺位")


def test_nobody_approves_what_they_drew_and_another_does(
    desk: Page, sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    moved(desk)
    desk.keyboard.press("l")
    dialog = desk.locator("dialog")
    expect(dialog.locator(".chg tbody tr")).to_have_count(1)
    expect(dialog.locator(".chg tbody tr")).to_contain_text("C-3")
    expect(dialog.locator(".chg tbody tr")).to_contain_text("西格")
    expect(dialog).to_contain_text("在办案件仍归原网格办完")
    desk.emulate_media(media="print")
    expect(dialog.locator(".chg")).to_be_visible()
    expect(desk.locator(GROUND)).to_be_hidden()
    desk.emulate_media(media="screen")
    with desk.expect_download() as given:
        dialog.get_by_role("button", name="导出清单").click()
    assert "C-3" in given.value.path().read_text(encoding="utf-8-sig")
    dialog.get_by_role("button", name="提交批准").click()
    expect(dialog.locator(".next")).to_contain_text("已提交，等另一个人批准")
    expect(dialog.get_by_role("button", name="批准", exact=True)).to_have_count(0)
    with store() as session:
        plan = session.scalars(select(Plan)).one()
        assert (plan.state, plan.submitted_by) == ("submitted", "zhou")
    other = sit("jia", path=f"/#/market/{plan.id}", ready=GROUND)
    other.get_by_role("button", name="看改动清单，再批准").click()
    other.locator("dialog").get_by_role("button", name="批准", exact=True).click()
    expect(other.locator("dialog .next")).to_contain_text("零点自动生效")
    with store() as session:
        assert session.get_one(Plan, plan.id).decided_by == "jia"
        assert session.scalars(select(Placement.shop).where(Placement.version == plan.id)).all() == []


def test_who_turns_a_plan_down_says_why(
    desk: Page, sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    moved(desk)
    desk.keyboard.press("l")
    desk.locator("dialog").get_by_role("button", name="提交批准").click()
    expect(desk.locator("dialog .next")).to_contain_text("已提交，等另一个人批准")
    with store() as session:
        plan = session.scalars(select(Plan.id)).one()
    other = sit("jia", path=f"/#/market/{plan}", ready=GROUND)
    other.keyboard.press("l")
    other.locator("dialog").get_by_role("button", name="不批准").click()
    other.locator("dialog .ask input").fill("西格人手不够")
    other.locator("dialog .ask .primary").click()
    expect(other.locator("dialog .next")).to_contain_text("没批准：西格人手不够")


def test_a_draft_is_discarded_only_after_it_is_said_what_is_lost(
    desk: Page, store: sessionmaker[Session]
) -> None:
    moved(desk)
    desk.keyboard.press("l")
    dialog = desk.locator("dialog")
    dialog.get_by_role("button", name="扔掉草稿").click()
    expect(dialog.locator(".ask")).to_contain_text("市场不变")
    dialog.locator(".ask .primary").click()
    expect(dialog).to_have_count(0)
    expect(desk.locator(".day")).to_be_visible()
    with store() as session:
        assert session.scalars(select(Plan)).all() == []


def test_a_solver_at_work_says_how_far_it_is_and_can_be_stopped(
    desk: Page, store: sessionmaker[Session]
) -> None:
    moved(desk)
    with store.begin() as session:
        plan = session.scalars(select(Plan)).one()
        plan.job = {
            "state": "running",
            "stage": "grids",
            "seconds": 37.0,
            "at": NOON.isoformat(),
            "best": 48210.0,
            "bound": 47246.0,
            "share": 0.4,
        }
        address = f"/#/market/{plan.id}"
    desk.goto("/#/market")
    desk.goto(address)
    job = desk.locator(".job")
    for words in ("划网格", "40", "48,210", "47,246", "2.00"):
        expect(job).to_contain_text(words)
    job.get_by_role("button", name="停下，用现在最好的").click()
    expect(job.get_by_role("button")).to_be_enabled()
    with store() as session:
        assert session.scalars(select(Plan.stop)).one()


@pytest.mark.long
@in_every_look
def test_a_plan_at_its_real_sizes(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/market", ready=GROUND)
    page.keyboard.press("p")
    page.locator("dialog form").wait_for()
    look(page, f"market-new-{named(how)}")
    page.keyboard.press("Escape")
    moved(page)
    pick(page, "C-0")
    page.keyboard.press("m")
    page.keyboard.press("2")
    page.locator(".rules").first.wait_for()
    look(page, f"market-edit-{named(how)}")
    page.keyboard.press("l")
    page.locator("dialog .chg").wait_for()
    look(page, f"market-changes-{named(how)}")
