"""Devices over HTTP: seen by who runs or watches them, told only by who may, never past somebody faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.service import order as orders
from hub.service.media import announce
from hub.store.device import Device
from hub.store.evidence import Line
from hub.store.order import Command, Desired
from tests.hub.api.conftest import KEY
from tests.hub.town import MARKET, NOON, envelope
from wire.message import Beat, Manifest, MediaRef, Reply, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

SLOW = {"cameras": {"c-3-1": {"fps": 2}}}
CONFIG, COMMANDS = "/api/devices/edge-1/config", "/api/devices/edge-1/commands"
STILL = {"op": "still", "camera": "c-3-1"}


def put(one: Someone, fields: object = SLOW, match: str | None = "0") -> Any:
    headers = {"X-CSRF": one.csrf} | ({"If-Match": match} if match is not None else {})
    return one.request("PUT", CONFIG, json=fields, headers=headers)


def answered(store: sessionmaker[Session], to: str, outcome: str, reason: str | None = None) -> None:
    with store.begin() as s:
        said = envelope(Reply(to=to, outcome=outcome, reason=reason))  # type: ignore[arg-type]
        orders.replied(s, MARKET, "edge-1", said, NOON)


def test_every_device_stands_in_the_list_with_what_it_says_of_itself(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    with store.begin() as s:
        row = s.get_one(Device, "edge-1")
        row.queued, row.online, row.seen_at = 17, True, NOON
        body = Beat(uptime_s=1, rss_mb=1, queued=17, dropped=0, twin=Twin(version=0, firmware="0.1.0"))
        orders.reported(s, "edge-1", envelope(body), NOON)
    first, second = as_("lin").get("/api/devices").json()
    assert (first["id"], first["queued"], first["online"]) == ("edge-1", 17, True)
    assert first["reported"]["firmware"] == "0.1.0"
    assert first["seen_at"] == "2026-11-22T04:00:00.000Z"
    assert [camera["id"] for camera in first["cameras"]] == ["c-3-1", "c-3-2"]
    assert (second["id"], second["reported"], second["desired"]) == ("edge-2", None, None)
    assert first["may"] == ["device.look"]


@pytest.mark.parametrize(
    ("person", "sees", "looks", "restarts", "configures"),
    [
        ("lin", 200, 202, 403, 403),
        ("qin", 200, 202, 202, 403),
        ("zhou", 200, 202, 202, 200),
        ("ji", 200, 403, 202, 200),
        ("zhu", 200, 403, 403, 403),
        ("he", 200, 403, 403, 403),
        ("qiu", 403, 403, 403, 403),
        ("shen", 403, 403, 403, 403),
        ("han", 403, 403, 403, 403),
        ("li", 403, 403, 403, 403),
    ],
)
def test_each_may_what_the_policy_says(
    as_: Callable[[str], Someone], person: str, sees: int, looks: int, restarts: int, configures: int
) -> None:
    one = as_(person)
    for path in ("", "/edge-1", "/edge-1/config", "/edge-1/configs", "/edge-1/commands"):
        assert one.get(f"/api/devices{path}").status_code == sees
    assert one.post(COMMANDS, STILL).status_code == looks
    assert one.post(COMMANDS, {"op": "restart"}).status_code == restarts
    assert put(one).status_code == configures


def test_nobody_who_is_not_signed_in_learns_of_devices(app: Any) -> None:
    assert app.get("/api/devices").status_code == 401
    assert app.post(COMMANDS, json=STILL).status_code == 401
    assert app.put(CONFIG, json=SLOW).status_code == 401


def test_a_command_is_accepted_and_its_end_is_seen_later(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    one = as_("qin")
    made = one.post(COMMANDS, STILL)
    assert made.status_code == 202
    body = made.json()
    assert (body["state"], body["op"], body["args"]["camera"], body["by"]["en"]) == (
        "queued",
        "still",
        "c-3-1",
        "Qin Chuan",
    )
    answered(store, body["id"], "refused", "c-3-1 gave no picture, it is lost")
    seen = one.get(f"{COMMANDS}/{body['id']}").json()
    assert (seen["state"], seen["reason"]) == ("refused", "c-3-1 gave no picture, it is lost")


def test_a_clip_that_was_ordered_is_found_at_its_command(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    one = as_("qin")
    made = one.post(COMMANDS, {"op": "clip", "camera": "c-3-1", "seconds": 10}).json()
    with store.begin() as s:
        ref = MediaRef(role="clip", sha256="ab" * 32, size=9, type="video/mp4")
        announce(s, MARKET, "edge-1", Manifest(made["id"], "c-3-1", NOON, NOON, (ref,)), NOON)
    assert len(one.get(f"{COMMANDS}/{made['id']}").json()["media"]) == 1


def test_orders_and_answers_stand_in_the_ledger(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    made = as_("zhou").post(COMMANDS, STILL).json()
    put(as_("ji"))
    answered(store, made["id"], "done")
    with store() as s:
        query = select(Line).where(Line.act.startswith("device.")).order_by(Line.id)
        lines = [(line.act, line.actor, line.role) for line in s.scalars(query)]
        assert lines == [
            ("device.command", "zhou", "manager"),
            ("device.configure", "ji", "admin"),
            ("device.replied", None, "device"),
        ]


def test_lists_go_on_where_the_page_before_ended(as_: Callable[[str], Someone]) -> None:
    one = as_("zhou")
    made = [one.post(COMMANDS, STILL).json()["id"] for _ in range(5)]
    first = [row["id"] for row in one.get(f"{COMMANDS}?limit=2").json()]
    rest = [row["id"] for row in one.get(f"{COMMANDS}?limit=9&before={first[-1]}").json()]
    assert first + rest == made[::-1]
    for number in range(3):
        assert put(one, match=str(number)).status_code == 200
    newest = [row["version"] for row in one.get("/api/devices/edge-1/configs?limit=2").json()]
    oldest = [row["version"] for row in one.get("/api/devices/edge-1/configs?before=2").json()]
    assert (newest, oldest) == ([3, 2], [1])


def test_of_two_who_configure_at_once_the_later_is_told_to_look_again(as_: Callable[[str], Someone]) -> None:
    one, other = as_("zhou"), as_("ji")
    tag = one.get(CONFIG).headers["ETag"]
    assert tag == '"0"'
    done = put(one, match=tag)
    assert (done.status_code, done.headers["ETag"]) == (200, '"1"')
    assert done.json()["desired"]["fields"] == {"cameras": {"c-3-1": {"fps": 2.0}}}
    late = put(other, match=tag)
    assert (late.status_code, late.json()["code"]) == (412, "config.match")
    assert put(other, match='"1"').status_code == 200
    assert put(other, match=None).status_code == 428
    assert put(other, match="*").status_code == 428


@pytest.mark.parametrize(
    "fields",
    [
        [],
        "text",
        {"cameras": {"c-3-1": {"url": "rtsp://elsewhere/"}}},
        {"cameras": {"c-3-1": {"fps": 1000}}},
        {"cameras": {"c-3-1": {"zones": [{"id": "z\u202e", "polygon": [[0, 0], [1, 0], [1, 1]]}]}}},
        {"cameras": {"c-3-3": {"fps": 2}}},
        {"hub": {"http": "http://elsewhere"}},
    ],
)
def test_what_no_device_takes_is_refused_in_both_languages(
    as_: Callable[[str], Someone], store: sessionmaker[Session], fields: object
) -> None:
    answer = put(as_("zhou"), fields)
    assert answer.status_code in {404, 422}
    assert answer.json()["en"]
    assert answer.json()["zh"]
    with store() as s:
        assert s.scalars(select(Desired)).all() == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"op": "shell"},
        {"op": "still"},
        {"op": "still", "camera": "c-3-1", "argv": ["rm"]},
        {"op": "still", "camera": "../etc"},
        {"op": "restart", "camera": "c-3-1"},
        {"op": "clip", "camera": "c-3-1", "seconds": 60},
        {"op": "relay.start", "camera": "c-3-1", "fps": 6},
    ],
)
def test_what_is_not_in_the_closed_list_is_never_ordered(
    as_: Callable[[str], Someone], store: sessionmaker[Session], given: dict[str, object]
) -> None:
    assert as_("zhou").post(COMMANDS, given).status_code == 422
    with store() as s:
        assert s.scalars(select(Command)).all() == []


def test_what_is_not_there_is_not_there(as_: Callable[[str], Someone]) -> None:
    one = as_("zhou")
    for path in ("/edge-9", "/edge-9/config", "/edge-9/commands", "/edge-1/commands/0"):
        assert one.get(f"/api/devices{path}").status_code == 404
    assert one.post("/api/devices/edge-9/commands", {"op": "restart"}).status_code == 404
    assert one.post(COMMANDS, STILL | {"camera": "c-3-3"}).status_code == 404


def test_a_device_is_given_the_key_by_which_it_knows_orders(app: Any, store: sessionmaker[Session]) -> None:
    assert app.get("/edge/v1/orders-key", auth=("edge-1", KEY)).status_code == 404
    with store.begin() as s:
        orders.pin(s, "the key", NOON)
    given = app.get("/edge/v1/orders-key", auth=("edge-1", KEY))
    assert (given.status_code, given.text) == (200, "the key")
    assert app.get("/edge/v1/orders-key", auth=("edge-1", "another key")).status_code == 401
