"""Rules are tried on live pictures: shown to whoever began, with a row and a line, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.market import Market
from hub.store.order import Command
from hub.store.people import Grant
from hub.store.staff import Access
from tests.hub.api.conftest import KEY, Someone
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands


@pytest.fixture(autouse=True)
def there(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = True


def picture(**more: object) -> dict[str, object]:
    gauge = {"zone": "yard", "kind": "linger", "seconds": 3.2, "needed": 5.0, "number": 1}
    return {"at": "2026-11-22T04:00:00Z", "picture": [768, 432], "still": "/9g=", "gauges": [gauge]} | more


TEST = "/api/scenes/c-3-1/test"


def test_what_rules_count_is_shown_to_whoever_tries_them_and_to_nobody_else(
    as_: Callable[[str], Someone], app: Any, store: sessionmaker[Session], clock: Hands
) -> None:
    one, auth = as_("zhou"), ("edge-1", KEY)
    url = "/edge/v1/shown/c-3-1"
    assert app.post(url, json=picture(), auth=auth).status_code == 410, "nobody tries it yet"
    assert one.get(TEST).status_code == 404
    assert one.post(TEST, {}).json()["until"] == "2026-11-22T04:05:00.000Z"
    with store() as s:
        assert s.scalars(select(Command.op)).all() == ["rules.show"]
        assert s.execute(select(Access.kind, Access.subject)).all() == [("live", MARKET)]
    assert app.post(url, json=picture(), auth=auth).status_code == 204
    shown = one.get(TEST)
    assert shown.json()["gauges"][0]["seconds"] == 3.2
    assert shown.headers["etag"] == '"1"'
    assert app.post("/edge/v1/shown/c-3-3", json=picture(), auth=auth).status_code == 410
    assert app.post(url, json=picture(picture=[0, -1]), auth=auth).status_code == 422
    assert as_("lin").get(TEST).status_code == 403
    clock.turn(timedelta(seconds=11))
    assert app.post(url, json=picture(), auth=auth).status_code == 410, "the page asks no more"


def test_a_trial_ends_when_its_page_says_so_and_when_its_time_is_over(
    as_: Callable[[str], Someone], clock: Hands
) -> None:
    one = as_("zhou")
    one.post(TEST, {})
    assert one.request("DELETE", TEST, headers={"X-CSRF": one.csrf}).status_code == 204
    assert one.get(TEST).status_code == 404
    one.post(TEST, {})
    clock.turn(timedelta(minutes=5, seconds=1))
    assert one.get(TEST).json()["code"] == "test.over"


@pytest.fixture
def other(store: sessionmaker[Session], app: Any) -> Someone:
    """A second manager."""
    with store.begin() as s:
        s.add(Grant(id="he-manager", person="he", role="manager", node=MARKET))
    return Someone(app, "he")


def shows(app: Any, number: int) -> None:
    auth = ("edge-1", KEY)
    body = picture(at=f"2026-11-22T04:00:{number:02}Z")
    assert app.post("/edge/v1/shown/c-3-1", json=body, auth=auth).status_code == 204


def test_nobody_is_shown_a_trial_without_a_row_of_the_register_that_says_so(
    as_: Callable[[str], Someone], app: Any, store: sessionmaker[Session], other: Someone
) -> None:
    one = as_("zhou")
    one.post(TEST, {})
    shows(app, 1)
    elsewhere = Someone(app, "zhou")
    for stranger in (other, elsewhere):
        answer = stranger.get(TEST)
        assert (answer.status_code, answer.json()["code"]) == (404, "test.over")
        assert stranger.delete(TEST).status_code == 204
    assert one.get(TEST).status_code == 200, "nobody ends what somebody else began"
    other.post(TEST, {})
    assert other.get(TEST).status_code == 200
    with store() as s:
        assert set(s.scalars(select(Access.person).where(Access.kind == "live"))) == {"he", "zhou"}


def test_who_begins_as_well_freezes_nobodys_picture_and_the_last_to_end_ends_it(
    as_: Callable[[str], Someone], app: Any, other: Someone
) -> None:
    one = as_("zhou")
    one.post(TEST, {})
    shows(app, 1)
    shows(app, 2)
    assert one.get(TEST).headers["etag"] == '"2"'
    other.post(TEST, {})
    shows(app, 3)
    for each in (one, other):
        assert each.get(f"{TEST}?after=2").headers["etag"] == '"3"'
    assert one.delete(TEST).status_code == 204
    assert other.get(TEST).status_code == 200
    assert other.delete(TEST).status_code == 204
    assert other.get(TEST).status_code == 404


def test_who_ends_what_they_began_leaves_a_line_and_only_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session], other: Someone
) -> None:
    one = as_("zhou")
    one.post(TEST, {})
    for each in (other, one, one):
        assert each.delete(TEST).status_code == 204
    with store() as s:
        lines = s.execute(select(Line.act, Line.actor).where(Line.act.like("scene.%")).order_by(Line.id))
        assert [tuple(line) for line in lines] == [("scene.try", "zhou"), ("scene.try_end", "zhou")]


def test_a_camera_of_another_market_is_told_as_one_that_is_not_there(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.add(Market(id="xinda", name_zh="x", name_en="x", x0=0, y0=0, x1=1, y1=1, zone="UTC"))
        s.flush()
        s.get_one(Camera, "c-3-3").market = "xinda"
    one = as_("zhou")
    there, nowhere = (one.post(f"/api/scenes/{camera}/test", {}) for camera in ("c-3-3", "c-9-9"))
    assert (there.status_code, there.json()["code"]) == (404, "camera.none")
    assert there.text.replace("c-3-3", "c-9-9") == nowhere.text
    with store() as s:
        assert "right.refused" not in s.scalars(select(Line.act)).all()


def test_rules_are_not_tried_where_the_edge_is_away(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = False
    assert as_("zhou").post(TEST, {}).json()["code"] == "scene.away"
