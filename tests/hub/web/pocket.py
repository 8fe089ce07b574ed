"""A page of the phone, looked at in both languages, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from tests.system.test_screens import look

if TYPE_CHECKING:
    from playwright.sync_api import Page

Light = tuple[Literal["zh", "en"], Literal["light", "dark"]]

in_every_light = pytest.mark.parametrize(
    "how",
    [
        pytest.param(("zh", "light"), id="zh-light"),
        pytest.param(("en", "dark"), id="en-dark"),
        pytest.param(("zh", "dark"), id="zh-dark", marks=pytest.mark.long),
        pytest.param(("en", "light"), id="en-light", marks=pytest.mark.long),
    ],
)


def shown(page: Page, name: str, how: Light) -> None:
    """Nothing serious for axe, nothing wider than the phone; kept as a picture for whoever wants to look."""
    look(page, f"phone-{name}-{how[0]}-{how[1]}")
