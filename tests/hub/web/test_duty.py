"""Duty on the desk: a month of guards, a short shift, a draft by hand; shop groups; the handover book."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from hub.service.roster import leave
from hub.store.asset import Asset, Task
from hub.store.handover import Handover
from hub.store.roster import Cover, Roster, RosterCell
from hub.store.turn import ClosedDay, Leave
from tests.hub import town
from tests.hub.service.roster import room
from tests.hub.service.turn.street import SHOPS, turns
from tests.hub.town import MARKET, NOON
from tests.system.test_screens import Look, in_every_look, look, named
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts

pytestmark = pytest.mark.screen

DECEMBER = "/#/duty/east~2026-12"
NIGHT = "table.m tbody tr:nth-child(2) button.sh.n"
"""Somebody's first night."""


@pytest.fixture
def parts(parts: Parts) -> Parts:
    """A hub that knows the weekends of 2026, and of no later year."""
    return replace(parts, workdays=room.CALENDAR)


@pytest.fixture
def rostered(store: sessionmaker[Session]) -> str:
    """December of the eastern workroom: ten people, nobody short."""
    with store.begin() as s:
        return room.published(s, NOON).id


@pytest.fixture
def december(rostered: str, sit: Callable[..., Page]) -> Page:  # noqa: ARG001
    """Its leader before it."""
    return sit("shen", path=DECEMBER, ready="table.m tfoot")


def short(page: Page) -> None:
    """Somebody cannot come on the first night."""
    page.locator(NIGHT).first.click()
    page.get_by_role("button", name="他来不了").click()
    expect(page.locator(".gap")).to_contain_text("夜班")


def test_a_month_has_a_row_for_each_and_says_of_every_shift_how_many_there_are(december: Page) -> None:
    expect(december.locator("table.m tbody tr")).to_have_count(10)
    expect(december.locator("table.m tfoot tr")).to_have_count(3)
    expect(december.locator("table.m tfoot tr").first.locator("td").first).to_have_text("2")
    expect(december.locator(".gap")).to_have_count(0)
    expect(december.locator(".low")).to_contain_text("人都到齐")
    expect(december.locator(".low")).to_contain_text("夜班")
    expect(december.get_by_role("button", name="已读 0 / 10")).to_be_visible()
    december.keyboard.press("]")
    expect(december.locator(".note")).to_contain_text("2027 年 1 月还没有排班")


def test_who_cannot_come_leaves_a_gap_and_whoever_can_take_it_is_asked(
    december: Page, store: sessionmaker[Session]
) -> None:
    short(december)
    expect(december.locator("table.m tfoot .short")).to_have_count(1)
    expect(december.locator("table.m .sh.l", has_text="假")).to_have_count(1)
    december.keyboard.press("f")
    takes = december.locator(".low table.cand").first
    expect(takes.get_by_role("button", name="请他同意").first).to_be_visible()
    expect(takes).to_contain_text("后 ")
    expect(takes).to_contain_text("不能：")
    takes.get_by_role("button", name="请他同意").first.click()
    expect(december.locator(".low")).to_contain_text("等人同意")
    with store() as s:
        assert s.query(Cover).count() == 1


def test_a_draft_is_changed_with_keys_and_what_that_breaks_is_said_at_once(
    december: Page, store: sessionmaker[Session]
) -> None:
    page = december
    page.get_by_role("button", name="改排班").click()
    expect(page.locator(".strip.drawn")).to_contain_text("草稿")
    expect(page.get_by_role("button", name="发布，通知 0 人")).to_be_visible()
    first = page.locator(NIGHT).first
    first.click()
    page.keyboard.press("2")
    expect(page.locator(".low .says")).to_contain_text("缺人")
    expect(page.locator(".gap")).to_be_visible()
    expect(page.get_by_role("button", name="发布，通知 1 人")).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator(".low .says")).to_contain_text("补上了")
    expect(page.get_by_role("button", name="发布，通知 0 人")).to_be_visible()
    page.locator("button.sh[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("button.sh:focus")).to_have_count(1)
    page.keyboard.press("0")
    page.get_by_role("button", name="发布，通知 1 人").click()
    page.get_by_role("button", name="带着 1 处缺口发布，通知 1 人").click()
    expect(page.locator(".strip.drawn")).to_have_count(0)
    expect(page.get_by_role("button", name="改排班")).to_be_visible()
    with store() as s:
        assert {row.state for row in s.query(Roster)} == {"published", "replaced"}


def test_a_draft_is_solved_with_how_far_it_is_and_can_be_stopped(december: Page) -> None:
    december.get_by_role("button", name="改排班").click()
    december.get_by_role("button", name="自动排班").click()
    expect(december.locator(".drawn")).to_contain_text("手改的不保留")
    december.get_by_role("button", name="重排").click()
    expect(december.locator(".drawn [role=status]").first).to_contain_text("等候求解")
    expect(december.locator(".drawn progress")).to_be_visible()
    december.get_by_role("button", name="停止").click()
    expect(december.locator(".drawn [role=alert]")).to_contain_text("尚未轮到即已停止")
    expect(december.get_by_role("button", name="自动排班")).to_be_enabled()


def test_leave_of_a_guard_is_granted_and_the_shift_is_open_at_once(
    rostered: str,  # noqa: ARG001
    store: sessionmaker[Session],
    sit: Callable[..., Page],
) -> None:
    with store.begin() as s:
        night = s.query(RosterCell).filter_by(person="qiu", shift="night").order_by(RosterCell.day).first()
        assert night is not None
        leave.ask(s, town.actor(s, "qiu"), "leave", (night.day, night.day), None, NOON)
    page = sit("shen", path=DECEMBER, ready="table.m tfoot")
    page.get_by_role("button", name="请假待批 1").click()
    expect(page.locator(".low")).to_contain_text("这几天有班")
    page.get_by_role("button", name="准假").click()
    expect(page.locator(".gap")).to_contain_text("缺 1 人")
    expect(page.get_by_role("button", name="请假待批 1")).to_have_count(0)


def test_who_may_only_look_sees_the_acts_and_why_they_are_not_his(
    rostered: str,  # noqa: ARG001
    sit: Callable[..., Page],
) -> None:
    page = sit("zhu", path=DECEMBER, ready="table.m tfoot")
    expect(page.get_by_role("button", name="改排班")).to_be_disabled()
    expect(page.locator(".tools")).to_contain_text("由本格网格长、市场经理拟订")


def test_groups_stand_in_a_line_each_and_a_group_has_its_month(
    store: sessionmaker[Session], sit: Callable[..., Page]
) -> None:
    with store.begin() as s:
        turns(s, SHOPS)
        given = {"first": date(2026, 11, 24), "last": date(2026, 11, 25), "reason": "进货"}
        asked = {"state": "asked", "asked_by": "li", "asked_at": NOON}
        s.add(Leave(id="leave-1", market=MARKET, shop="c-11", kind="leave", **given, **asked))
    page = sit("shen", path="/#/duty/groups~~2026-11", ready="table.lines tbody tr")
    expect(page.locator("table.lines tbody tr")).to_have_count(2)
    row = page.locator(".view .rows li", has_text="进货")
    row.get_by_role("button", name="准假").click()
    expect(page.locator(".view")).to_contain_text("已准假")
    page.locator("table.lines a").first.click()
    expect(page.locator("table.m tbody tr")).to_have_count(3)
    page.get_by_label("哪天").fill("2026-11-28")
    page.get_by_role("button", name="这天停轮").click()
    expect(page.locator("table.m .sh.l", has_text="停")).to_have_count(3)
    with store() as s:
        assert s.query(ClosedDay).one().day == date(2026, 11, 28)
        assert s.get_one(Leave, "leave-1").state == "granted"


def booked(s: Session) -> None:
    """A radio out, a drill to come."""
    given = {"market": MARKET, "grid": "east"}
    s.add(Asset(id=new_id(), kind="radio", label="对讲机 1", since=NOON, **given))
    due = {"due": date(2026, 12, 1), "made_by": "shen", "made_at": NOON, "took_part": []}
    s.add(Task(id=new_id(), kind="drill", title="夜间疏散", **given, **due))


def test_a_shift_is_handed_over_with_its_equipment(
    store: sessionmaker[Session], sit: Callable[..., Page]
) -> None:
    with store.begin() as s:
        booked(s)
    page = sit("shen", path="/#/duty/book~east", ready=".side form")
    expect(page.locator(".view")).to_contain_text("夜间疏散")
    page.get_by_label("对讲机 1 借给谁").select_option(label="邱止水")
    page.get_by_role("button", name="借出").click()
    expect(page.locator(".view")).to_contain_text("借出 1 / 1")
    page.locator(".side li", has_text="对讲机 1").get_by_label("有问题").check()
    page.get_by_label("对讲机 1 有什么问题").fill("天线松")
    page.get_by_label("还要交代的").fill("三号门锁坏")
    page.get_by_role("button", name="交班", exact=True).click()
    expect(page.locator(".side")).to_contain_text("已交班")
    with store() as s:
        made = s.query(Handover).one()
        assert (made.note, made.given_by, made.kit[0]["note"]) == ("三号门锁坏", "shen", "天线松")


@pytest.mark.long
@in_every_look
def test_duty_at_its_real_sizes(how: Look, store: sessionmaker[Session], sit: Callable[..., Page]) -> None:
    with store.begin() as s:
        room.published(s, NOON)
        booked(s)
        turns(s, SHOPS)
    size, lang, theme = how
    page = sit("shen", path=DECEMBER, ready="table.m tfoot", size=size, lang=lang, theme=theme)
    page.locator(NIGHT).first.click()
    page.locator(".low .pick button").nth(1).click()
    expect(page.locator(".gap")).to_be_visible()
    page.keyboard.press("f")
    expect(page.locator(".low table.cand .btn").first).to_be_visible()
    look(page, f"duty-{named(how)}")
    if size == (1366, 768):
        assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    page.locator(".tools .btn").last.click()
    page.locator(".drawn").wait_for()
    page.locator(NIGHT).first.click()
    page.locator(".low .pick .btn").nth(1).click()
    expect(page.locator(".low .says .late").first).to_be_visible()
    look(page, f"duty-draft-{named(how)}")
    page.goto("/#/duty/groups~~2026-11")
    expect(page.locator("table.lines tbody tr")).to_have_count(2)
    look(page, f"duty-groups-{named(how)}")
    page.goto("/#/duty/groups~east-1~2026-11")
    expect(page.locator("table.m tbody tr")).to_have_count(3)
    look(page, f"duty-group-{named(how)}")
    page.goto("/#/duty/book~east")
    page.locator(".side form").wait_for()
    look(page, f"duty-book-{named(how)}")
