"""A hub that falls silent, or hears no device, is said by the page itself: seen, heard, over by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from hub.api import live
from hub.api.pulse import Pulse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from playwright.sync_api import Page

    from tests.hub.web.conftest import Served

pytestmark = pytest.mark.screen

ALARM = "square"
"""The wave of the alarm's tones; no other tone has it."""
NOTING = """
heard = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { heard.push(this.type); return start.call(this, at); };
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.2)


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What every pulse from now on says."""

    def says(ingest: float | None, *trouble: str) -> None:
        def said(_self: Pulse, now: datetime) -> str:
            return json.dumps({"at": now.isoformat(), "ingest": ingest, "trouble": trouble})

        monkeypatch.setattr(Pulse, "said", said)

    return says


def alarms(page: Page) -> int:
    """Tones of the alarm so far."""
    return int(page.evaluate("wave => heard.filter((one) => one === wave).length", ALARM))


def sounds(page: Page) -> bool:
    """Whether the alarm goes on."""
    before = alarms(page)
    page.clock.run_for(5000)
    return alarms(page) > before


def listening(sit: Callable[..., Page], **how: Any) -> Page:
    page = sit(clock=True, script=NOTING, **how)
    page.clock.run_for(1500)
    page.wait_for_function("() => performance.now() > 0")
    return page


def test_a_hub_that_is_gone_is_a_p0_of_the_page_until_it_is_seen_and_over_when_it_is_back(
    alarm: Callable[..., str], sit: Callable[..., Page], served: Served
) -> None:
    alarm("intrusion")
    page = listening(sit)
    page.locator(".pick").wait_for()
    expect(page.locator(".silent")).to_have_count(0)
    served.stop()
    page.clock.fast_forward("00:35")
    silent = page.locator(".silent")
    expect(silent.locator("header")).to_contain_text("P0 紧急 · 机房失联")
    expect(silent).to_contain_text("新告警到不了这里")
    expect(silent.locator(".do")).to_contain_text("手台通知各组")
    expect(silent.locator(".numbers")).to_contain_text("119火警")
    expect(silent.locator(".open")).to_contain_text("禁入区有人")
    expect(page).to_have_title("P0 机房失联 · 联防")
    assert sounds(page)
    page.keyboard.press("a")
    expect(silent).to_have_count(0)
    expect(page.locator(".old")).to_contain_text("画面是旧的")
    expect(page.locator(".old")).to_contain_text("电话照常可用")
    expect(page.locator(".stale .pick")).to_be_visible()
    expect(page.locator(".top .blind")).to_contain_text("现在看不看得见，不知道")
    expect(page.locator("main")).not_to_contain_text("都在传画面")
    assert not sounds(page)
    served.begin()
    page.clock.run_for(6000)
    expect(page.locator(".old")).to_have_count(0)
    expect(page.locator(".stale")).to_have_count(0)


def test_a_hub_that_hears_no_device_is_a_p0_too_and_ends_by_itself(
    sit: Callable[..., Page], tell: Callable[..., None]
) -> None:
    page = listening(sit)
    tell(41.5, "broker")
    page.clock.run_for(1000)
    expect(page.locator(".silent header")).to_contain_text("机房收不到设备消息")
    assert sounds(page)
    tell(0.3)
    page.clock.run_for(1000)
    expect(page.locator(".silent")).to_have_count(0)
    assert not sounds(page)


@pytest.mark.long
def test_a_second_silence_calls_again_though_the_first_was_seen(
    sit: Callable[..., Page], tell: Callable[..., None]
) -> None:
    page = listening(sit)
    for _ in range(2):
        tell(31)
        page.clock.run_for(1000)
        page.locator(".silent").wait_for()
        page.keyboard.press("a")
        expect(page.locator(".silent")).to_have_count(0)
        expect(page.locator(".old")).to_contain_text("没有证明机房还收得到设备的消息")
        tell(0)
        page.clock.run_for(1000)
        expect(page.locator(".old")).to_have_count(0)


def test_an_urgent_alert_keeps_its_screen_and_silence_is_said_above_it(
    alarm: Callable[..., str], sit: Callable[..., Page], tell: Callable[..., None]
) -> None:
    page = listening(sit)
    alarm("fire", trust="high")
    page.clock.run_for(500)
    page.locator(".p0").wait_for()
    tell(60)
    page.clock.run_for(1000)
    expect(page.locator(".old")).to_contain_text("机房收不到设备消息")
    expect(page.locator(".p0")).to_be_visible()
    expect(page.locator(".silent")).to_have_count(0)


@pytest.mark.long
def test_silence_is_told_on_the_desk_pages_and_takes_nothing_away(
    sit: Callable[..., Page], tell: Callable[..., None]
) -> None:
    page = listening(sit)
    page.goto("/#/cases")
    page.locator("[type=search]").fill("南门")
    tell(60)
    page.clock.run_for(1000)
    expect(page.locator(".old")).to_contain_text("机房收不到设备消息")
    assert sounds(page)
    page.locator(".old button").click()
    assert not sounds(page)
    expect(page.locator("[type=search]")).to_have_value("南门")


def test_a_page_that_nobody_is_signed_in_to_does_not_cry(sit: Callable[..., Page]) -> None:
    page = listening(sit)
    page.evaluate("document.querySelector('#menu').showPopover()")
    page.get_by_role("button", name="退出登录").click()
    page.locator("#password").wait_for()
    page.clock.fast_forward("01:00")
    assert not sounds(page)


def test_who_is_told_no_pulse_cannot_miss_it(sit: Callable[..., Page], served: Served) -> None:
    page = listening(sit, person="fu", path="/#/cases", ready="h1")
    served.stop()
    page.clock.fast_forward("01:00")
    assert not sounds(page)
    expect(page.locator(".old")).to_have_count(0)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("database", "数据库没有回应"),
        ("broker", "设备消息通道断了"),
        ("disk", "磁盘快满"),
        ("frost", "机房的 frost 不正常"),
    ],
)
def test_a_part_in_trouble_is_told_in_a_sentence_on_every_screen(
    sit: Callable[..., Page], tell: Callable[..., None], part: str, words: str
) -> None:
    page = sit()
    tell(1, part)
    for where in ("/#/", "/#/cases"):
        page.goto(where)
        expect(page.locator(f"[data-part={part}]")).to_contain_text(words)
    tell(1)
    expect(page.locator("[data-part]")).to_have_count(0)
