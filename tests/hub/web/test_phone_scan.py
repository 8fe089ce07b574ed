"""A sign is read by the phone's camera: the reader is the hub's own, and comes when somebody scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import segno
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service.patrol import code
from hub.store.patrol import Visit
from tests.conftest import CHROMIUM, FLAGS
from tests.hub.gear.listener import eventually
from tests.hub.service.patrol.beat import KEY, hang, planned, rounds, sign

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.web.conftest import Served

pytestmark = pytest.mark.screen

WIDTH, HEIGHT, DOT = 640, 480, 9


@pytest.fixture
def codes(parts: Parts, store: sessionmaker[Session]) -> list[str]:
    """A round at noon past two points, and the texts of their codes."""
    for made in (parts.sessions, parts.readings, store):
        made.configure(info={code.KEY: KEY})
    with store.begin() as s:
        points = hang(s, 2)
        planned(s, points)
        rounds(s)
        return [sign(s, one) for one in points]


def film(text: str, path: Path) -> None:
    """What a camera sees that is held over a sign: YUV4MPEG2, one grey frame again and again."""
    matrix = np.array([list(row) for row in segno.make(text, error="m").matrix], dtype=np.uint8)
    dots = np.kron(1 - np.pad(matrix, 4), np.ones((DOT, DOT), dtype=np.uint8)) * 215 + 20
    frame = np.full((HEIGHT, WIDTH), 160, dtype=np.uint8)
    top, left = (HEIGHT - dots.shape[0]) // 2, (WIDTH - dots.shape[1]) // 2
    frame[top : top + dots.shape[0], left : left + dots.shape[1]] = dots
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + (b"FRAME\n" + frame.tobytes() + grey) * 3)


@pytest.fixture
def page(driver: Playwright, served: Served, codes: list[str], tmp_path: Path) -> Iterator[Page]:
    """A phone whose camera is held over the first point's sign."""
    film(codes[0], tmp_path / "sign.y4m")
    browser = driver.chromium.launch(
        executable_path=str(CHROMIUM),
        args=[
            *FLAGS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={tmp_path / 'sign.y4m'}",
        ],
    )
    page = browser.new_page(base_url=served.url, viewport={"width": 390, "height": 844})
    page.set_default_timeout(60_000)
    page.goto("/phone")
    page.locator("#user").fill("qiu")
    page.locator("#password").fill("qiu")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="开始这一轮").click()
    yield page
    browser.close()


def test_the_sign_is_read_by_the_camera(page: Page, store: sessionmaker[Session]) -> None:
    """Compiled code runs on this page and is asked of nobody but the hub."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="扫巡更点").click()
    expect(page.locator(".noted")).to_contain_text("已记到点", timeout=60_000)
    expect(page.locator(".noted h2")).to_have_text("1 号点")
    assert any("zxing_reader" in url for url in asked)
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}

    def read() -> bool:
        with store() as s:
            return [one.by for one in s.scalars(select(Visit))] == ["qr"]

    assert eventually(read)
