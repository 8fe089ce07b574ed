"""Short secrets are not guessed in an hour, and whoever guesses keeps nobody else out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.api.flood import NAMES_PER_ADDRESS, WRONG_PER_HOUR, Flood, Flooded
from hub.api.refusal import Turned
from hub.core.refuse import Refused
from tests.hub.api.test_display import Wall, wall
from tests.hub.api.test_second_factor import NEW, Browser, set_up, strict

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

__all__ = ["strict", "wall"]

MOST = 4
"""Wrong tries an hour in these tests."""


@pytest.fixture
def parts(parts: Parts) -> Parts:
    """Whose minute has room for many tries, and whose hour for few wrong ones."""
    return replace(parts, flood=Flood(10_000, wrong_per_hour=MOST))


@pytest.fixture
def flood() -> Flood:
    return Flood(10_000, wrong_per_hour=MOST)


def refuse() -> None:
    raise Refused("right", "no", "no", "否")


def guess(flood: Flood, who: str, place: str, *, right: bool = False) -> str:
    """What becomes of one try."""
    try:
        with flood.guess("pin", who, place):
            if not right:
                refuse()
    except Flooded as flooded:
        return "flooded" if 0 < int(flooded.headers["Retry-After"]) <= 3600 else "for how long?"
    except Refused:
        return "wrong"
    return "right"


def test_wrong_tries_end_for_the_hour_and_a_right_one_comes_too_late(flood: Flood) -> None:
    assert [guess(flood, "lin", "wall-1") for _ in range(MOST + 2)] == ["wrong"] * MOST + ["flooded"] * 2
    assert guess(flood, "lin", "wall-1", right=True) == "flooded"


def test_right_ones_are_never_counted(flood: Flood) -> None:
    """A wall at which a shift signs in all night is not used up."""
    assert {guess(flood, "lin", "wall-1", right=True) for _ in range(10 * MOST)} == {"right"}


def test_guesses_from_elsewhere_keep_nobody_out_of_where_they_work(flood: Flood) -> None:
    assert guess(flood, "lin", "wall-1", right=True) == "right"
    places = [f"wall-{n}" for n in range(2, 2 + 3 * MOST)]
    assert [guess(flood, "lin", place) for place in places].count("wrong") == MOST
    assert guess(flood, "lin", "wall-1", right=True) == "right"
    assert guess(flood, "lin", "wall-2", right=True) == "flooded"


def test_guesses_at_one_person_keep_no_other_out(flood: Flood) -> None:
    for _ in range(2 * MOST):
        guess(flood, "lin", "wall-1")
    assert guess(flood, "shen", "wall-1", right=True) == "right"


def test_a_fault_of_the_hub_is_no_wrong_try(flood: Flood) -> None:
    for _ in range(2 * MOST):
        with pytest.raises(OSError, match="disk"), flood.guess("pin", "lin", "wall-1"):
            raise OSError("disk")
    assert guess(flood, "lin", "wall-1") == "wrong"


def test_a_bound_that_holds_an_inner_one_back_counts_nothing_itself(flood: Flood) -> None:
    for _ in range(2 * MOST):
        with pytest.raises(Flooded), flood.guess("pin at", "wall-1", "lin"):
            raise Flooded(429, "x", "x", "x")
    with flood.guess("pin at", "wall-1", "lin"):
        pass


def test_six_digits_last_for_a_year_on_average() -> None:
    right = 3 / 10**6
    hours = 1 / (right * WRONG_PER_HOUR)
    assert hours > 365 * 24


def code(browser: Browser, said: str) -> tuple[int, str]:
    answer = browser.post("/api/session/code", code=said)
    return answer.status_code, answer.json().get("code", "")


def test_codes_of_a_second_factor_are_not_guessed_in_an_hour(strict: TestClient, clock: Hands) -> None:
    """Not by a new log-in for each try either, nor a recovery code."""
    app, recovery = set_up(Browser(strict), clock)
    clock.turn(timedelta(minutes=2))
    tries = []
    for n in range(MOST + 2):
        browser = Browser(strict)
        browser.post("/api/session", user="he", password="he")
        tries.append(code(browser, f"{n:06}" if n % 2 else f"wrong-{n:05}"))
    assert [status for status, _ in tries] == [403] * MOST + [429] * 2
    assert tries[-1][1] == "session.wrong"
    assert code(browser, app.at(clock.now())) == (429, "session.wrong")
    assert code(browser, recovery[0]) == (429, "session.wrong")


def test_whoever_guesses_anothers_codes_keeps_them_out_of_nowhere_they_have_been(
    strict: TestClient, built: FastAPI, clock: Hands
) -> None:
    from fastapi.testclient import TestClient as Client  # noqa: PLC0415 - another address

    app, _ = set_up(Browser(strict), clock)
    with Client(built, base_url="http://hub", client=("192.0.2.7", 1)) as elsewhere:
        thief = Browser(elsewhere)
        thief.post("/api/session", user="he", password="he")
        assert code(thief, "000000")[0] == 403
        for _ in range(2 * MOST):
            last = code(thief, "000000")
        assert last == (429, "session.wrong")
    clock.turn(timedelta(minutes=2))
    own = Browser(strict)
    own.post("/api/session", user="he", password="he")
    assert code(own, app.at(clock.now()))[0] == 200


def test_pins_are_not_guessed_at_a_wall_and_its_other_people_work_on(wall: Wall) -> None:
    def sign(who: str, pin: str) -> int:
        return int(wall.post("/api/display/person", who=who, pin=pin).status_code)

    assert sign("shen", "739154") == 200
    assert [sign("0204", f"{n:06}") for n in range(MOST + 1)] == [403] * MOST + [429]
    assert sign("0204", "482913") == 429
    assert sign("shen", "739154") == 200
    others = [sign(f"nobody-{n}", "123456") for n in range(MOST * NAMES_PER_ADDRESS)]
    assert others.count(429) >= MOST, "one PIN tried on many names"
    assert sign("shen", "739154") == 200


def test_a_phones_code_is_not_guessed(app: TestClient) -> None:
    def take(n: int) -> int:
        key = {"token": f"guess-{n:040}", "key": "AAAA", "label": "phone"}
        return int(app.post("/api/phone", json=key).status_code)

    said = [take(n) for n in range(MOST * NAMES_PER_ADDRESS + 2)]
    assert said[-2:] == [429, 429]
    assert 429 not in said[: MOST * NAMES_PER_ADDRESS]


def test_a_borrowed_screen_does_not_find_the_password(as_: Callable[[str], Someone]) -> None:
    lin = as_("lin")
    said = [
        lin.post("/api/session/password", {"old": f"guess {n}", "new": NEW}).status_code
        for n in range(MOST + 1)
    ]
    assert said == [403] * MOST + [429]


def test_what_is_turned_away_at_the_door_was_wrong_too(flood: Flood) -> None:
    for _ in range(MOST):
        with pytest.raises(Turned), flood.guess("phone", "here", "here"):
            raise Turned(403, "no", "no", "否")
    assert guess(flood, "lin", "here") == "wrong"
    with pytest.raises(Flooded), flood.guess("phone", "here", "here"):
        pass
