"""The wall as a display: it never locks, shows its node only, and every act needs somebody's own sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.session import ACTING
from hub.store.evidence import Line
from hub.store.people import Person
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

EAST = f"{MARKET}/east"


class Wall:
    """A browser that became a display."""

    def __init__(self, client: TestClient, cookie: str, csrf: str) -> None:
        self._client, self._cookie, self.csrf = client, cookie, csrf

    def request(self, method: str, url: str, **how: Any) -> Any:
        headers = {"Cookie": f"lf_session={self._cookie}", "X-CSRF": self.csrf}
        answer = self._client.request(method, url, headers=headers, **how)
        self._client.cookies.clear()
        return answer

    def get(self, url: str) -> Any:
        return self.request("GET", url)

    def post(self, url: str, **json: Any) -> Any:
        return self.request("POST", url, json=json)


@pytest.fixture
def wall(app: TestClient, as_: Callable[[str], Someone], store: sessionmaker[Session]) -> Wall:
    """A display of the eastern grid, and PINs for Jiang Lin (armband) and Shen."""
    with store.begin() as session:
        session.get_one(Person, "lin").pin_hash = "hash of 482913"
        session.get_one(Person, "shen").pin_hash = "hash of 739154"
    answer = as_("shen").post("/api/displays", {"node": EAST, "label": "东区值班室"})
    assert answer.status_code == 200, answer.text
    return Wall(app, answer.cookies["lf_session"], answer.json()["csrf"])


def test_a_display_shows_its_node_and_nothing_else(wall: Wall, alarm: Callable[..., str]) -> None:
    east, west = alarm(camera="c-3-1"), alarm(camera="c-3-3")
    told = wall.get("/api/wall").json()
    assert [one["id"] for one in told["alerts"]] == [east]
    assert wall.get(f"/api/alerts/{east}").status_code == 200
    assert wall.get(f"/api/alerts/{west}").status_code in {403, 404}
    me = wall.get("/api/session").json()
    assert (me["kind"], me["person"]["roles"], me["person"]["node"]) == ("display", ["display"], EAST)


def test_a_display_never_locks(wall: Wall, clock: Hands) -> None:
    for _ in range(40):
        clock.turn(timedelta(days=1))
        assert wall.get("/api/wall").status_code == 200


def test_whoever_set_it_up_is_out_and_it_does_nothing_in_their_name(
    wall: Wall, as_: Callable[[str], Someone], alarm: Callable[..., str]
) -> None:
    assert as_("shen").get("/api/session").status_code == 401
    answer = wall.post(f"/api/alerts/{alarm()}/take")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.person")


def test_an_act_is_by_whoever_signed_in_at_it(
    wall: Wall, alarm: Callable[..., str], store: sessionmaker[Session]
) -> None:
    name = alarm()
    signed = wall.post("/api/display/person", who="0204", pin="482913")
    assert signed.json()["acting"]["name"]["zh"] == "林晓"
    assert wall.post(f"/api/alerts/{name}/take").status_code == 200
    with store() as session:
        line = session.scalars(select(Line).where(Line.act == "alert.take")).one()
        assert (line.actor, line.role) == ("lin", "monitor")


def test_without_an_act_they_are_signed_out_and_the_view_stays(
    wall: Wall, alarm: Callable[..., str], clock: Hands
) -> None:
    name = alarm()
    wall.post("/api/display/person", who="0204", pin="482913")
    clock.turn(ACTING - timedelta(seconds=1))
    assert wall.post(f"/api/alerts/{name}/take").status_code == 200
    clock.turn(ACTING - timedelta(seconds=1))
    assert wall.post(f"/api/alerts/{name}/confirm").status_code == 200
    clock.turn(ACTING)
    assert wall.post(f"/api/alerts/{alarm(zone='b')}/take").status_code == 401
    assert wall.get("/api/wall").status_code == 200


def test_a_display_offers_no_turning_though_whoever_acts_there_may(
    wall: Wall, as_: Callable[[str], Someone]
) -> None:
    signed = wall.post("/api/display/person", who="0204", pin="482913").json()
    assert signed["acting"]["id"] == "lin"
    assert "video.turn" not in signed["may"]
    assert "video.turn" in as_("lin").get("/api/session").json()["may"]


def test_a_handover_changes_the_person_and_not_the_display(wall: Wall) -> None:
    wall.post("/api/display/person", who="0204", pin="482913")
    assert wall.request("DELETE", "/api/session").status_code == 204
    assert wall.get("/api/session").json()["acting"] is None
    signed = wall.post("/api/display/person", who="shen", pin="739154")
    assert signed.json()["acting"]["id"] == "shen"


@pytest.mark.parametrize(
    ("who", "pin"), [("0204", "000000"), ("nobody", "482913"), ("he", "he"), ("lin", "739154")]
)
def test_a_wrong_pin_and_an_unknown_armband_get_the_same_answer(wall: Wall, who: str, pin: str) -> None:
    answer = wall.post("/api/display/person", who=who, pin=pin)
    assert (answer.status_code, answer.json()["code"]) == (403, "session.pin")


def test_guessing_pins_is_slowed(wall: Wall) -> None:
    said = [wall.post("/api/display/person", who="0204", pin=f"{n:06}").status_code for n in range(15)]
    assert said.count(429) >= 5


def test_rights_at_a_display_are_the_persons_own(wall: Wall) -> None:
    wall.post("/api/display/person", who="0204", pin="482913")
    assert wall.get("/api/people/lin/rights").status_code == 403


def test_only_who_answers_for_the_grid_makes_a_display_of_it(as_: Callable[[str], Someone]) -> None:
    given = {"node": f"{MARKET}/west", "label": "西区"}
    for person, status in (("lin", 403), ("qiu", 403), ("shen", 403), ("zhou", 200)):
        assert as_(person).post("/api/displays", given).status_code == status


def test_a_display_is_listed_and_ended_by_who_answers_for_it(
    wall: Wall, as_: Callable[[str], Someone]
) -> None:
    zhou = as_("zhou")
    (one,) = zhou.get("/api/displays").json()
    assert (one["label"], one["node"]) == ("东区值班室", EAST)
    assert as_("lin").delete(f"/api/displays/{one['id']}").status_code == 403
    assert zhou.delete(f"/api/displays/{one['id']}").status_code == 204
    assert wall.get("/api/wall").status_code == 401


def test_an_ordinary_browser_is_no_display(as_: Callable[[str], Someone]) -> None:
    answer = as_("lin").post("/api/display/person", {"who": "0204", "pin": "482913"})
    assert (answer.status_code, answer.json()["code"]) == (409, "display.none")


@pytest.mark.parametrize("pin", ["12345", "1234567890123", "abcdef", "123456", "000000", "１２３４５６"])
def test_a_pin_that_is_guessed_first_is_refused(as_: Callable[[str], Someone], pin: str) -> None:
    assert as_("lin").post("/api/session/pin", {"password": "lin", "pin": pin}).status_code == 422


def test_setting_a_pin_asks_for_the_password(as_: Callable[[str], Someone]) -> None:
    lin = as_("lin")
    assert lin.post("/api/session/pin", {"password": "guess", "pin": "482913"}).status_code == 403
    assert lin.post("/api/session/pin", {"password": "lin", "pin": "482913"}).status_code == 204
    assert lin.get("/api/session").json()["pin"] is True
