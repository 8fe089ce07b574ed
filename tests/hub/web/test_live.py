"""Live pictures on the wall: a real edge's socket, the real relay, Chromium's own decoders."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from edge.config import HubConfig
from hub.store.people import Grant
from tests.hub import relayed
from tests.hub.api.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from edge.camera.ring import Packet
    from tests.hub.web.conftest import Served

pytestmark = pytest.mark.screen
CAMERAS = ("c-3-1", "c-3-2")
PATIENCE = 300
WALKS = """(canvas) => {
    const copy = document.createElement("canvas");
    Object.assign(copy, { width: 320, height: 240 });
    const pen = copy.getContext("2d");
    pen.drawImage(canvas, 0, 0, 320, 240);
    const row = pen.getImageData(0, 155, 320, 1).data;
    return Array.from({ length: 320 }, (_, x) => row[4 * x] - row[4 * x + 2]).findIndex((tint) => tint > 60);
}"""
"""Where the film's rectangle stands, pixels from the left."""
NO_CODECS = "delete window.VideoDecoder;"
PLAIN = NO_CODECS + "Object.defineProperty(window, 'isSecureContext', { value: false });"
"""As over plain HTTP."""
NOTHING = NO_CODECS + "delete window.MediaSource;"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    return relayed.film(tmp_path_factory.mktemp("film"))


@pytest.fixture(autouse=True)
def going(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hub's clock goes: by one that stands, each picture would have waited longer than the last."""
    at, began = served.parts.clock.now(), time.monotonic()
    monkeypatch.setattr(served.parts.clock, "now", lambda: at + timedelta(seconds=time.monotonic() - began))


def sending(served: Served, film: list[Packet]) -> AbstractContextManager[dict[str, relayed.FilmEye]]:
    told = HubConfig("mqtt://127.0.0.1", served.url, "key")
    return relayed.relaying(told, "edge-1", KEY, CAMERAS, film)


def moves(page: Page, what: str) -> bool:
    """Whether the picture of the first tile goes on, however slowly this machine draws."""
    seen: set[int] = set()
    for _ in range(PATIENCE):
        seen.add(page.locator(f"figure .live {what}").first.evaluate(WALKS))
        if len(seen - {-1}) >= 3:
            return True
        page.wait_for_timeout(100)
    return False


def test_the_wall_shows_live_pictures_and_says_so_with_their_delay(
    served: Served, film: list[Packet], sit: Callable[..., Page]
) -> None:
    with sending(served, film):
        page = sit()
        said = page.locator("[data-how=codecs]")
        expect(said).to_have_count(3)
        expect(said.first).to_contain_text("直播")
        expect(said.first).to_contain_text("s")
        assert moves(page, "canvas")
        mains = [stream.main for stream in served.parts.streams._live]
        assert sorted(mains)[-2:] == [False, True], (
            "the large tile shows the main stream, small ones the other"
        )
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(1500)
        assert not [url for url in asked if url.endswith(("c-3-1/still", "c-3-2/still"))]


def test_over_plain_http_it_is_played_as_a_file_that_grows(
    served: Served, film: list[Packet], sit: Callable[..., Page]
) -> None:
    with sending(served, film):
        page = sit(script=PLAIN, lang="en")
        expect(page.locator("[data-how=files]").first).to_contain_text("Buffered")
        assert moves(page, "video")
        page.keyboard.press("v")
        expect(page.locator("div.views")).to_contain_text("Not by https")


@pytest.mark.long
def test_where_nothing_plays_it_stills_remain(
    served: Served, film: list[Packet], sit: Callable[..., Page]
) -> None:
    with sending(served, film):
        page = sit(script=NOTHING)
        expect(page.locator("[data-how=stills]").first).to_contain_text("图片")
        with page.expect_request("**/still"):
            pass


@pytest.mark.long
def test_a_stream_that_stops_is_live_no_more(
    served: Served, film: list[Packet], sit: Callable[..., Page]
) -> None:
    with sending(served, film):
        page = sit()
        expect(page.locator("[data-how=codecs]").first).to_be_visible()
    expect(page.locator("[data-how=codecs]")).to_have_count(0)
    with page.expect_request("**/still"):
        pass


def test_a_lost_right_takes_the_pictures_away(
    served: Served, film: list[Packet], sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with sending(served, film):
        page = sit()
        expect(page.locator("[data-how=codecs]").first).to_be_visible()
        with store.begin() as session:
            session.delete(session.get_one(Grant, "lin-monitor"))
        expect(page.locator("[data-how=codecs]")).to_have_count(0)


def test_one_key_makes_room_for_many_and_one_press_for_one(
    served: Served, film: list[Packet], sit: Callable[..., Page]
) -> None:
    with sending(served, film):
        page = sit()
        page.locator("svg.plan").wait_for()
        page.keyboard.press("v")
        expect(page.locator(".views [data-how=codecs]")).to_have_count(2)
        expect(page.locator("svg.plan")).to_have_count(0)
        expect(page.locator("#queue-head")).to_be_visible()
        page.locator(".whole").first.click()
        expect(page.locator(".views figure.large [data-how=codecs]")).to_have_count(1)
        page.locator(".views button", has_text="全部画面").press("Escape")
        expect(page.locator(".views figure.large")).to_have_count(0)
        page.keyboard.press("v")
        expect(page.locator(".views .n16")).to_be_visible()
        page.keyboard.press("v")
        page.locator("svg.plan").wait_for()
