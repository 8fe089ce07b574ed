"""Every step of signing in at its real sizes: codes, new passwords, a phone's QR, and no hub at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
import pytest

from hub.store.people import Person
from tests.hub.town import NOON
from tests.hub.web.test_office import filled
from tests.hub.web.test_signing_in import GOOD, strict
from tests.system.person import prefer
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

__all__ = ["filled", "strict"]

pytestmark = pytest.mark.screen


@pytest.fixture
def stranger(browser: Browser, strict: Served) -> Iterator[Callable[[Look], Page]]:
    """Somebody in front of the log-in page."""
    contexts = []

    def at(how: Look) -> Page:
        (width, height), lang, theme = how
        context = browser.new_context(base_url=strict.url, viewport={"width": width, "height": height})
        contexts.append(context)
        prefer(context, lang, theme)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto("/")
        return page

    yield at
    for context in contexts:
        context.close()


def log_in(page: Page, user: str, password: str) -> None:
    page.locator("#user").fill(user)
    page.locator("#password").fill(password)
    page.keyboard.press("Enter")


def set_up(page: Page, how: Look | None = None) -> pyotp.TOTP:
    """Through the second factor; with a look, each step is looked at."""
    page.locator(".owed .primary").click()
    page.locator(".owed img").wait_for()
    if how:
        look(page, f"factor-{named(how)}")
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.locator(".owed input").fill(app.at(NOON))
    page.keyboard.press("Enter")
    page.locator(".codes li").first.wait_for()
    if how:
        look(page, f"recovery-{named(how)}")
    page.locator(".owed .primary").click()
    return app


@in_every_look
def test_a_second_factor_and_a_new_password_are_owed(
    how: Look, stranger: Callable[[Look], Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Person, "ji").must_change = True
    page = stranger(how)
    log_in(page, "ji", "ji")
    page.locator(".owed .primary").wait_for()
    look(page, f"owed-factor-{named(how)}")
    set_up(page, how)
    page.locator(".owed input[type=password]").nth(1).wait_for()
    look(page, f"owed-password-{named(how)}")
    page.locator(".owed input").first.fill(GOOD)
    page.locator(".owed input").nth(1).fill("something else")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    look(page, f"owed-password-differs-{named(how)}")


@pytest.mark.long
@in_every_look
def test_a_code_is_asked_for(how: Look, stranger: Callable[[Look], Page]) -> None:
    page = stranger(how)
    log_in(page, "ji", "ji")
    set_up(page)
    page.locator("h1").wait_for()
    page.context.clear_cookies()
    page.reload()
    log_in(page, "ji", "ji")
    page.locator(".owed input").wait_for()
    look(page, f"code-{named(how)}")
    page.locator(".owed input").fill("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    look(page, f"code-wrong-{named(how)}")


@pytest.mark.long
@pytest.mark.usefixtures("filled")
@in_every_look
def test_a_phones_code_is_shown(how: Look, sit: Callable[..., Page]) -> None:
    size, lang, theme = how
    page = sit("ji", size=size, lang=lang, theme=theme, path="/#/phones/li", ready="main .view .btn")
    page.locator(".view .go .btn").click()
    page.locator(".view img").wait_for()
    look(page, f"phone-qr-{named(how)}")


@in_every_look
def test_there_is_no_hub(how: Look, stranger: Callable[[Look], Page]) -> None:
    """As the kept pages open without it."""
    page = stranger(how)
    page.locator("#user").wait_for()
    page.evaluate("localStorage.heard = new Date(Date.now() - 754_000).toISOString()")
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    page.locator(".away .primary").wait_for()
    look(page, f"away-{named(how)}")
