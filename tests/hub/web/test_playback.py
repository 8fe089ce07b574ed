"""Playback as a monitor meets it: what there is, what is missing and why, and pieces that the edge sends."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service import media, order, recording
from hub.store.device import Device
from hub.store.order import Command
from hub.store.staff import Access
from tests.edge.camera import film as films
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON, envelope
from tests.hub.web.test_look import seat
from tests.system.test_screens import Look, in_every_look, look, named
from wire.message import Gap, Manifest, MediaRef, Reply, Segment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

__all__ = ["seat"]

pytestmark = [pytest.mark.screen, pytest.mark.usefixtures("kept")]

MINUTE = timedelta(minutes=1)
PATH = "/#/playback/c-3-1"
READY = ".line"
PLAYED = "document.querySelector('video').currentTime"


@pytest.fixture
def kept(store: sessionmaker[Session]) -> None:
    """Five hours of the gate's camera, with two holes and half an hour of its small stream."""
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = True
        holes = {
            100: Gap(NOON - 212 * MINUTE, "camera", "refused-login: 401"),
            200: Gap(NOON - 103 * MINUTE, "quota", "full"),
        }
        for number in range(1, 300):
            hole = holes.get(number)
            began = NOON - (301 - number) * MINUTE
            piece = Segment(
                camera="c-3-1",
                began=began,
                ended=began + (MINUTE if number + 1 not in holes else -MINUTE * 10),
                size=30_000_000,
                codec="h264",
                picture=(1920, 1080),
                stream="sub" if 240 <= number < 270 else "main",
                sha256=f"{number:064x}",
                before=f"{number - 1:064x}" if number > 1 else None,
                hole=hole,
                cores=0.004,
                kept_from=NOON - timedelta(days=30, hours=3),
                days=33.4,
            )
            if number % 100 < 90 or number > 200:
                recording.take(s, MARKET, "edge-1", piece, NOON)


@pytest.fixture
def sends(
    store: sessionmaker[Session], served: Served, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], None]:
    """The edge sends what it was asked for last: ten seconds of film."""
    path: Path = films.write(tmp_path_factory.mktemp("piece") / "piece.mp4", 100)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()

    def one() -> None:
        with store.begin() as s:
            made = last(s)
            begin = NOON - MINUTE * 3
            ref = MediaRef("clip", sha256, len(data), "video/mp4")
            manifest = Manifest(made.id, "c-3-1", begin, begin + timedelta(seconds=10), (ref,), 3.1)
            media.announce(s, MARKET, "edge-1", manifest, NOON)
        served.parts.files.put(sha256, [data])
        with store.begin() as s:
            media.stored(s, sha256, len(data), "video/mp4", NOON)

    return one


def last(s: Session) -> Command:
    found = s.scalars(select(Command).order_by(Command.id.desc())).first()
    assert found is not None
    return found


def registered(store: sessionmaker[Session]) -> list[str]:
    with store() as s:
        return list(s.scalars(select(Access.purpose).where(Access.kind == "playback")))


def asks(page: Page, why: str = "a bag was lost") -> None:
    page.locator(".why input").fill(why)
    page.locator("h1").click()
    page.keyboard.press("Space")


def test_a_piece_is_asked_for_registered_and_played(
    sit: Callable[..., Page], store: sessionmaker[Session], sends: Callable[[], None]
) -> None:
    page = sit("lin", path=PATH, ready=READY)
    expect(page.get_by_role("button", name="播放")).to_be_disabled()
    expect(page.locator(".said")).to_contain_text("先写明用途")
    asks(page)
    expect(page.locator(".blank")).to_contain_text("已请前端截取")
    assert eventually(lambda: registered(store) == ["a bag was lost"])
    with store() as s:
        assert last(s).args["seconds"] == 10.0
    sends()
    page.locator("video").wait_for()
    assert eventually(lambda: page.evaluate(PLAYED) > 0.5)
    expect(page.locator(".said")).to_contain_text("3.1")
    page.keyboard.press("Space")
    assert page.evaluate("document.querySelector('video').paused")


def test_what_the_edge_refuses_is_said_and_nothing_spins(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("lin", path=PATH, ready=READY, lang="en")
    asks(page)
    assert eventually(lambda: bool(registered(store)))
    with store.begin() as s:
        said = envelope(Reply(to=last(s).id, outcome="refused", reason="nothing is recorded"), NOON)
        order.replied(s, MARKET, "edge-1", said, NOON)
    expect(page.locator(".blank")).to_contain_text("Not fetched: nothing is recorded")
    assert page.locator("progress").count() == 0


def test_an_edge_that_is_away_is_said_with_what_remains(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = False
    page = sit("lin", path=PATH, ready=READY)
    page.locator(".why input").fill("a bag was lost")
    expect(page.locator(".said")).to_contain_text("录像没有丢")
    expect(page.get_by_role("button", name="播放")).to_be_disabled()


def test_keys_walk_the_line_and_a_hole_says_why(sit: Callable[..., Page], alarm: Callable[..., str]) -> None:
    alarm("intrusion")
    at = int((NOON - 104 * MINUTE).timestamp() * 1000)
    page = sit("lin", path=f"{PATH}@{at}", ready=READY)
    line = page.locator(".line")
    before = line.get_attribute("aria-valuetext")
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    assert line.get_attribute("aria-valuetext") != before
    width = float(line.get_attribute("aria-valuemax") or 0) - float(line.get_attribute("aria-valuemin") or 0)
    page.keyboard.press("+")
    narrow = float(line.get_attribute("aria-valuemax") or 0) - float(line.get_attribute("aria-valuemin") or 0)
    assert narrow < width
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".blank")).to_contain_text("空间已满")


def test_who_may_not_play_has_no_such_page(sit: Callable[..., Page]) -> None:
    page = sit("zhu", path="/#/cases", ready="h1")
    assert page.locator("nav a", has_text="回放").count() == 0


@in_every_look
def test_playback(
    how: Look,
    seat: Callable[..., Page],
    alarm: Callable[..., str],
    sends: Callable[[], None],
    store: sessionmaker[Session],
) -> None:
    for kind in ("intrusion", "linger", "crowd"):
        alarm(kind)
    page = seat(how, path=PATH, ready=READY)
    page.locator(".alert").first.wait_for()
    look(page, f"playback-{named(how)}")
    asks(page)
    page.locator("progress").wait_for()
    look(page, f"playback-asked-{named(how)}")
    assert eventually(lambda: bool(registered(store)))
    sends()
    page.locator("video").wait_for()
    assert eventually(lambda: page.evaluate(PLAYED) > 0.2)
    page.keyboard.press("Space")
    expect(page.locator(".line .kept").first).to_be_in_viewport()
    look(page, f"playback-plays-{named(how)}")
