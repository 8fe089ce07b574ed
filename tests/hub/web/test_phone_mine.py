"""One's own things on a phone: notices with receipts, channels, push, the calendar, and a guard's sign-in."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from hub.core.glossary import Pair
from hub.core.notice import Post
from hub.service import armband, notice
from hub.store.handover import Attendance
from hub.store.notify import Channel, Quiet
from hub.store.people import Person
from hub.store.supervise import Notice
from tests.hub import town
from tests.hub.gear.listener import eventually
from tests.hub.service.turn.street import turns
from tests.hub.town import MARKET, NOON
from tests.hub.web.pocket import in_every_light, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.web.pocket import Light

pytestmark = pytest.mark.screen

KINDS = frozenset({"push", "email", "sms", "wecom"})
SMOKE = Pair("一号巷有烟", "Smoke in aisle 1")
PUSHED = '{"notice": "n1", "severity": 0, "zh": "一号巷有烟", "en": "Smoke", "url": "/phone#/notices"}'

TAPPED = """self.clients.matchAll({ type: 'window', includeUncontrolled: true })
    .then((pages) => pages.forEach((page) => page.postMessage({ go: '#/notices' })))"""


@pytest.fixture
def parts(parts: Parts) -> Parts:
    """A hub with some ways to reach people."""
    return dataclasses.replace(parts, post=Post(KINDS, "BPublic", frozenset({"push.example"})))


@pytest.fixture
def pocket(sit: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody's phone, at one of their own places."""

    def at(place: str, person: str = "wu", ready: str = "main :is(li, a, h2, form)", **how: Any) -> Page:
        return sit(person, path=f"/phone#/{place}", ready=ready, size=(390, 844), **how)

    return at


@pytest.fixture
def told(store: sessionmaker[Session]) -> Callable[..., str]:
    """Somebody is told something; the notice's id."""

    def one(person: str = "wu", severity: int = 1) -> str:
        with store.begin() as s:
            return notice.tell(s, MARKET, [person], "case/x", "step", SMOKE, NOON, severity=severity)[0].id

    return one


def test_a_notice_counts_as_read_only_once_somebody_has_pressed(
    pocket: Callable[..., Page], told: Callable[..., str], store: sessionmaker[Session]
) -> None:
    made = told()
    page = pocket("mine")
    expect(page.get_by_role("link", name="通知 1 条没读")).to_be_visible()
    page.get_by_role("link", name="通知 1 条没读").click()
    row = page.locator("main li", has_text="一号巷有烟")
    expect(row).to_contain_text("P1 重要")
    with store() as s:
        assert s.get_one(Notice, made).seen_at is None, "that it was on the screen says nothing"
    row.get_by_role("button", name="知道了").click()
    expect(row).to_contain_text("已读")
    with store() as s:
        assert s.get_one(Notice, made).seen_at == NOON


def test_what_is_missing_is_said_first_and_a_channel_counts_once_it_was_shown(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = pocket("channels")
    expect(page.locator(".lacking")).to_contain_text("还没有登记通知渠道")
    page.get_by_label("哪一种").select_option("email")
    page.get_by_label("号码或地址").fill("wu@example.org")
    page.get_by_role("button", name="登记并发验证码").click()
    row = page.locator("main li", has_text="电子邮件")
    expect(row).to_contain_text("还没验证")
    expect(page.locator(".lacking")).to_be_visible()
    row.get_by_label("收到的 6 位验证码").fill("000000")
    row.get_by_role("button", name="验证", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    page.get_by_label("从", exact=True).fill("23:00")
    page.get_by_role("button", name="设好").click()
    expect(page.locator("main")).to_contain_text("23:00–07:00")
    with store() as s:
        assert s.get_one(Quiet, "wu").begins == 23 * 60
        assert [one.verified_at for one in s.query(Channel)] == [None]
    row.get_by_role("button", name="移除").click()
    expect(page.locator("main li")).to_contain_text("还没有登记")


def test_push_says_what_it_is_worth_and_why_it_is_not_on(pocket: Callable[..., Page]) -> None:
    page = pocket("channels")
    expect(page.locator("main")).to_contain_text("浏览器推送不保证送达")
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name="打开推送").click()
    expect(page.get_by_role("alert")).to_contain_text("浏览器不让发通知")


def test_a_push_is_shown_though_no_page_asked_for_it(pocket: Callable[..., Page]) -> None:
    page = pocket("mine")
    page.context.grant_permissions(["notifications"])
    through = page.context.new_cdp_session(page)
    ids: list[str] = []
    heard = lambda said: ids.extend(one["registrationId"] for one in said["registrations"])  # noqa: E731
    through.on("ServiceWorker.workerRegistrationUpdated", heard)
    through.send("ServiceWorker.enable")
    try:
        page.evaluate(
            "navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)"
        )
        assert eventually(lambda: page.evaluate("1") == 1 and bool(ids))
        origin = page.evaluate("location.origin")
        pushed = {"origin": origin, "registrationId": ids[-1], "data": PUSHED}
        through.send("ServiceWorker.deliverPushMessage", pushed)
        words = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
            .then((all) => all.map(({ title, body, data }) => [title, body, data.url]))"""
        assert eventually(lambda: page.evaluate(words) != [])
        assert page.evaluate(words)[0][1:] in (
            ["一号巷有烟", "/phone#/notices"],
            ["Smoke", "/phone#/notices"],
        )
        (worker,) = page.context.service_workers
        worker.evaluate(TAPPED)
        expect(page.locator("header")).to_contain_text("通知")
    finally:
        page.context.clear_permissions()


def test_a_calendar_is_subscribed_to_by_an_address_that_is_told_once_and_can_be_revoked(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        turns(s, ["c-11", "c-10", "c-12"])
    page = pocket("calendar", ready="main li .btn")
    page.get_by_role("listitem").filter(has_text="我家的值班").get_by_role("button").click()
    expect(page.get_by_alt_text("日历订阅地址的二维码")).to_be_visible()
    address = page.locator(".address").inner_text()
    read = page.request.get(address)
    days = [str(event.start)[:10] for event in Calendar.from_ical(read.body()).events]
    assert days == ["2026-11-23"]
    page.reload()
    expect(page.get_by_role("button", name="停用")).to_be_visible()
    expect(page.locator(".address")).to_have_count(0)
    page.get_by_role("button", name="停用").click()
    expect(page.locator("main")).to_contain_text("还没有订阅")
    assert page.request.get(address).status == 404


def test_a_guard_signs_in_with_the_armband_that_is_worn_and_out_again(
    pocket: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        ji = town.actor(s, "ji")
        s.get_one(Person, "qiu").armband = None
        armband.add(s, ji, ["0301", "0302"], NOON)
        armband.issue(s, ji, "0301", "qiu", NOON)
    page = pocket("duty", "qiu", ready=".today form")
    expect(page.locator("main")).to_contain_text("现在的班")
    expect(page.get_by_label("佩戴的红袖标号")).to_have_value("0301")
    page.get_by_label("佩戴的红袖标号").fill("0302")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("alert")).to_contain_text("不是发给你的")
    page.get_by_label("佩戴的红袖标号").fill("0301")
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_role("button", name="签退")).to_be_visible()
    with store() as s:
        assert [(one.person, one.in_at) for one in s.query(Attendance)] == [("qiu", NOON)]
    page.get_by_role("button", name="签退").click()
    expect(page.get_by_role("button", name="签退")).to_have_count(0)


@in_every_light
def test_own_things_in_every_light(
    how: Light, pocket: Callable[..., Page], told: Callable[..., str], store: sessionmaker[Session]
) -> None:
    lang, theme = how
    told(severity=0)
    told(severity=2)
    with store.begin() as s:
        turns(s, ["c-11", "c-10", "c-12"])
    page = pocket("mine", lang=lang, theme=theme)
    page.locator("nav a .late, nav a b").first.wait_for()
    shown(page, "mine", how)
    for place, ready in (("notices", "li"), ("channels", "form"), ("calendar", "li .btn")):
        page.goto(f"/phone#/{place}")
        page.locator(f"main {ready}").first.wait_for()
        shown(page, place, how)
    guard = pocket("duty", "qiu", ready=".today form", lang=lang, theme=theme)
    shown(guard, "duty", how)
