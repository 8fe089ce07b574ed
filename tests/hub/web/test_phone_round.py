"""A guard's round on the phone: where to go, scanned, skipped, reported; readable at night and by day."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service.patrol import code
from hub.store.alert import Alert
from hub.store.case import Case
from hub.store.evidence import Media
from hub.store.patrol import Skip, Visit
from tests.hub.gear.listener import eventually
from tests.hub.service.patrol.beat import KEY, hang, planned, rounds, sign
from tests.system.test_screens import look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts

pytestmark = pytest.mark.screen

PHONE = (390, 844)
POINTS = 5
SECRET = b"30.572N 104.066E, a phone of somebody"


@pytest.fixture(autouse=True)
def key(parts: Parts, store: sessionmaker[Session]) -> None:
    """The codes' key, as the hub's own sessions bring it along."""
    for made in (parts.sessions, parts.readings, store):
        made.configure(info={code.KEY: KEY})


@pytest.fixture
def codes(store: sessionmaker[Session]) -> list[str]:
    """A round at noon past some points; the texts of their codes, by number."""
    with store.begin() as s:
        points = hang(s, POINTS)
        planned(s, points)
        rounds(s)
        return [sign(s, one) for one in points]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What a camera gives: a large JPEG that says where and by which phone it was taken."""
    path = tmp_path / "shot.jpg"
    shot = np.random.default_rng(7).integers(0, 255, (75, 100, 3), dtype=np.uint8)
    done, jpeg = cv2.imencode(".jpg", cv2.resize(shot, (4000, 3000)))
    assert done
    told = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" + SECRET
    path.write_bytes(
        jpeg.tobytes()[:2] + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + jpeg.tobytes()[2:]
    )
    return path


def number(page: Page) -> int:
    """The point to which the page leads."""
    return int(page.locator(".next h2").inner_text().split()[0])


def type_in(page: Page, text: str) -> None:
    """The last way: there is no camera here."""
    page.get_by_role("link", name="扫巡更点").click()
    page.get_by_label("点牌二维码下面的编码").fill(text)
    page.get_by_role("button", name="记下到点").click()


def begin(page: Page) -> None:
    page.get_by_role("button", name="开始这一轮").click()
    page.locator(".next").wait_for()


def test_a_guard_is_led_from_point_to_point(
    sit: Callable[..., Page], codes: list[str], store: sessionmaker[Session]
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    begin(page)
    expect(page.locator(".next")).to_contain_text(f"下一个点（1 / {POINTS}）")
    first = number(page)
    type_in(page, codes[first - 1].lower().replace("-", " - "))
    expect(page.locator(".noted")).to_contain_text("已记到点")
    page.get_by_role("button", name="去下一个点").click()
    expect(page.locator(".next")).to_contain_text(f"下一个点（2 / {POINTS}）")
    assert number(page) != first
    page.get_by_role("link", name="到不了这个点").click()
    page.get_by_label("门锁着").check()
    page.get_by_role("button", name="记下，去下一个点").click()
    expect(page.locator(".next")).to_contain_text(f"下一个点（3 / {POINTS}）")
    expect(page.locator(".next")).to_contain_text("门锁着，已记原因")

    def arrived() -> bool:
        with store() as s:
            visits, skips = s.scalars(select(Visit)).all(), s.scalars(select(Skip)).all()
            return [one.by for one in visits] == ["hand"] and [one.reason for one in skips] == ["locked"]

    assert eventually(arrived)


@pytest.mark.long
def test_who_stands_at_another_point_is_told_and_it_counts_as_it_is(
    sit: Callable[..., Page], codes: list[str]
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    begin(page)
    wanted = number(page)
    type_in(page, codes[wanted % POINTS])
    expect(page.locator(".noted")).to_contain_text(f"要去的是 {wanted}，这是 {wanted % POINTS + 1}")
    page.get_by_role("button", name="去下一个点").click()
    assert number(page) == wanted
    expect(page.locator(".next")).to_contain_text("到了 1")


@pytest.mark.long
@pytest.mark.usefixtures("codes")
def test_what_is_no_code_of_a_point_is_not_noted(sit: Callable[..., Page]) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    begin(page)
    type_in(page, "hello")
    expect(page.get_by_role("alert")).to_contain_text("这不是巡更点的码")
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".next")).to_contain_text("到了 0")


def test_a_forged_code_is_refused_by_the_hub_and_stays_until_it_was_read(
    sit: Callable[..., Page], codes: list[str]
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    begin(page)
    type_in(page, codes[number(page) - 1][:-16] + "A" * 16)
    page.get_by_role("button", name="去下一个点").click()
    expect(page.locator("nav .late")).to_have_text("1")
    expect(page.locator(".next")).to_contain_text("到了 0")
    page.goto(page.url.partition("#")[0] + "#/unsent")
    expect(page.locator(".no")).to_contain_text("这不是本市场签发的码")
    page.reload()
    expect(page.locator(".no")).to_contain_text("这不是本市场签发的码")
    page.get_by_role("button", name="收起").click()
    expect(page.locator(".no")).to_have_count(0)


def test_a_shop_reports_with_a_photo_that_says_nothing_but_what_it_shows(
    sit: Callable[..., Page], picture: Path, store: sessionmaker[Session], parts: Parts
) -> None:
    page = sit("li", path="/phone#/report", ready=".pocket", size=PHONE)
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_alt_text("刚拍的照片").wait_for()
    page.get_by_label("通道堵了").check()
    page.get_by_label("在哪里").fill("东区 3 号门")
    page.get_by_role("button", name="报上去").click()
    expect(page.locator(".done")).to_contain_text("已存在手机里")

    def photo() -> Media | None:
        with store() as s:
            case = s.scalar(select(Case).where(Case.kind == "blocked", Case.reporter == "li"))
            return s.scalar(select(Media).where(Media.case == case.id)) if case else None

    assert eventually(lambda: photo() is not None)
    found = photo()
    assert found is not None
    data = b"".join(parts.files.read(found.sha256, 0, found.size))
    assert SECRET not in data
    assert b"Exif" not in data
    shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape[:2] == (1200, 1600)


@pytest.mark.long
@pytest.mark.usefixtures("codes")
def test_a_danger_that_is_found_by_the_checklist_is_a_case(
    sit: Callable[..., Page], picture: Path, store: sessionmaker[Session]
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    page.get_by_role("link", name="隐患检查").click()
    page.get_by_role("group", name="疏散通道").get_by_label("有隐患").check(force=True)
    page.get_by_role("button", name="其余 7 项都正常").click()
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.locator(".said")).to_contain_text("照片已存")
    look(page, "phone-danger-390x844-zh")
    page.get_by_role("button", name="报上去立案").click()
    page.locator(".now").wait_for()

    def opened() -> bool:
        with store() as s:
            case = s.scalar(select(Case).where(Case.kind == "hazard", Case.reporter == "qiu"))
            return case is not None and s.scalar(select(Media.id).where(Media.case == case.id)) is not None

    assert eventually(opened)


@pytest.mark.long
@pytest.mark.usefixtures("codes")
def test_the_bar_below_a_round_calls_when_it_is_held_and_not_when_it_is_touched(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket .sosbar", size=PHONE)
    page.locator(".sosbar").hover()
    page.mouse.down()
    expect(page.locator(".sosbar")).to_contain_text("松手就取消")
    page.mouse.up()
    page.locator(".ring").wait_for()
    with store() as s:
        assert s.scalar(select(Alert).where(Alert.kind == "panic")) is None
    page.goto(page.url.partition("#")[0] + "#/round")
    page.locator(".sosbar").hover()
    page.mouse.down()
    page.locator(".sosbar").wait_for(state="detached")
    page.mouse.up()

    def called() -> bool:
        with store() as s:
            return s.scalar(select(Alert).where(Alert.kind == "panic")) is not None

    assert eventually(called)


@pytest.mark.parametrize(
    ("person", "tabs"),
    [("qiu", ["巡逻", "报事", "求助", "我的"]), ("li", ["值班", "报事", "求助", "我的"])],
)
def test_everybody_begins_with_the_own_work(sit: Callable[..., Page], person: str, tabs: list[str]) -> None:
    page = sit(person, path="/phone", ready=".pocket nav", size=PHONE)
    assert page.locator("nav a").all_inner_texts() == tabs
    expect(page.locator("nav a").first).to_have_attribute("aria-current", "page")


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize(
    ("lang", "theme"), [("zh", "dark"), pytest.param("en", "light", marks=pytest.mark.long)]
)
def test_the_round_is_readable_in_one_hand(sit: Callable[..., Page], lang: str, theme: str) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE, lang=lang, theme=theme)
    how = f"390x844-{lang}-{theme}"
    page.locator(".now .primary").wait_for()
    look(page, f"phone-begin-{how}")
    page.locator(".now .primary").click()
    page.locator(".near path.grid0, .near path.grid1").first.wait_for()
    scan = page.locator("a.scan").bounding_box()
    assert scan is not None
    assert scan["height"] >= 88
    for one in page.locator("a:visible, button:visible").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44, one.inner_text()
    bar = page.locator(".sosbar").bounding_box()
    assert bar is not None
    assert bar["y"] - (scan["y"] + scan["height"]) >= 44
    look(page, f"phone-round-{how}")
    for place in ("scan", "skip", "report", "unsent"):
        page.goto(page.url.partition("#")[0] + f"#/{place}")
        page.locator("main").wait_for()
        expect(page.locator(".eye:not(.blind)")).to_have_count(0)
        look(page, f"phone-{place}-{how}")
