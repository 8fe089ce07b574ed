"""Every screen at its real sizes, in both languages, by day and by night: axe finds nothing serious."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from tests.system.device import panic
from tests.system.night import ROOT, until
from tests.system.person import DESK, PHONE, SHOTS, TV, asked, at_screen, prefer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.desk import Desks
    from tests.system.night import Night

pytestmark = [pytest.mark.screen, pytest.mark.timeout(240)]

AXE = ROOT / "hub" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
Look = tuple[tuple[int, int], Literal["zh", "en"], Literal["light", "dark"]]

LOOKS: list[Look] = [(TV, "zh", "dark")]
MORE_LOOKS: list[Look] = [
    (PHONE, "en", "light"),
    (TV, "en", "light"),
    (DESK, "zh", "light"),
    (DESK, "en", "dark"),
    (PHONE, "zh", "dark"),
]


def named(how: Look) -> str:
    (width, height), lang, theme = how
    return f"{width}x{height}-{lang}-{theme}"


in_every_look = pytest.mark.parametrize(
    "how",
    [
        *(pytest.param(how, id=named(how)) for how in LOOKS),
        *(pytest.param(how, id=named(how), marks=pytest.mark.long) for how in MORE_LOOKS),
    ],
)


def findings(page: Page) -> list[str]:
    """What axe calls serious or critical, each with its first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def look(page: Page, name: str) -> None:
    """Nothing serious for axe; nothing wider than the screen."""
    if SHOTS:
        page.screenshot(path=SHOTS / f"{name}.png")
    assert findings(page) == []
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} is {wider} px wider than the screen"


@in_every_look
def test_the_wall(
    market: Night,
    desks: Desks,
    how: Look,
) -> None:
    size, lang, theme = how
    with at_screen(desks, market, "monitor", size=size, lang=lang, theme=theme) as page:
        until(60, "an alert with a picture", lambda: page.locator("[data-alert] img").count())
        page.wait_for_timeout(1500)
        look(page, f"wall-{named(how)}")


@in_every_look
def test_a_case_and_the_board(
    market: Night,
    desks: Desks,
    how: Look,
) -> None:
    size, lang, theme = how
    with at_screen(desks, market, "dispatcher", size=size, lang=lang, theme=theme) as page:
        case = some_case(page)
        page.goto(f"/#/cases/{case}")
        page.locator("ol.stages, .stages").first.wait_for()
        page.wait_for_timeout(800)
        look(page, f"case-{named(how)}")
        page.goto("/#/cases")
        page.locator("h1").first.wait_for()
        page.wait_for_timeout(500)
        look(page, f"board-{named(how)}")


@in_every_look
def test_the_log_in(
    market: Night,
    desks: Desks,
    how: Look,
) -> None:
    size, lang, theme = how
    desk = desks.take(market.url)
    page = desk.page(size)
    prefer(page, lang, theme)
    page.goto("/")
    page.locator("#password").wait_for()
    look(page, f"login-{named(how)}")
    desks.give(desk)


@in_every_look
def test_an_urgent_alert_owns_the_screen_until_it_is_taken(
    market: Night,
    desks: Desks,
    how: Look,
) -> None:
    size, lang, theme = how
    with at_screen(desks, market, "monitor", size=size, lang=lang, theme=theme) as page:
        panic(market)
        first = page.get_by_text("110").first
        first.wait_for()
        page.wait_for_timeout(500)
        look(page, f"urgent-{named(how)}")
        page.keyboard.press("a")
        until(60, "it is a case", lambda: not untaken_urgent(page))


def untaken_urgent(page: Page) -> list[str]:
    return [
        one["id"]
        for one in asked(page, "/api/wall")["alerts"]
        if one["severity"] == 0 and one["state"] == "NEW"
    ]


def some_case(page: Page) -> str:
    """An open case; one is made of an alert where there is none."""
    cards = asked(page, "/api/cases")
    found: list[dict[str, Any]] = cards if isinstance(cards, list) else cards["cases"]
    if not found:
        csrf = asked(page, "/api/session")["csrf"]
        alert = until(
            60,
            "an alert with a still",
            lambda: next((one for one in asked(page, "/api/wall")["alerts"] if one["still"]), None),
        )
        answer = page.request.post(f"/api/alerts/{alert['id']}/confirm", data={}, headers={"X-CSRF": csrf})
        return str(answer.json()["case"])
    return str(found[0]["id"])
