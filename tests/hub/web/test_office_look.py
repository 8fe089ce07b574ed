"""The pages about people at their real sizes: readable, nothing serious for axe, nothing too wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.hub.web.test_office import filled
from tests.system.test_screens import Look, in_every_look, look, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

__all__ = ["filled"]

pytestmark = pytest.mark.screen

PAGES = {
    "ji": {
        "people": "tbody tr",
        "people/tao": "form",
        "staff/lin": "form",
        "armbands": "tbody tr",
        "phones/li": ".who",
        "displays": "form",
        "me": ".rows li",
    },
    "zhou": {
        "people": ".rows",
        "rights": "form",
        "rights/lin": "tbody tr",
        "contacts": "input",
        "register": "form",
    },
}
"""Who → page → what stands there once it is read."""


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
