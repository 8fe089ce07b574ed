"""Zones as a manager draws them: with the mouse, by keys alone, refused with a sentence, kept, answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import cv2
import msgspec
import numpy as np
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hub.api.stills import Still
from hub.service import order, replay, scene
from hub.store.device import Device
from hub.store.order import Desired
from hub.store.scene import Replay
from hub.store.staff import Access
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, NOON, envelope
from tests.hub.web.test_look import seat
from tests.system.test_screens import Look, in_every_look, look, named
from wire.message import Beat, Box, Reply, Twin
from wire.shown import Gauge, Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.web.conftest import Served

__all__ = ["seat"]

pytestmark = [pytest.mark.screen, pytest.mark.usefixtures("eye")]

PATH = "/#/zones/c-3-1"
READY = ".board svg[role=application]"
YARD = b"""{"zones": [{"id": "yard", "polygon": [[0.2, 0.55], [0.6, 0.5], [0.7, 0.9], [0.15, 0.95]],
 "rules": [{"kind": "linger", "seconds": 30}]},
 {"id": "gate", "line": [[0.75, 0.4], [0.95, 0.75]], "rules": [{"kind": "line", "fires": "in"}]}],
 "masks": [[[0.0, 0.0], [0.3, 0.0], [0.25, 0.25], [0.0, 0.3]]]}"""


def picture() -> bytes:
    """An aisle of a market, drawn: floor, stalls on both sides and somebody far off."""
    ground = np.full((432, 768, 3), 92, np.uint8)
    ground[:150] = (70, 74, 78)
    for side in (0, 1):
        for number in range(5):
            left = 20 + number * 60 if side == 0 else 768 - 80 - number * 60
            cv2.rectangle(
                ground, (left, 60 + number * 16), (left + 52, 210 - number * 8), (110 + 14 * number,) * 3, -1
            )
    cv2.rectangle(ground, (380, 190), (402, 262), (190, 170, 150), -1)
    return bytes(cv2.imencode(".jpg", ground)[1])


@pytest.fixture
def eye(store: sessionmaker[Session], served: Served) -> None:
    """The gate's edge is there, obeys, and shows its picture."""
    served.parts.stills.put("c-3-1", Still(picture(), NOON))
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = True
        beat = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0, twin=Twin(version=0, firmware="0.1.0"))
        order.reported(s, "edge-1", envelope(beat), NOON)


def newest(store: sessionmaker[Session]) -> Desired | None:
    with store() as s:
        return s.scalars(select(Desired).order_by(Desired.version.desc())).first()


def drawn(store: sessionmaker[Session]) -> dict[str, Any]:
    made = newest(store)
    assert made is not None
    found: dict[str, Any] = made.fields["cameras"]["c-3-1"]
    return found


def answers(store: sessionmaker[Session], outcome: str, reason: str | None = None) -> None:
    made = newest(store)
    assert made is not None
    with store.begin() as s:
        said = Reply(to=made.id, outcome=outcome, reason=reason, version=made.version)  # type: ignore[arg-type]
        order.replied(s, MARKET, "edge-1", envelope(said), NOON)


def press(page: Page, *corners: tuple[float, float]) -> None:
    """Press on the picture, at shares of it."""
    box = page.locator(READY).bounding_box()
    assert box is not None
    for x, y in corners:
        page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def points(page: Page) -> Locator:
    return page.locator(".point")


def near(found: list[list[float]], wanted: list[tuple[float, float]]) -> bool:
    return len(found) == len(wanted) and bool(np.allclose(found, wanted, atol=0.01))


def test_a_zone_is_drawn_with_the_mouse_tuned_kept_and_taken_by_the_edge(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    expect(page.get_by_role("button", name="Save and send")).to_be_disabled()
    page.get_by_role("button", name="Draw a zone").click()
    press(page, (0.2, 0.5), (0.6, 0.5), (0.6, 0.9))
    page.keyboard.press("f")
    expect(points(page)).to_have_count(3)
    page.get_by_label("Inside for, s").fill("2.5")
    page.get_by_label("Add a rule").select_option("crowd")
    page.get_by_label("A crowd from").fill("9")
    page.get_by_role("button", name="Save and send").click()
    assert eventually(lambda: newest(store) is not None)
    (zone,) = drawn(store)["zones"]
    assert near(zone["polygon"], [(0.2, 0.5), (0.6, 0.5), (0.6, 0.9)])
    rules = [(rule["kind"], rule.get("dwell"), rule.get("count")) for rule in zone["rules"]]
    assert rules == [("intrusion", 2.5, None), ("crowd", None, 9)]
    answers(store, "applied")
    expect(page.locator(".save")).to_contain_text("Version 1 is in force at the edge")


def test_a_zone_is_drawn_moved_and_undone_by_keys_alone(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    page.get_by_role("button", name="Draw a mask").focus()
    page.keyboard.press("Enter")
    expect(page.locator(READY)).to_be_focused()
    for keys in (["Space"], ["Shift+ArrowRight"] * 4 + ["Space"], ["Shift+ArrowDown"] * 2 + ["Space"], ["f"]):
        for key in keys:
            page.keyboard.press(key)
    expect(points(page)).to_have_count(3)
    points(page).nth(0).focus()
    page.keyboard.press("Tab")
    expect(points(page).nth(1)).to_be_focused()
    expect(points(page).nth(1)).to_have_attribute(
        "aria-label", "Mask 1, point 2 of 3: 70.0\u2009% across, 50.0\u2009% down"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    expect(points(page)).to_have_count(4)
    expect(points(page).nth(2)).to_be_focused()
    page.keyboard.press("Delete")
    expect(points(page)).to_have_count(3)
    page.keyboard.press("Delete")
    expect(page.locator(".help")).to_contain_text("cannot have fewer points")
    page.keyboard.press("z")
    expect(points(page)).to_have_count(4)
    for _ in range(3):
        page.keyboard.press("z")
    expect(points(page)).to_have_count(0)
    for _ in range(2):
        page.keyboard.press("y")
    page.get_by_role("button", name="Save and send").focus()
    page.keyboard.press("Enter")
    assert eventually(lambda: newest(store) is not None)
    (mask,) = drawn(store)["masks"]
    assert near(mask[:2], [(0.5, 0.5), (0.71, 0.5)])


def test_what_is_drawn_and_not_saved_is_lost_to_no_key_and_to_no_link_without_a_question(
    sit: Callable[..., Page],
) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    page.get_by_role("button", name="Draw a zone").click()
    press(page, (0.2, 0.5), (0.6, 0.5))
    placed = page.locator(".tools")
    page.evaluate("document.activeElement.blur()")
    for key in ("j", "k", "ArrowDown"):
        page.keyboard.press(key)
    expect(placed).to_contain_text("2 points")
    question = page.get_by_role("dialog", name="Drop what is not saved?")
    page.locator("#camera-c-3-2").click()
    expect(question).to_contain_text("it is lost if you leave")
    look(page, "zones-leaving-1366x768-en-light")
    assert page.evaluate("location.hash") == "#/zones/c-3-1"
    page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(placed).to_contain_text("2 points")
    page.get_by_role("navigation").get_by_role("link", name="Cases").click()
    question.get_by_role("button", name="Stay and go on").click()
    page.evaluate("location.hash = '#/'")
    question.get_by_role("button", name="Stay and go on").click()
    press(page, (0.6, 0.9))
    page.keyboard.press("f")
    expect(points(page)).to_have_count(3)
    page.locator("#camera-c-3-2").click()
    question.get_by_role("button", name="Drop it and leave").click()
    expect(page.locator("#camera-c-3-2")).to_have_attribute("aria-current", "true")
    expect(points(page)).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("k")
    expect(page.locator("#camera-c-3-1")).to_have_attribute("aria-current", "true")


@pytest.mark.long
def test_an_outline_that_crosses_itself_is_said_and_not_sent_until_it_is_right(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path=PATH, ready=READY)
    page.get_by_role("button", name="画防区").click()
    press(page, (0.2, 0.5), (0.6, 0.9))
    page.keyboard.press("f")
    expect(page.locator(".help")).to_contain_text("至少 3 个角点")
    press(page, (0.6, 0.5), (0.2, 0.9))
    page.keyboard.press("f")
    expect(page.locator(".save")).to_contain_text("交叉")
    expect(page.get_by_role("button", name="存并下发")).to_be_disabled()
    for _ in range(9):
        points(page).nth(1).press("Shift+ArrowUp")
    for _ in range(9):
        points(page).nth(2).press("Shift+ArrowDown")
    expect(page.get_by_role("button", name="存并下发")).to_be_enabled()
    assert newest(store) is None


@pytest.mark.long
def test_a_point_is_pulled_and_a_new_one_grows_between_two(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    expect(page.locator(".save")).to_contain_text("it watches by exactly this")
    expect(points(page)).to_have_count(4)
    box = points(page).nth(1).locator(".dot").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] - 60, steps=4)
    page.mouse.up()
    half = page.locator(".half .dot").nth(2).bounding_box()
    assert half is not None
    page.mouse.move(half["x"] + half["width"] / 2, half["y"] + half["height"] / 2)
    page.mouse.down()
    page.mouse.move(half["x"], half["y"] - 50, steps=4)
    page.mouse.up()
    expect(points(page)).to_have_count(5)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(points(page)).to_have_count(4)
    page.keyboard.press("z")
    expect(page.get_by_role("button", name="Save and send")).to_be_disabled()
    with store() as s:
        looks = s.scalars(select(Access.kind)).all()
    assert looks == ["live"], "the picture is registered, once"


@pytest.mark.long
def test_what_the_edge_refuses_comes_back_as_a_sentence(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    page.locator(".shapes button", has_text="gate").click()
    page.get_by_role("button", name="Turn it round").click()
    page.get_by_role("button", name="Save and send").click()
    assert eventually(lambda: newest(store) is not None)
    answers(store, "rejected", "this device has no camera c-3-1")
    expect(page.locator(".save")).to_contain_text(
        "The edge refused version 1: this device has no camera c-3-1"
    )


@pytest.mark.long
def test_who_may_not_draw_reads_why_and_changes_nothing(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = sit("ji", path=PATH, ready=READY, lang="en")
    expect(page.locator(".none")).to_contain_text("drawing works all the same")
    page = sit("lin", path=PATH, ready=READY, lang="en")
    expect(page.locator(".save")).to_contain_text("You may look only")
    expect(page.get_by_role("button", name="Draw a zone")).to_be_disabled()


@in_every_look
def test_the_drawing_board(how: Look, seat: Callable[..., Page], store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = seat(how, "zhou", path=PATH, ready=READY)
    points(page).nth(3).wait_for()
    points(page).nth(1).focus()
    look(page, f"zones-{named(how)}")


def shown(number: int, seconds: float) -> bytes:
    """What the edge shows while rules are tried: somebody in the yard, and how long the rule has counted."""
    box = Box(left=380, top=190, width=22, height=72, label="person", score=0.83)
    gauges = (
        Gauge("yard", "linger", seconds, 30.0, number=1),
        Gauge("yard", "crowd", 0.0, 3.0, number=1, enough=6, armed=False),
        Gauge("gate", "line", 0.0, 0.0, number=4, open=True),
    )
    at = NOON + timedelta(seconds=number)
    motion = ((370, 180, 410, 270), (30, 20, 80, 60))
    return msgspec.json.encode(Shown(at, (768, 432), picture(), (box,), motion, gauges))


def begin_test(page: Page, served: Served, start: str) -> None:
    """Begin to try, and let the edge send two pictures."""
    page.get_by_role("button", name=start).click()
    glass = served.parts.glass
    assert eventually(lambda: glass.put("c-3-1", shown(1, 4.2), NOON))
    page.locator("progress").nth(2).wait_for()


def test_what_rules_count_stands_over_the_picture_and_ends_with_the_page(
    sit: Callable[..., Page], store: sessionmaker[Session], served: Served
) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    page.get_by_role("button", name="Test", exact=True).click()
    begin_test(page, served, "Start the test")
    expect(page.locator("aside")).to_contain_text("4.2 / 30\u2009s")
    expect(page.locator("aside")).to_contain_text("Firing")
    expect(page.locator("aside")).to_contain_text("Not armed")
    expect(page.locator("rect.boxed:not(.under)")).to_have_count(1)
    expect(page.locator("rect.moves")).to_have_count(2)
    assert served.parts.glass.put("c-3-1", shown(2, 5.1), NOON)
    expect(page.locator("aside")).to_contain_text("5.1 / 30\u2009s")
    page.get_by_role("button", name="Draw", exact=True).click()
    assert eventually(lambda: not served.parts.glass.put("c-3-1", shown(3, 6.0), NOON))


def says(store: sessionmaker[Session], number: str, **words: Any) -> bool:
    body = msgspec.json.encode({"pictures": 290, "shown": 60.0, "took": 5.0} | words)
    with store.begin() as s:
        return replay.said(s, "edge-1", number, body, NOON)


FIRED = {"kind": "linger", "zone": "zone-1", "began": "2026-11-22T03:55:00Z", "at": "2026-11-22T03:55:30Z"}


def asked(store: sessionmaker[Session]) -> Replay | None:
    with store() as s:
        return s.scalars(select(Replay).order_by(Replay.id.desc())).first()


def tries(page: Page, store: sessionmaker[Session]) -> str:
    """Draw a zone, leave it unsaved, and have it tried; the replay's id."""
    page.get_by_role("button", name="Draw a zone").click()
    press(page, (0.2, 0.5), (0.6, 0.5), (0.6, 0.9))
    page.keyboard.press("f")
    page.get_by_role("button", name="Replay", exact=True).click()
    page.get_by_label("Why (kept in the register)").fill("to tune the yard")
    page.get_by_role("button", name="Run it").click()
    assert eventually(lambda: asked(store) is not None)
    made = asked(store)
    assert made is not None
    return made.id


@pytest.mark.long
def test_what_is_drawn_and_not_saved_is_tried_on_a_recording(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    number = tries(page, store)
    made = asked(store)
    assert made is not None
    assert (made.seconds, [zone["id"] for zone in made.drawn["zones"]]) == (300.0, ["zone-1"])
    assert newest(store) is None, "nothing was saved"
    assert says(store, number, state="running", share=0.2, fired=[FIRED])
    expect(page.locator("aside [role=status]").first).to_contain_text(
        "1.0\u2009min run through in 5.0\u2009s"
    )
    assert says(store, number, state="done", share=1.0, shown=300.0, took=20.0, fired=[FIRED])
    expect(page.locator("aside")).to_contain_text("15.0 times as fast")
    expect(page.locator("aside tbody tr")).to_have_count(1)
    expect(page.locator("aside tbody")).to_contain_text("zone-1 · Lingering")
    expect(page.locator("aside tbody")).to_contain_text("to the end")


@pytest.mark.long
def test_why_somebody_looked_is_not_offered_to_whoever_sits_down_next(
    sit: Callable[..., Page], store: sessionmaker[Session]
) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    tries(page, store)
    page.locator("#camera-c-3-2").click()
    page.get_by_role("button", name="Drop it and leave").click()
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_label("Why (kept in the register)")).to_have_value("")
    assert "tune" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.long
def test_a_replay_is_stopped_from_the_page(sit: Callable[..., Page], store: sessionmaker[Session]) -> None:
    page = sit("zhou", path=PATH, ready=READY, lang="en")
    number = tries(page, store)
    assert says(store, number, state="running", share=0.2)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("aside")).to_contain_text("Stopped")
    assert not says(store, number, state="running", share=0.3), "the edge hears it with its next word"


@in_every_look
def test_rules_tried(
    how: Look, seat: Callable[..., Page], store: sessionmaker[Session], served: Served
) -> None:
    with store.begin() as s:
        scene.told(s, "edge-1", "c-3-1", YARD, NOON)
    page = seat(how, "zhou", path=PATH, ready=READY)
    page.locator(".modes button").nth(1).click()
    begin_test(page, served, "开始试运行" if how[1] == "zh" else "Start the test")
    look(page, f"zones-test-{named(how)}")
    page.locator(".modes button").nth(2).click()
    page.get_by_label("登记在册" if how[1] == "zh" else "kept in the register").fill("调试 to tune")
    page.get_by_role("button", name="开始" if how[1] == "zh" else "Run it", exact=True).click()
    assert eventually(lambda: asked(store) is not None)
    made = asked(store)
    assert made is not None
    assert says(store, made.id, state="done", share=1.0, shown=300.0, took=20.0, fired=[FIRED] * 3)
    page.locator("aside tbody tr").nth(2).wait_for()
    look(page, f"zones-replay-{named(how)}")
