"""What a phone is told without a network arrives once, whatever became of page, phone and hub meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from hub.service.patrol import code
from hub.store.case import Case
from hub.store.evidence import Media
from hub.store.patrol import Said, Visit
from tests.hub.gear.listener import eventually
from tests.hub.service.patrol.beat import KEY, hang, planned, rounds, sign
from tests.hub.web.test_shell import CONTROLLED, NAME, authority, hub, phone, web
from tests.system.test_screens import look

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.web.conftest import Served

__all__ = ["authority", "hub", "phone", "web"]

pytestmark = pytest.mark.screen

POINTS = 5
KEPT = """async () => {
    const opened = await new Promise((done) => {
        indexedDB.open("lianfang-phone").onsuccess = ({ target }) => done(target.result);
    });
    const count = (name) => new Promise((done) => {
        opened.transaction(name).objectStore(name).count().onsuccess = ({ target }) => done(target.result);
    });
    const counts = [await count("said"), await count("photos")];
    opened.close();
    return counts;
}"""
"""How much the phone keeps: what was said, and photos."""
HANDS = """async (codes) => {
    const seen = async (selector) => {
        for (;;) {
            const found = document.querySelector(selector);
            if (found) return found;
            await new Promise((next) => setTimeout(next, 5));
        }
    };
    for (const code of codes) {
        location.hash = "#/scan";
        const field = await seen("form .field");
        field.value = code;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        (await seen("form .primary")).click();
        (await seen(".noted + .scan")).click();
        await seen(".offline");
    }
}"""
"""Type each code and note it, by the page's own fields and buttons, as fast as they come."""


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
def shots(tmp_path: Path) -> list[Path]:
    """Ten pictures, no two alike."""
    return [taken(tmp_path / f"{n}.jpg", n) for n in range(10)]


def taken(path: Path, n: int) -> Path:
    """A picture of a camera; another number is another picture."""
    noise = np.random.default_rng(n).integers(0, 255, (24, 32, 3), dtype=np.uint8)
    done, jpeg = cv2.imencode(".jpg", cv2.resize(noise, (640, 480)))
    assert done
    path.write_bytes(jpeg.tobytes())
    return path


def enter(page: Page, hub: Served, person: str = "qiu") -> None:
    """Somebody signs in on a phone whose browser keeps the pages."""
    page.goto(f"https://{NAME}:{hub.port}/phone")
    page.locator("#user").fill(person)
    page.locator("#password").fill(person)
    page.keyboard.press("Enter")
    page.locator(".pocket").wait_for()
    assert eventually(lambda: page.evaluate(CONTROLLED), 180)


def report(page: Page, shot: Path, place: str) -> None:
    page.goto(page.url.partition("#")[0] + "#/report")
    page.locator("input[type=file]").set_input_files(shot)
    page.get_by_alt_text("刚拍的照片").wait_for()
    page.get_by_label("消防隐患").check()
    page.get_by_label("在哪里").fill(place)
    page.get_by_role("button", name="报上去").click()
    page.get_by_role("button", name="再报一件").click()
    expect(page.get_by_alt_text("刚拍的照片")).to_have_count(0)


def arrived(store: sessionmaker[Session]) -> tuple[int, int, int]:
    """Visits, reports with a photo, and everything that was said, as the hub has them."""
    with store() as s:
        reports = select(func.count(func.distinct(Media.sha256))).join(Case, Case.id == Media.case)
        return (
            s.scalar(select(func.count()).select_from(Visit)) or 0,
            s.scalar(reports.where(Case.reporter == "qiu")) or 0,
            s.scalar(select(func.count()).select_from(Said)) or 0,
        )


@pytest.mark.parametrize(
    ("scans", "photos"), [(10, 2), pytest.param(50, 10, marks=[pytest.mark.long, pytest.mark.timeout(600)])]
)
def test_what_was_noted_without_a_network_arrives_exactly_once(
    hub: Served,
    phone: BrowserContext,
    codes: list[str],
    shots: list[Path],
    store: sessionmaker[Session],
    scans: int,
    photos: int,
) -> None:
    """Flight mode, a page that is closed and opened again, a hub that ends in the middle and comes back."""
    page = phone.pages[0]
    enter(page, hub)
    page.get_by_role("button", name="开始这一轮").click()
    page.locator("section.next").wait_for()
    url = page.url.partition("#")[0]
    phone.set_offline(True)
    hub.stop()
    for shot in shots[: photos // 2]:
        report(page, shot, f"东区 {shot.stem} 号")
    page.evaluate(HANDS, [codes[n % POINTS] for n in range(scans // 2)])
    page.close()

    page = phone.new_page()
    page.goto(url)
    expect(page.locator(".offline")).to_contain_text("没有网络，照常巡")
    expect(page.locator(".offline")).to_contain_text(f"{scans // 2 + photos // 2} 条未传")
    page.evaluate(HANDS, [codes[n % POINTS] for n in range(scans // 2, scans)])
    page.reload()
    for shot in shots[photos // 2 : photos]:
        report(page, shot, f"东区 {shot.stem} 号")
    page.goto(f"{url}#/unsent")
    expect(page.locator("main .head").first).to_contain_text(f"{scans + photos} 条未传")
    assert page.evaluate(KEPT) == [scans + photos, photos]
    assert arrived(store) == (0, 0, 0)

    hub.begin()
    phone.set_offline(False)
    assert eventually(lambda: arrived(store)[2] >= (scans + photos) // 2, 120)
    hub.stop()  # some of what it has taken was never answered
    hub.begin()
    assert eventually(lambda: page.evaluate(KEPT) == [0, 0], 180)
    assert arrived(store) == (scans, photos, scans + photos)
    with store() as s:
        sent = set(s.scalars(select(Media.sha256).join(Case, Case.id == Media.case)))
    assert len(sent) == photos
    assert all(hub.parts.files.has(sha) for sha in sent)


@pytest.mark.long
def test_a_round_is_walked_without_a_network_and_two_open_pages_send_it_once(
    hub: Served, phone: BrowserContext, codes: list[str], store: sessionmaker[Session]
) -> None:
    """The clock of this phone is eleven hours and more off; what it says is told in the hub's time."""
    page = phone.pages[0]
    enter(page, hub)
    page.get_by_role("button", name="开始这一轮").click()
    page.locator(".near path.grid0, .near path.grid1").first.wait_for()
    phone.set_offline(True)
    page.reload()
    expect(page.locator("section.next")).to_contain_text(f"下一个点（1 / {POINTS}）")
    expect(page.locator(".near path.grid0, .near path.grid1").first).to_be_attached()
    first = int(page.locator("section.next h2").inner_text().split()[0])
    page.evaluate(HANDS, [codes[first - 1]])
    page.reload()
    expect(page.locator("section.next")).to_contain_text(f"下一个点（2 / {POINTS}）")
    expect(page.locator(".near path.way")).to_be_attached()
    look(page, "phone-offline-390x844-zh-dark")
    other = phone.new_page()
    other.goto(page.url)
    expect(other.locator(".offline")).to_contain_text("扫点 1 已存手机")
    phone.set_offline(False)
    assert eventually(lambda: page.evaluate(KEPT) == [0, 0], 60)
    expect(page.locator(".offline")).to_have_count(0)
    expect(other.locator(".offline")).to_have_count(0)
    with store() as s:
        (visit,) = s.scalars(select(Visit))
        assert abs((visit.at - hub.parts.clock.now()).total_seconds()) < 300


@pytest.mark.long
def test_what_one_person_noted_is_never_sent_in_the_name_of_the_next(
    hub: Served, phone: BrowserContext, codes: list[str], store: sessionmaker[Session]
) -> None:
    page = phone.pages[0]
    enter(page, hub)
    page.get_by_role("button", name="开始这一轮").click()
    page.locator("section.next").wait_for()
    hub.stop()
    page.evaluate(HANDS, [codes[0]])
    phone.clear_cookies()
    hub.begin()
    page.reload()
    page.locator("#user").fill("jiang")
    page.locator("#password").fill("jiang")
    page.keyboard.press("Enter")
    page.locator(".pocket").wait_for()
    page.goto(page.url.partition("#")[0] + "#/unsent")
    expect(page.locator("main")).to_contain_text("还有 1 条是别人在这部手机上记的")
    assert arrived(store)[2] == 0
    phone.clear_cookies()
    page.reload()
    page.locator("#user").fill("qiu")
    page.locator("#password").fill("qiu")
    page.keyboard.press("Enter")
    assert eventually(lambda: arrived(store)[0] == 1, 60)
    with store() as s:
        assert s.scalars(select(Visit.walker)).all() == ["qiu"]
