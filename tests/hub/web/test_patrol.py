"""The patrol page, as a grid leader, a manager and a monitor use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service.patrol import code
from hub.store.patrol import Checkpoint, CheckpointCode, PatrolPlan
from tests.hub.gear.listener import eventually
from tests.hub.service.patrol.beat import KEY, MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.town import NOON
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts

pytestmark = pytest.mark.screen
ROWS = ".registers tbody tr"


@pytest.fixture(autouse=True)
def walked(parts: Parts, store: sessionmaker[Session]) -> None:
    """A round at noon past four points, two of which were reached and one not, and one in the evening."""
    for made in (parts.sessions, parts.readings, store):
        made.configure(info={code.KEY: KEY})
    with store.begin() as s:
        points = hang(s, 4)
        planned(s, points, times=("12:00", "20:00"))
        noon = rounds(s, NOON)[0]
        for minute, one in enumerate(points[:2]):
            scan(s, sign(s, one), NOON + minute * MINUTE, round=noon.id)
        skip = {"round": noon.id, "checkpoint": points[2].id, "reason": "locked", "note": "", "photo": None}
        assert say(s, "skip", skip, NOON + 2 * MINUTE).state == "taken"


def test_a_round_shows_its_order_once_it_is_walked_and_not_before(sit: Callable[..., Page]) -> None:
    page = sit("shen", path="/#/patrol", ready=ROWS)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("2/4")
    page.keyboard.press("j")
    view = page.locator(".view")
    expect(view.locator("ol li")).to_have_count(4)
    expect(view).to_contain_text("门锁着")
    expect(view).to_contain_text("抽签种子")
    page.keyboard.press("j")
    expect(view).to_contain_text("事先谁也不知道")
    expect(view.locator("ol")).to_have_count(0)


def test_a_leader_presses_the_plan_to_enter_a_point(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("shen", path="/#/patrol/points", ready=ROWS)
    page.get_by_role("button", name="登记巡更点").click()
    page.locator(".map svg.plan").click()
    expect(page.get_by_label("横坐标（米）")).not_to_have_value("")
    page.get_by_label("名称（中文）").fill("东门岗亭")
    page.get_by_label("名称（英文）").fill("East gate")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.locator("tbody")).to_contain_text("东门岗亭")

    def entered() -> bool:
        with store() as s:
            return "东门岗亭" in s.scalars(select(Checkpoint.name_zh)).all()

    assert eventually(entered)


def test_new_signs_are_made_only_after_it_was_said_that_the_old_are_void(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    def serials() -> list[int]:
        with store() as s:
            return sorted(s.scalars(select(CheckpointCode.serial)))

    before = serials()
    page = sit("zhou", path="/#/patrol/points", ready=ROWS)
    page.get_by_label("网格").select_option(label="东格")
    page.get_by_role("button", name="换新码牌").click()
    expect(page.locator(".ask")).to_contain_text("旧码牌马上作废")
    assert serials() == before
    page.get_by_role("button", name="换码牌，再打印").click()
    expect(page.get_by_role("status").filter(has_text="新码牌已备好")).to_be_visible()
    assert eventually(lambda: serials() != before)
    expect(page.get_by_role("link", name="打印码牌")).to_be_visible()


def test_a_plan_is_changed_and_its_way_worked_out(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path="/#/patrol/plans", ready=ROWS)
    page.locator("tbody button").first.click()
    page.get_by_label("几点开始").fill("09:30 21:00")
    page.get_by_role("button", name="算路线并保存").click()
    expect(page.locator("tbody")).to_contain_text("09:30 21:00")
    expect(page.get_by_role("status").filter(has_text="已登记")).to_be_visible()

    def times() -> list[str]:
        with store() as s:
            return list(s.scalars(select(PatrolPlan.times).where(PatrolPlan.ends.is_(None))).one())

    assert eventually(lambda: times() == ["09:30", "21:00"])


def test_who_may_not_change_patrols_reads_who_may(sit: Callable[..., Page]) -> None:
    page = sit("lin", path="/#/patrol/points", ready=ROWS)
    expect(page.locator(".title .dashed")).to_contain_text("市场经理设置")
    expect(page.get_by_role("button", name="登记巡更点")).to_have_count(0)


PAGES = {"patrol": "tbody tr", "patrol/points": "tbody tr", "patrol/plans": "tbody tr"}


@pytest.mark.long
@in_every_look
def test_patrols_at_their_real_sizes(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/patrol", ready=ROWS)
    for path, ready in PAGES.items():
        page.goto(f"/#/{path}")
        page.locator(f".registers {ready}").first.wait_for()
        look(page, f"{path.replace('/', '-')}-{named(how)}")
    page.goto("/#/patrol")
    page.goto(page.url.split("#")[0] + str(page.locator("tbody a").first.get_attribute("href")))
    page.locator(".view ol").wait_for()
    look(page, f"patrol-round-{named(how)}")
