"""A recording is run through drawn rules: registered before it begins, followed, stopped; no alert comes."""

from __future__ import annotations

from math import cos, sin
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from hub.service import order as orders
from hub.service.replay import SILENT
from hub.store.alert import Alert
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Command
from hub.store.staff import Access
from tests.hub.api.conftest import KEY
from tests.hub.town import MARKET, NOON, envelope
from wire.message import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Hands, Someone

ZONES = [
    {"id": "yard", "polygon": [[0, 0], [1, 0], [1, 1]], "rules": [{"kind": "linger", "seconds": 5}]},
]
BEGIN = "2026-11-22T03:00:00Z"
WISH = {"begin": BEGIN, "seconds": 120, "purpose": "to tune", "drawn": {"zones": ZONES}}
URL = "/api/scenes/c-3-1/replays"
FIRED = {
    "kind": "linger",
    "zone": "yard",
    "began": "2026-11-22T03:00:10Z",
    "at": "2026-11-22T03:00:15Z",
    "score": 0.8,
    "seconds": 5.1,
}


@pytest.fixture(autouse=True)
def there(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = True


@pytest.fixture
def says(app: Any) -> Callable[..., int]:
    """The edge says how far it is; the hub's answer."""

    def one(number: str, state: str = "running", **more: object) -> int:
        body = {"state": state, "share": 0.5, "pictures": 300, "shown": 60.0, "took": 6.0} | more
        status: int = app.post(f"/edge/v1/replays/{number}", json=body, auth=("edge-1", KEY)).status_code
        return status

    return one


def asked(one: Someone, **more: object) -> Any:
    return one.post(URL, WISH | more)


def test_a_replay_is_ordered_registered_and_its_table_comes_back(
    as_: Callable[[str], Someone], store: sessionmaker[Session], says: Callable[..., int]
) -> None:
    one = as_("zhou")
    made = asked(one).json()
    assert made["state"] == "asked"
    with store() as s:
        command = s.get_one(Command, made["id"])
        assert (command.op, command.args["seconds"], len(command.args["zones"])) == ("rules.replay", 120, 1)
        looks = s.execute(select(Access.kind, Access.purpose, Access.subject)).all()
        assert looks == [("playback", "to tune", "c-3-1 2026-11-22T03:00:00.000Z +120s")]
        assert "scene.replay" in s.scalars(select(Line.act)).all()
    assert says(made["id"]) == 204
    shown = one.get(f"/api/replays/{made['id']}").json()
    assert (shown["state"], shown["share"], shown["pictures"]) == ("running", 0.5, 300)
    assert says(made["id"], "done", share=1.0, fired=[FIRED]) == 204
    shown = one.get(f"/api/replays/{made['id']}").json()
    assert (shown["state"], [row["zone"] for row in shown["fired"]]) == ("done", ["yard"])
    assert shown["fired"][0]["ended"] is None
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Alert)) == 0


def test_one_that_is_stopped_ends_at_the_edges_next_word_and_keeps_what_was_found(
    as_: Callable[[str], Someone], says: Callable[..., int]
) -> None:
    one = as_("zhou")
    number = asked(one).json()["id"]
    assert says(number, fired=[FIRED]) == 204
    assert one.request("DELETE", f"/api/replays/{number}", headers={"X-CSRF": one.csrf}).status_code == 200
    assert says(number, fired=[FIRED]) == 410
    shown = one.get(f"/api/replays/{number}").json()
    assert (shown["state"], len(shown["fired"])) == ("stopped", 1)


def test_who_stops_a_replay_leaves_a_line_and_only_once(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    one = as_("zhou")
    number = asked(one).json()["id"]
    for _ in range(2):
        assert one.delete(f"/api/replays/{number}").status_code == 200
    with store() as s:
        lines = s.execute(select(Line.act, Line.actor).where(Line.act.like("scene.%")).order_by(Line.id))
        assert [tuple(line) for line in lines] == [("scene.replay", "zhou"), ("scene.replay_stop", "zhou")]


def test_what_the_edge_refuses_or_leaves_is_said(
    as_: Callable[[str], Someone],
    store: sessionmaker[Session],
    says: Callable[..., int],
    clock: Hands,
) -> None:
    one = as_("zhou")
    first, second = asked(one).json()["id"], asked(one).json()["id"]
    with store.begin() as s:
        said = Reply(to=first, outcome="refused", reason="a replay goes on already")
        orders.replied(s, MARKET, "edge-1", envelope(said), NOON)
    shown = one.get(f"/api/replays/{first}").json()
    assert (shown["state"], shown["reason"]) == ("failed", "a replay goes on already")
    assert says(second) == 204
    clock.turn(2 * SILENT)
    assert one.get(f"/api/replays/{second}").json()["state"] == "failed"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"drawn": {}}, 422, "replay.empty"),
        ({"drawn": {"zones": [{}]}}, 422, "scene.shape"),
        ({"begin": "2026-11-23T03:00:00Z"}, 422, "recording.ahead"),
        ({"seconds": 901}, 422, None),
        ({"purpose": " "}, 422, None),
    ],
)
def test_what_cannot_be_tried_is_refused_with_a_sentence(
    as_: Callable[[str], Someone], more: dict[str, object], status: int, code: str | None
) -> None:
    answer = asked(as_("zhou"), **more)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


def test_more_than_one_order_carries_is_refused_and_not_cut(as_: Callable[[str], Someone]) -> None:
    ring = [[0.5 + 0.4 * cos(step / 10), 0.5 + 0.4 * sin(step / 10)] for step in range(60)]
    zones = [{"id": f"z-{n}", "polygon": ring, "rules": [{"kind": "linger"}]} for n in range(20)]
    answer = asked(as_("zhou"), drawn={"zones": zones})
    assert (answer.status_code, answer.json()["code"]) == (422, "replay.size")


def test_an_edge_that_is_away_is_said(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        s.get_one(Device, "edge-1").online = False
    assert asked(as_("zhou")).json()["code"] == "recording.away"


def test_only_a_manager_tries_and_only_their_own_and_only_its_edge_speaks(
    as_: Callable[[str], Someone], app: Any, says: Callable[..., int]
) -> None:
    for person in ("lin", "qin", "ji", "shen", "qiu"):
        assert asked(as_(person)).status_code == 403
    number = asked(as_("zhou")).json()["id"]
    assert as_("lin").get(f"/api/replays/{number}").status_code == 403
    assert says("00000000-0000-7000-8000-000000000000") == 410
    assert app.post(f"/edge/v1/replays/{number}", json={"state": "done"}).status_code == 401
    assert says(number, "sleeping") == 422
    generic = as_("zhou").post("/api/devices/edge-1/commands", {"op": "rules.show", "camera": "c-3-1"})
    assert (generic.status_code, generic.json()["code"]) == (422, "command.shape")
