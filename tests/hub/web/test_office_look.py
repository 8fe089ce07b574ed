"""The pages about people at their real sizes: readable, nothing serious for axe, nothing too wide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.gear.oidc import Oidc
from hub.store.people import Person
from tests.hub.town import MARKET
from tests.hub.web.test_imports_page import BAD, GOOD, choose
from tests.hub.web.test_markets import CHOOSER, two
from tests.hub.web.test_office import filled
from tests.hub.web.test_signing_in import strict
from tests.system.person import prefer
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

__all__ = ["filled", "strict", "two"]

pytestmark = pytest.mark.screen

PAGES = {
    "ji": {
        "people": "tbody tr",
        "people/tao": "form",
        "staff/lin": "form",
        "armbands": "tbody tr",
        "phones/li": ".who",
        "displays": "form",
        "imports": ".drop",
        "areas": "form",
        "me": ".rows li",
    },
    "zhou": {
        "people": ".rows",
        "rights": "form",
        "rights/lin": "tbody tr",
        "contacts": "input",
        "care": ".rows li",
        "register": "form",
    },
}
"""Who → page → what stands there once it is read."""


@pytest.mark.long
@pytest.mark.usefixtures("filled")
@in_every_look
def test_every_page_about_people(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    for who, pages in PAGES.items():
        page = sit(who, size=size, lang=lang, theme=theme, path="/#/people", ready="main tbody tr")
        for path, ready in pages.items():
            page.goto(f"/#/{path}")
            page.locator(f"main {ready}").first.wait_for()
            page.wait_for_timeout(200)
            look(page, f"office-{who}-{path.replace('/', '-')}-{named(how)}")


@pytest.mark.long
@pytest.mark.usefixtures("filled", "two")
@in_every_look
def test_what_is_pressed_on_the_pages_about_people(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    ji = sit("ji", size=size, lang=lang, theme=theme, path="/#/imports", ready="main .drop")
    choose(ji, [*GOOD, BAD])
    ji.locator("main tbody tr").first.wait_for()
    look(ji, f"imports-report-{named(how)}")
    ji.goto("/#/people/tao")
    ji.locator(".view .rows .btn").first.click()
    ji.locator(".view .ask").wait_for()
    look(ji, f"people-take-{named(how)}")
    ji.goto("/#/armbands")
    ji.locator("tbody .acts .btn").first.click()
    ji.wait_for_timeout(300)
    look(ji, f"armbands-issue-{named(how)}")
    zhou = sit("zhou", size=size, lang=lang, theme=theme, path="/#/rights", ready="main form")
    zhou.locator("main form .primary").click()
    zhou.locator("tbody tr").first.wait_for()
    look(zhou, f"rights-asked-{named(how)}")
    zhou.goto("/#/contacts")
    zhou.locator("main input").first.fill("c-1")
    zhou.locator(".found .btn").first.click()
    zhou.locator("form input").first.fill("water leak at night")
    zhou.locator("form .primary").click()
    zhou.locator("form").nth(1).wait_for()
    look(zhou, f"contacts-looked-{named(how)}")
    zhou.goto("/#/register")
    zhou.locator("main form .primary").click()
    zhou.locator("tbody tr").first.wait_for()
    look(zhou, f"register-read-{named(how)}")
    zhou.locator(".who").first.click()
    zhou.locator("#menu .btn").first.wait_for()
    look(zhou, f"menu-{named(how)}")
    jia = sit("jia", size=size, lang=lang, theme=theme, ready=CHOOSER)
    look(jia, f"markets-{named(how)}")


@pytest.mark.long
@pytest.mark.usefixtures("filled")
@in_every_look
def test_every_step_of_signing_in(
    how: Look, browser: Browser, strict: Served, store: sessionmaker[Session]
) -> None:
    (width, height), lang, theme = how
    strict.parts = replace(strict.parts, oidc=Oidc("http://127.0.0.1:9", "lianfang"))
    strict.stop()
    strict.begin()
    context = browser.new_context(base_url=strict.url, viewport={"width": width, "height": height})
    prefer(context, lang, theme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/#/oidc/oidc.unknown")
    page.locator(".oidc .btn").wait_for()
    look(page, f"login-{named(how)}")
    page.locator("#user").fill("ji")
    page.locator("#password").fill("ji")
    page.keyboard.press("Enter")
    page.locator("section .primary").click()
    page.locator("section img").wait_for()
    look(page, f"factor-{named(how)}")
    page.goto(f"/b/{MARKET}/0301")
    page.locator("dl").wait_for()
    look(page, f"armband-{named(how)}")
    page.goto("/enrol#some-token")
    page.locator("form .primary").wait_for()
    look(page, f"enrol-{named(how)}")
    with store.begin() as s:
        s.query(Person).update({"login": None})
    context.clear_cookies()
    page.goto("/")
    page.locator(".two").wait_for()
    look(page, f"setup-{named(how)}")
    context.close()


@pytest.mark.long
@in_every_look
def test_a_display_and_its_pad(how: Look, sit: Callable[..., Page], alarm: Callable[..., str]) -> None:
    size, lang, theme = how
    alarm()
    page = sit("zhou", size=size, lang=lang, theme=theme, path="/#/displays", ready=".office form")
    page.locator("main form input").fill("值班室大屏")
    page.locator("main form .primary").click()
    page.locator(".at .btn").first.click()
    page.locator("dialog .primary").wait_for()
    look(page, f"pad-{named(how)}")
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    look(page, f"display-{named(how)}")
