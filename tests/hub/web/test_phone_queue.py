"""What a phone keeps until the hub has it: one bad thing holds up no other, nothing waits for ever unsaid."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.service.phone import said
from hub.store.case import Case
from tests.hub.gear.listener import eventually
from tests.hub.web.test_phone_offline import taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from playwright.sync_api import Page
    from sqlalchemy.orm import Session, sessionmaker

    from hub.core.glossary import Pair
    from hub.core.policy import Actor
    from hub.service.phone.item import Item

pytestmark = pytest.mark.screen
PHONE = (390, 844)
BROKEN = "水房"
FORGET = """() => new Promise((done) => {
    const opening = indexedDB.open("lianfang-phone");
    opening.onsuccess = () => {
        const clearing = opening.result.transaction("photos", "readwrite").objectStore("photos").clear();
        clearing.onsuccess = () => { opening.result.close(); done(null); };
    };
})"""


@contextmanager
def away(page: Page) -> Iterator[None]:
    """Without a network, at the page where things are reported."""
    page.evaluate("location.hash = '#/report'")
    page.get_by_role("button", name="报上去").wait_for()
    page.context.set_offline(True)
    try:
        yield
    finally:
        page.context.set_offline(False)


def report(page: Page, place: str, shot: Path | None = None) -> None:
    if shot is not None:
        page.locator("input[type=file]").set_input_files(shot)
        page.get_by_alt_text("刚拍的照片").wait_for()
    page.get_by_label("消防隐患").check()
    page.get_by_label("在哪里").fill(place)
    page.get_by_role("button", name="报上去").click()
    page.get_by_role("button", name="再报一件").click()


def places(store: sessionmaker[Session]) -> set[str]:
    with store() as s:
        return set(s.scalars(select(Case.place_zh).where(Case.reporter == "qiu")))


def test_what_the_hub_fails_on_holds_up_nothing_else(
    sit: Callable[..., Page], store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    act = said.ACTS["report"]

    def fail(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
        if item.body["place"] == BROKEN:
            raise ZeroDivisionError
        return act(s, actor, item, now)

    monkeypatch.setitem(said.ACTS, "report", fail)
    with away(page):
        for place in (BROKEN, "东门"):
            report(page, place)
    assert eventually(lambda: places(store) == {"东门"})
    monkeypatch.setitem(said.ACTS, "report", act)
    assert eventually(lambda: places(store) == {"东门", BROKEN})


def test_a_photo_that_the_phone_has_lost_is_said_and_the_rest_goes(
    sit: Callable[..., Page], store: sessionmaker[Session], tmp_path: Path
) -> None:
    shot = taken(tmp_path / "shot.jpg", 1)
    page = sit("qiu", path="/phone", ready=".pocket", size=PHONE)
    with away(page):
        report(page, "北门", shot)
        page.evaluate(FORGET)
        report(page, "东门")
    assert eventually(lambda: places(store) == {"东门"})
    page.evaluate("location.hash = '#/unsent'")
    expect(page.locator(".pocket")).to_contain_text("请重拍")
