"""Silence, devices and dead letters at their real sizes: readable, and nothing serious for axe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.api import live
from tests.hub.web.test_devices import answer, stock
from tests.hub.web.test_letters import IDS, dead
from tests.hub.web.test_silence import tell
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.hub.web.conftest import Served

__all__ = ["answer", "dead", "stock", "tell"]

pytestmark = pytest.mark.screen


@pytest.fixture
def seat(sit: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Page]:
    """Somebody at a screen of this look; pulses come quickly."""
    monkeypatch.setattr(live, "PULSE_SECONDS", 0.2)

    def at(how: Look, person: str = "lin", **more: object) -> Page:
        size, lang, theme = how
        return sit(person, size=size, lang=lang, theme=theme, **more)

    return at


@in_every_look
def test_the_hub_is_silent(
    how: Look, alarm: Callable[..., str], seat: Callable[..., Page], served: Served
) -> None:
    for camera in ("c-3-1", "c-3-2", "c-3-3"):
        alarm("intrusion", camera)
    page = seat(how, clock=True)
    page.locator(".pick").wait_for()
    served.stop()
    page.clock.fast_forward("00:47")
    page.locator(".silent").wait_for()
    look(page, f"silent-{named(how)}")
    page.keyboard.press("a")
    page.locator(".old").wait_for()
    look(page, f"silent-seen-{named(how)}")


@pytest.mark.long
@in_every_look
def test_parts_of_the_hub_are_in_trouble(
    how: Look, alarm: Callable[..., str], seat: Callable[..., Page], tell: Callable[..., None]
) -> None:
    alarm("intrusion")
    page = seat(how)
    tell(50, "database", "broker")
    page.locator(".silent").wait_for()
    look(page, f"deaf-{named(how)}")
    page.keyboard.press("a")
    page.locator("[data-part=broker]").wait_for()
    look(page, f"trouble-wall-{named(how)}")
    page.goto("/#/cases")
    page.locator("h1").wait_for()
    page.wait_for_timeout(300)
    look(page, f"trouble-board-{named(how)}")


@pytest.mark.long
@pytest.mark.usefixtures("stock")
@in_every_look
def test_the_devices(how: Look, seat: Callable[..., Page], answer: Callable[..., None]) -> None:
    page = seat(how, "zhou", path="/#/devices", ready="tbody tr")
    look(page, f"devices-{named(how)}")
    page.goto("/#/devices/edge-1")
    page.locator(".acts").first.wait_for()
    page.keyboard.press("s")
    page.keyboard.press("1")
    page.locator(".view ol").last.locator("b").wait_for()
    answer("refused", "the camera has been lost since 03:12")
    page.keyboard.press("r")
    page.locator("button[aria-expanded]").last.click()
    page.wait_for_timeout(1500)
    look(page, f"device-{named(how)}")
    page.goto("/#/devices/edge-2")
    page.wait_for_timeout(500)
    look(page, f"device-ill-{named(how)}")


@pytest.mark.long
@pytest.mark.usefixtures("dead")
@in_every_look
def test_the_dead_letters(how: Look, seat: Callable[..., Page]) -> None:
    page = seat(how, "ji", path="/#/letters", ready="tbody tr")
    page.wait_for_timeout(500)
    look(page, f"letters-{named(how)}")
    page.goto(f"/#/letters/{IDS[0]}")
    page.locator("pre").wait_for()
    page.keyboard.press("x")
    page.wait_for_timeout(500)
    look(page, f"letter-{named(how)}")


@in_every_look
def test_no_dead_letters(how: Look, seat: Callable[..., Page]) -> None:
    page = seat(how, "ji", path="/#/letters", ready=".note")
    look(page, f"letters-none-{named(how)}")
