"""The devices as whoever looks after them meets them: what is ill, what is wanted, what they are told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text

from hub.service import order as orders
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.order import Command, Desired
from tests.hub.town import MARKET, NOON, actor, envelope
from wire.message import Beat, Outcome, Reply, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

pytestmark = [pytest.mark.screen, pytest.mark.usefixtures("stock")]

SLOW = b'{"cameras": {"c-3-1": {"fps": 2, "masks": [[[0, 0], [1, 0], [1, 1]]]}}}'


@pytest.fixture
def stock(store: sessionmaker[Session]) -> None:
    """edge-1 is well and holds its configuration; edge-2 is silent, behind and its clock is off."""
    with store.begin() as session:
        one, two = session.get_one(Device, "edge-1"), session.get_one(Device, "edge-2")
        one.online, one.seen_at, one.queued, one.clock_offset_ms = True, NOON, 3, 12.4
        two.online, two.seen_at, two.queued = False, NOON - timedelta(minutes=7), 4321
        two.dropped, two.clock_offset_ms = 17, -8250.0
        made = orders.desire(session, actor(session, "ji"), "edge-1", b'{"cameras": {}}', 0, NOON)
        session.flush()
        said = Twin(version=1, digest=made.digest, firmware="lianfang-edge 0.2.0")
        body = Beat(uptime_s=60, rss_mb=80, queued=3, dropped=0, twin=said)
        orders.reported(session, "edge-1", envelope(body, NOON), NOON)


@pytest.fixture
def devices(sit: Callable[..., Page]) -> Callable[..., Page]:
    """Somebody before the page of devices."""

    def one(person: str = "zhou", **how: object) -> Page:
        return sit(person, path="/#/devices", ready="tbody tr", **how)

    return one


@pytest.fixture
def answer(store: sessionmaker[Session]) -> Callable[..., None]:
    """The device answers whatever it was told last."""

    def one(outcome: Outcome, reason: str | None = None) -> None:
        with store.begin() as session:
            last = session.scalars(select(Command).order_by(Command.id.desc())).first()
            assert last is not None
            said = envelope(Reply(to=last.id, outcome=outcome, reason=reason), NOON, last.device)
            orders.replied(session, MARKET, last.device, said, NOON)

    return one


def ordered(store: sessionmaker[Session]) -> list[tuple[str, str, str]]:
    with store() as session:
        rows = session.scalars(select(Command).order_by(Command.counter))
        return [(row.device, row.op, row.args.get("camera", "")) for row in rows]


def test_what_is_ill_is_as_loud_as_what_is_well_is_quiet(devices: Callable[..., Page]) -> None:
    page = devices("ji")
    well, ill = page.locator("tbody tr").nth(0), page.locator("tbody tr").nth(1)
    expect(well).to_contain_text("edge-1在线")
    expect(well.locator(".late")).to_have_count(0)
    expect(well).to_contain_text("第 1 版")
    expect(ill.locator("td").first).to_contain_text("失联 +3")
    expect(ill.locator(".late")).to_have_text(["失联", "4,321", "-8,250\u2009毫秒"])
    expect(page.locator(".title .late")).to_have_text("1 台要看")
    page.keyboard.press("j")
    expect(page.locator(".view h2").first).to_have_text("edge-2")
    expect(page.locator(".view .state .late")).to_have_text(["失联", "时钟不准", "丢过消息", "积压"])
    expect(page.locator(".view")).to_contain_text("丢弃 17 条")
    page.keyboard.press("k")
    expect(page.locator(".view")).to_contain_text("lianfang-edge 0.2.0")


def test_a_still_is_asked_for_with_two_keys_and_what_became_of_it_is_told(
    devices: Callable[..., Page], answer: Callable[..., None], store: sessionmaker[Session]
) -> None:
    page = devices()
    page.locator(".acts").first.wait_for()
    page.keyboard.press("s")
    expect(page.locator(".ask")).to_contain_text("哪台摄像机？要一张图")
    page.keyboard.press("2")
    line = page.locator(".view ol").last.locator("li").first
    expect(line).to_contain_text("要一张图 · C-3-2 周启明")
    expect(line.locator("[role=status]")).to_have_text("排队")
    assert ordered(store) == [("edge-1", "still", "c-3-2")]
    answer("refused", "the camera is lost")
    expect(line.locator("[role=status]")).to_have_text("设备不做")
    expect(line).to_contain_text("the camera is lost")


def test_a_device_with_one_camera_is_asked_at_once(
    devices: Callable[..., Page], answer: Callable[..., None], store: sessionmaker[Session]
) -> None:
    page = devices("qin")
    page.keyboard.press("j")
    page.locator(".view h2", has_text="edge-2").wait_for()
    expect(page.locator(".view")).to_contain_text("30\u2009秒内没回来，指令就作废")
    page.keyboard.press("t")
    line = page.locator(".view ol").last.locator("li").first
    expect(line).to_contain_text("发演练告警 · C-3-3")
    answer("done")
    expect(line.locator("[role=status]")).to_have_text("做了")
    assert ordered(store) == [("edge-2", "test-alarm", "c-3-3")]


def test_a_restart_says_what_goes_dark_before_it_is_done(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = devices("ji")
    page.locator(".acts").first.wait_for()
    page.keyboard.press("r")
    expect(page.locator(".ask")).to_contain_text("C-3-1 · C-3-2")
    page.keyboard.press("Escape")
    expect(page.locator(".ask")).to_have_count(0)
    assert ordered(store) == []
    page.keyboard.press("r")
    page.locator(".ask .primary").click()
    expect(page.locator(".view ol").last.locator("li").first).to_contain_text("重启程序")
    assert ordered(store) == [("edge-1", "restart", "")]


def test_who_may_not_sees_why_and_whom_to_ask(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = devices("lin")
    acts = page.locator(".acts").first
    expect(acts.locator("button:disabled")).to_have_text(["T发演练告警", "R重启程序"])
    expect(page.locator(".view")).to_contain_text("由派遣席、市场经理、系统管理员做")
    page.keyboard.press("r")
    page.keyboard.press("t")
    expect(page.locator(".ask")).to_have_count(0)
    assert ordered(store) == []


def test_a_configuration_is_changed_and_what_it_does_not_name_stays(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        orders.desire(session, actor(session, "ji"), "edge-1", SLOW, 1, NOON)
    page = devices()
    expect(page.locator("tbody tr").first).to_contain_text("1 → 第 2 版")
    page.get_by_role("button", name="改配置").click()
    expect(page.locator("form")).to_contain_text("遮挡 1 块、防区 0 个不变")
    fps = page.locator("form [type=number]").first
    expect(fps).to_have_value("2")
    fps.fill("4.5")
    page.keyboard.press("Enter")
    expect(page.locator(".view")).to_contain_text("第 3 版已下发，等设备应用")
    with store() as session:
        last = session.scalars(select(Desired).order_by(Desired.version.desc())).first()
        assert last is not None
        assert last.fields["cameras"]["c-3-1"]["fps"] == 4.5
        assert len(last.fields["cameras"]["c-3-1"]["masks"]) == 1


def test_what_was_typed_stays_when_somebody_was_faster(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = devices()
    page.get_by_role("button", name="改配置").click()
    fps = page.locator("form [type=number]").first
    fps.fill("6")
    with store.begin() as session:
        orders.desire(session, actor(session, "ji"), "edge-1", SLOW, 1, NOON)
    page.keyboard.press("Enter")
    expect(page.locator("form [role=alert]")).to_contain_text("配置已被他人更改")
    expect(fps).to_have_value("6")


def test_what_was_typed_stays_when_the_database_is_away_and_goes_when_it_is_back(
    devices: Callable[..., Page], store: sessionmaker[Session], served: Served
) -> None:
    page = devices()
    page.get_by_role("button", name="改配置").click()
    page.locator("form [type=number]").first.fill("6")
    with store.begin() as session:
        session.execute(text("ALTER TABLE desired RENAME TO desired_away"))
    served.parts.healthy.found["database"] = False  # type: ignore[attr-defined]
    page.keyboard.press("Enter")
    expect(page.locator("form [role=alert]")).to_contain_text("数据库暂时不可用")
    expect(page.locator("[data-part=database]")).to_contain_text("写好的字会留着")
    expect(page.locator("form [type=number]").first).to_have_value("6")
    with store.begin() as session:
        session.execute(text("ALTER TABLE desired_away RENAME TO desired"))
    served.parts.healthy.found["database"] = True  # type: ignore[attr-defined]
    page.locator("form [type=submit]").click()
    expect(page.locator(".view")).to_contain_text("第 2 版已下发")
    expect(page.locator("[data-part=database]")).to_have_count(0)


def test_a_device_that_falls_silent_under_the_eyes_turns_inverse_and_keeps_its_place(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = devices("zhu")
    with store.begin() as session:
        session.get_one(Device, "edge-1").online = False
        session.get_one(Camera, "c-3-1").state = "lost"
    expect(page.locator("tbody tr").first).to_contain_text("edge-1失联")
    expect(page.locator(".view .cameras li").first).to_contain_text("不知道")


def test_what_was_never_heard_is_not_told_as_nought(
    devices: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.add(Device(id="edge-3", market=MARKET, status="planned"))
    page = devices()
    row = page.locator("tbody tr").nth(2)
    expect(row).to_contain_text("edge-3还没接入还没有消息––")
    expect(row.locator(".late")).to_have_count(0)
