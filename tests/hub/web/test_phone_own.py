"""Walking alone, leave, and own tasks on a phone; a photo that belongs to nothing does not stay."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service import task
from hub.service.patrol import lone
from hub.store.alert import Alert
from hub.store.asset import Task
from hub.store.patrol import LoneWatch
from hub.store.people import Person
from hub.store.staff import Certificate
from hub.store.turn import Leave
from tests.hub import town
from tests.hub.gear.listener import eventually
from tests.hub.service.turn.street import live, turns
from tests.hub.town import NOON
from tests.hub.web.pocket import in_every_light, shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.pocket import Light

pytestmark = pytest.mark.screen

SAID = "**/api/phone/said"
PHONE = (390, 844)
WELL = "我没事"
SHELF = """() => new Promise((done) => {
    indexedDB.open("lianfang-phone").onsuccess = ({ target: { result } }) => {
        const photos = result.transaction("photos").objectStore("photos").getAllKeys();
        photos.onsuccess = () => { result.close(); done(photos.result.length); };
    };
})"""
AGE = """() => new Promise((done) => {
    indexedDB.open("lianfang-phone").onsuccess = ({ target: { result } }) => {
        const writing = result.transaction("photos", "readwrite");
        const photos = writing.objectStore("photos");
        photos.getAll().onsuccess = ({ target }) =>
            target.result.forEach((one) => photos.put({ ...one, at: one.at - 25 * 3600e3 }));
        writing.oncomplete = () => { result.close(); done(); };
    };
})"""
"""Photos as they are a day later."""
TIDIED = "performance.getEntriesByType('resource').some(({ name }) => /draft/.test(name))"


@pytest.fixture
def pocket(sit: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's phone at one of its places."""

    def at(place: str, person: str = "qiu", ready: str = ".pocket main :is(.btn, li)", **how: str) -> Page:
        return sit(person, path=f"/phone#/{place}", ready=ready, size=PHONE, **how)

    return at


@pytest.fixture
def watched(store: sessionmaker[Session]) -> Callable[[], list[tuple[str, int]]]:
    """State and minutes of each timer that the hub has."""

    def all_of() -> list[tuple[str, int]]:
        with store() as s:
            return [(one.state, one.minutes) for one in s.scalars(select(LoneWatch))]

    return all_of


@pytest.fixture
def week(store: sessionmaker[Session]) -> None:
    """Turns of some days; today's and Tuesday's are C-1's, whose keeper is mei."""
    with store.begin() as s:
        live(s)
        s.get_one(Person, "mei").password_hash = "hash of mei"
        turns(s, ["c-11", "c-12", "c-11", "c-10"])


@pytest.fixture
def due(store: sessionmaker[Session]) -> None:
    """A certificate of qiu's that is about to lapse, and a training of the east."""
    with store.begin() as s:
        row = Certificate(
            id="cert-1", person="qiu", kind="guard", begins=date(2023, 12, 1), ends=date(2026, 12, 1)
        )
        s.add(row)
        s.flush()
        task.watch(s, NOON)
        task.make(s, town.actor(s, "zhou"), "training", "灭火器怎么用", "east", date(2026, 11, 30), NOON)


def test_who_walks_alone_starts_the_timer_says_that_all_is_well_and_stops_it(
    pocket: Callable[..., Page], watched: Callable[[], list[tuple[str, int]]]
) -> None:
    page = pocket("round", ready="main a[href='#/lone']")
    page.get_by_role("link", name="独行计时").click()
    expect(page.locator("main")).to_contain_text("机房大屏响重要告警")
    page.get_by_label("20\u2009分钟").check()
    page.get_by_role("button", name="开始，20").click()
    expect(page.locator("main")).to_contain_text(":20 前报平安")
    expect(page.locator("main [role=alert]")).to_have_count(0)
    assert eventually(lambda: watched() == [("on", 20)])
    box = page.get_by_role("button", name=WELL).bounding_box()
    assert box is not None
    assert box["height"] >= 88
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".pocket")).to_contain_text(":20 前报")
    page.get_by_role("button", name=WELL).click()
    page.locator("a[href='#/lone']").first.click()
    page.get_by_role("button", name="我回来了，停止计时").click()
    assert watched() == [("on", 20)], "one press too many stops nothing"
    page.get_by_role("button", name="停止", exact=True).click()
    expect(page.get_by_role("button", name="开始，")).to_be_visible()
    assert eventually(lambda: watched() == [("over", 20)])


def test_a_timer_that_the_hub_has_not_heard_of_says_that_nobody_hears_it_lapse(
    pocket: Callable[..., Page], watched: Callable[[], list[tuple[str, int]]]
) -> None:
    page = pocket("lone")
    page.route(SAID, lambda route: route.abort())
    page.get_by_role("button", name="开始，30").click()
    expect(page.get_by_role("alert")).to_contain_text("到时没报也没有人会知道")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("到时没报也没有人会知道")
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".pocket")).to_contain_text("没有人会知道")
    assert watched() == []
    page.unroute(SAID)
    expect(page.locator(".pocket")).not_to_contain_text("没有人会知道")
    assert eventually(lambda: watched() == [("on", 30)])
    page.locator("a[href='#/lone']").first.click()
    expect(page.locator("main")).to_contain_text(":30 前报平安")
    page.route(SAID, lambda route: route.abort())
    page.get_by_role("button", name=WELL).click()
    expect(page.get_by_role("alert")).to_contain_text(":30 算，到时会找你")


def test_who_was_not_heard_in_time_sees_that_the_hub_looks_for_them_and_ends_it(
    pocket: Callable[..., Page],
    watched: Callable[[], list[tuple[str, int]]],
    store: sessionmaker[Session],
) -> None:
    page = pocket("lone")
    page.get_by_role("button", name="开始，30").click()
    assert eventually(lambda: watched() == [("on", 30)])
    with store.begin() as s:
        assert lone.due(s, NOON + timedelta(minutes=30)) == 1
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("机房已响告警，正在找你")
    page.get_by_role("button", name=WELL).click()
    expect(page.locator("main")).to_contain_text(":30 前报平安")
    assert eventually(lambda: watched() == [("on", 30)])
    with store() as s:
        assert s.scalars(select(Alert.state).where(Alert.kind == "lone")).one() not in ("NEW", "ACKED")


@pytest.mark.usefixtures("week")
def test_a_shop_asks_for_leave_and_takes_it_back(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket("today", "mei", ready=".today h1")
    page.get_by_role("link", name="请假").click()
    expect(page.locator("main")).to_contain_text("没有请过假")
    page.get_by_label("从哪天").fill("2026-11-24")
    page.get_by_label("到哪天").fill("2026-11-26")
    page.get_by_label("原因").fill("回老家")
    page.get_by_role("button", name="请假").click()
    row = page.locator("main li", has_text="11月24日")
    expect(row).to_contain_text("回老家")
    expect(row).to_contain_text("这几天还轮到你家：11月24日 周二")
    with store() as s:
        made = s.scalars(select(Leave)).one()
        assert (made.shop, made.first, made.last) == ("c-11", date(2026, 11, 24), date(2026, 11, 26))
        assert made.state == "asked"
    row.get_by_role("button", name="撤回").click()
    expect(row.get_by_role("button", name="撤回")).to_have_count(0)
    with store() as s:
        assert s.scalars(select(Leave.state)).all() == ["withdrawn"]


def test_a_guard_asks_for_leave_and_says_what_they_wish(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket("mine", ready="nav a")
    page.get_by_role("link", name="请假").click()
    page.get_by_label("从哪天").fill("2026-11-25")
    page.get_by_role("button", name="请假").click()
    leave = page.locator("main li", has_text="11月25日")
    expect(leave).to_contain_text("待批")
    page.get_by_label("不想上").check()
    page.get_by_label("哪个班").select_option("night")
    page.get_by_label("从哪天").fill("2026-11-28")
    page.get_by_role("button", name="记下意愿").click()
    wish = page.locator("main li", has_text="11月28日")
    expect(wish).to_contain_text("不想上 夜班")
    expect(wish).not_to_contain_text("待批")
    leave.get_by_role("button", name="撤回").click()
    expect(leave).to_contain_text("已撤回")
    with store() as s:
        rows = {one.kind: one for one in s.scalars(select(Leave).where(Leave.person == "qiu"))}
        assert (rows["leave"].state, rows["unwanted"].shift) == ("withdrawn", "night")
        assert rows["unwanted"].first == rows["unwanted"].last == date(2026, 11, 28)


@pytest.mark.usefixtures("due")
def test_a_guard_sees_what_is_open_of_their_own_and_the_leader_says_that_it_is_done(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket("mine", ready="nav a")
    page.get_by_role("link", name="任务与培训").click()
    expect(page.locator("main li")).to_have_count(2)
    expect(page.locator("main li", has_text="灭火器怎么用")).to_contain_text("11月30日 周一 前")
    expect(page.locator("main")).to_contain_text("登记后自动完成")
    expect(page.get_by_role("button", name="办完了")).to_have_count(0)
    leader = pocket("tasks", "shen")
    expect(leader.locator("main li")).to_have_count(1)
    leader.get_by_role("button", name="办完了").click()
    expect(leader.locator("main")).to_contain_text("没有要办的")
    with store() as s:
        made = s.scalars(select(Task).where(Task.kind == "training")).one()
        assert (made.done_by, made.took_part) == ("shen", ["shen"])


def test_a_photo_of_a_report_that_was_left_goes_after_a_day_and_one_that_is_named_stays(
    pocket: Callable[..., Page], tmp_path: Path
) -> None:
    for n in (1, 2):
        cv2.imwrite(str(tmp_path / f"{n}.jpg"), np.full((60, 80, 3), 90 * n, dtype=np.uint8))
    page = pocket("report", "li", ready=".shoot")
    page.route(SAID, lambda route: route.abort())
    page.locator("input[type=file]").set_input_files(tmp_path / "1.jpg")
    page.get_by_alt_text("刚拍的照片").wait_for()
    page.get_by_label("通道堵了").check()
    page.get_by_label("在哪里").fill("东区 3 号门")
    page.get_by_role("button", name="报上去").click()
    page.get_by_role("button", name="再报一件").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "2.jpg")
    page.get_by_alt_text("刚拍的照片").wait_for()
    assert page.evaluate(SHELF) == 2
    page.reload()
    assert eventually(lambda: page.evaluate(TIDIED))
    assert page.evaluate(SHELF) == 2, "it is of today"
    page.evaluate(AGE)
    page.reload()
    assert eventually(lambda: page.evaluate(SHELF) == 1)
    page.unroute(SAID)
    assert eventually(lambda: page.evaluate(SHELF) == 0), "the one that was named has arrived"


@in_every_light
@pytest.mark.usefixtures("week", "due")
def test_own_matters_in_every_light(how: Light, pocket: Callable[..., Page]) -> None:
    lang, theme = how
    page = pocket("lone", lang=lang, theme=theme)
    page.locator("main fieldset").wait_for()
    shown(page, "lone", how)
    page.route(SAID, lambda route: route.abort())
    page.locator("main .primary").click()
    page.locator("main .well").wait_for()
    shown(page, "lone-unsent", how)
    page.goto("/phone#/round")
    page.locator(".pocket a[href='#/lone'] [role=alert]").wait_for()
    shown(page, "round-alone", how)
    page.unroute(SAID)
    page.goto("/phone#/lone")
    page.locator("main > [role=alert]").wait_for(state="detached")
    shown(page, "lone-on", how)
    for place in ("leave", "tasks"):
        page.goto(f"/phone#/{place}")
        page.locator("main li").first.wait_for()
        shown(page, place, how)
    shop = pocket("leave", "mei", ready="main form", lang=lang, theme=theme)
    shop.locator("main li").first.wait_for()
    shown(shop, "leave-shop", how)
