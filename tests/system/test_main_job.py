"""Real footage → RTSP → edge → broker → hub → browser → a case that is closed, each act by who may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.system.night import until
from tests.system.person import TV, asked, at_screen

if TYPE_CHECKING:
    from playwright.sync_api import APIResponse, Page

    from tests.desk import Desks
    from tests.system.night import Night

pytestmark = [pytest.mark.screen, pytest.mark.timeout(240)]


def press(page: Page, word: str) -> None:
    """The button that begins with `word`, in its place below the keys."""
    page.get_by_role("button", name=re.compile(rf"^(\S )?{word}$")).first.click()


def stage(page: Page, case: str) -> str:
    said: str = asked(page, f"/api/cases/{case}")["stage"]
    return said


def reaches(page: Page, case: str, wanted: str) -> None:
    until(60, f"the case is {wanted}", lambda: stage(page, case) == wanted)


def test_people_in_real_footage_become_an_alert_that_ends_as_an_evaluated_case(
    market: Night, desks: Desks
) -> None:
    with at_screen(desks, market, "monitor", size=TV) as page:
        case = confirm_an_intrusion(page)
    with at_screen(desks, market, "desk", f"/cases/{case}") as page:
        press(page, "受理")
        page.locator("form").get_by_role("button", name=re.compile("受理")).click()
        reaches(page, case, "ACCEPTED")
    with at_screen(desks, market, "dispatcher", f"/cases/{case}") as page:
        press(page, "派遣")
        unit = page.locator("form select[name=unit]")
        unit.select_option(next(value for value in values(page) if value.startswith("crew/crew-3")))
        page.locator("form").get_by_role("button", name=re.compile("派遣")).click()
        reaches(page, case, "DISPATCHED")
    with at_screen(desks, market, "crew", f"/cases/{case}", size=(390, 844)) as page:
        handle(page, case)
    with at_screen(desks, market, "verifier", f"/cases/{case}") as page:
        press(page, "核查结案")
        for box in page.locator("form input[type=checkbox]").all():
            box.check()
        page.locator("form").get_by_role("button", name=re.compile("核查")).click()
        reaches(page, case, "CLOSED")
    with at_screen(desks, market, "manager", f"/cases/{case}") as page:
        press(page, "评估")
        page.locator("form input[type=radio]").first.check()
        page.locator("form").get_by_role("button", name=re.compile("评估")).click()
        reaches(page, case, "EVALUATED")
        everyone_is_named(page, case)


def confirm_an_intrusion(page: Page) -> str:
    """One key makes a case of an alert with a still and a clip; the case's id."""

    def ready() -> str | None:
        found = asked(page, "/api/wall")["alerts"]
        good = [one for one in found if one["kind"] == "intrusion" and one["still"] and one["clip"]]
        return next((one["id"] for one in good if one["state"] == "NEW"), None)

    alert = until(60, "an intrusion with still and clip", ready)
    row = page.locator(f"[data-alert='{alert}']")
    page.keyboard.press("n")
    until(60, "the alert stands in the queue", row.count)
    row.first.click()
    still = page.locator("img[src*='/api/media/']").first
    until(60, "the still is a picture", lambda: still.evaluate("image => image.naturalWidth") > 300)
    expect(page.locator(".pick .acts").get_by_role("button", name="回看录像")).to_be_enabled(timeout=60_000)
    page.keyboard.press("l")
    clip = page.locator("video").first
    until(60, "the clip plays", lambda: clip.evaluate("video => video.readyState >= 2 && video.duration > 3"))
    page.keyboard.press("a")
    case: str = until(60, "the alert is a case", lambda: asked(page, f"/api/alerts/{alert}")["case"])
    return case


def handle(page: Page, case: str) -> None:
    press(page, "接单")
    reaches(page, case, "HANDLING")
    press(page, "出发")
    press(page, "到场")
    until(60, "on scene", lambda: "on_scene" in acts(page, case))
    press(page, "提交处置结果")
    page.locator("form input[type=radio]").first.check()
    page.locator("form textarea").fill("到场劝离，货道已清空。")
    page.locator("form").get_by_role("button", name=re.compile("提交")).click()
    reaches(page, case, "HANDLED")


def values(page: Page) -> list[str]:
    found: list[str] = page.locator("form select[name=unit] option").evaluate_all(
        "options => options.map(option => option.value)"
    )
    return found


def acts(page: Page, case: str) -> list[str]:
    return [line["act"] for line in asked(page, f"/api/cases/{case}")["timeline"]]


def everyone_is_named(page: Page, case: str) -> None:
    """The timeline tells every act with who did it, and nobody stood on both sides."""
    lines = asked(page, f"/api/cases/{case}")["timeline"]
    by = {line["act"]: line["who"]["name"]["zh"] for line in lines if line["who"]}
    assert {"accept", "dispatch", "acknowledge", "handle", "verify_close", "evaluate"} <= set(by)
    assert by["verify_close"] not in {by["dispatch"], by["acknowledge"], by["handle"]}


def test_what_an_earlier_stage_must_do_first_is_refused_with_a_sentence(market: Night, desks: Desks) -> None:
    lamp = {"kind": "facility", "place": "3 号厅南门", "grid": "central", "severity": 3, "text": "灯坏了"}
    with at_screen(desks, market, "monitor") as page:
        case = send(page, "/api/cases", lamp).json()
    with at_screen(desks, market, "verifier") as page:
        version = asked(page, f"/api/cases/{case['id']}")["version"]
        ticks = {"version": version, "gone": True, "told": True}
        answer = send(page, f"/api/cases/{case['id']}/acts/verify_close", ticks)
        assert answer.status == 409
        assert answer.json()["zh"] == "案件在“待核查”时才能核查结案；现在是“发现”。"


def send(page: Page, path: str, body: object) -> APIResponse:
    return page.request.post(path, data=body, headers={"X-CSRF": asked(page, "/api/session")["csrf"]})
