"""A phone empties its queue over HTTP: receipts, photos, the page of today, and a round that is started."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.api import flood
from hub.api.shape.phone import BODIES
from hub.service.patrol import code
from hub.store.case import Case
from hub.store.evidence import Line, Media
from hub.store.patrol import Said, Visit
from tests.hub.service.patrol.beat import KEY, hang, planned, rounds, sign
from tests.hub.town import NOON
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone

PHOTO = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 9 + b"\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03" + b"\x00" * 9
)
SHA = hashlib.sha256(PHOTO).hexdigest()
AT = "2026-11-22T12:00:00.000+08:00"


@pytest.fixture(autouse=True)
def key(parts: Parts, store: sessionmaker[Session]) -> None:
    """The codes' key, as the hub's own sessions bring it along."""
    for made in (parts.sessions, parts.readings, store):
        made.configure(info={code.KEY: KEY})


@pytest.fixture
def round_(store: sessionmaker[Session]) -> dict[str, Any]:
    """A round at noon past three points, and the texts of their codes."""
    with store.begin() as s:
        points = hang(s, 3)
        planned(s, points)
        (row,) = rounds(s)
        return {"id": row.id, "points": [one.id for one in points], "codes": [sign(s, one) for one in points]}


def item(kind: str, body: dict[str, Any], id_: str | None = None) -> dict[str, Any]:
    return {"id": id_ or new_id(), "at": AT, "kind": kind, "body": body}


def send(who: Someone, *items: dict[str, Any]) -> list[dict[str, Any]]:
    answer = who.post("/api/phone/said", {"items": list(items)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["receipts"]
    assert [one["id"] for one in found] == [one["id"] for one in items]
    return found


def test_one_bad_thing_in_the_queue_spoils_none_of_the_others(
    as_: Callable[[str], Someone], round_: dict[str, Any], store: sessionmaker[Session]
) -> None:
    bad = [
        item("scan", {"by": "qr", "code": "LF1-1-1-20990101-AAAAAAAAAAAAAAAA"}),
        item("scan", {"by": "qr", "surprise": 1}),
        item("somersault", {}),
        item("skip", {"round": "nowhere", "checkpoint": "x", "reason": "locked"}),
        item("scan", {"by": "gps", "position": {"lat": 91, "lon": 0, "accuracy_m": 1}}),
    ]
    good = [item("scan", {"by": "qr", "code": text}) for text in round_["codes"]]
    mixed = [good[0], *bad[:2], good[1], *bad[2:], good[2]]
    found = {one["id"]: one for one in send(as_("qiu"), *mixed)}
    assert [found[one["id"]]["state"] for one in good] == ["taken"] * 3
    assert [found[one["id"]]["state"] for one in bad] == ["refused"] * 5
    assert all(one["en"] and one["zh"] for one in found.values())
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Visit)) == 3
        assert s.scalar(select(func.count()).select_from(Said)) == 8


def test_a_queue_that_is_sent_twice_gets_the_same_receipts(
    as_: Callable[[str], Someone], round_: dict[str, Any], store: sessionmaker[Session]
) -> None:
    items = [item("scan", {"by": "hand", "code": text.lower()}) for text in round_["codes"]]
    assert send(as_("qiu"), *items) == send(as_("qiu"), *items)
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Visit)) == 3


def test_nobody_reads_the_receipt_of_somebody_else(
    as_: Callable[[str], Someone], round_: dict[str, Any]
) -> None:
    own = item("scan", {"by": "qr", "code": round_["codes"][0]})
    send(as_("qiu"), own)
    (other,) = send(as_("jiang"), own)
    assert (other["state"], "somebody else" in other["en"]) == ("refused", True)


def test_what_names_a_photo_waits_until_its_bytes_are_there(
    as_: Callable[[str], Someone], round_: dict[str, Any], store: sessionmaker[Session]
) -> None:
    qiu = as_("qiu")
    found = item("danger", {"items": {"exits": "bad", "gas": "good"}, "round": round_["id"], "photo": SHA})
    assert send(qiu, found)[0]["state"] == "waits"
    put = qiu.request("PUT", f"/api/phone/photos/{SHA}", content=PHOTO)
    assert put.status_code == 201, put.text
    assert qiu.request("PUT", f"/api/phone/photos/{SHA}", content=PHOTO).status_code == 204
    receipt = send(qiu, found)[0]
    assert (receipt["state"], receipt["en"][:5]) == ("taken", "Case ")
    with store() as s:
        case = s.scalars(select(Case)).one()
        assert (case.kind, case.stage, case.reporter, case.grid) == ("hazard", "REPORTED", "qiu", "east")
        photo = s.scalars(select(Media).where(Media.case == case.id)).one()
        note = s.scalars(select(Line).where(Line.case == case.id, Line.act == "case.note")).one()
        assert (photo.sha256, note.public["media"]) == (SHA, [photo.id])
    assert as_("he").get(f"/api/media/{photo.id}").content == PHOTO


def test_bytes_that_are_no_photo_or_another_one_are_turned_away(as_: Callable[[str], Someone]) -> None:
    qiu = as_("qiu")
    other = hashlib.sha256(b"other").hexdigest()
    assert qiu.request("PUT", f"/api/phone/photos/{other}", content=PHOTO).status_code == 422
    assert qiu.request("PUT", f"/api/phone/photos/{SHA}", content=b"<svg/>").status_code == 415
    large = PHOTO + b"\x00" * (6 * 1024 * 1024)
    assert qiu.request("PUT", f"/api/phone/photos/{SHA}", content=large).status_code == 413
    assert as_("ji").request("PUT", f"/api/phone/photos/{SHA}", content=PHOTO).status_code == 403


def test_nobody_fills_the_disk_with_photos(
    as_: Callable[[str], Someone], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flood, "PHOTOS_PER_DAY", 2)

    def put(who: str, n: int) -> int:
        data = PHOTO + bytes([n])
        sha256 = hashlib.sha256(data).hexdigest()
        return as_(who).request("PUT", f"/api/phone/photos/{sha256}", content=data).status_code

    assert [put("qiu", n) for n in (1, 2, 3, 1)] == [201, 201, 429, 204]
    assert put("jiang", 4) == 201
    monkeypatch.setattr(flood, "MIB_PER_DAY", 0)
    assert put("jiang", 5) == 429


def test_the_order_of_a_round_is_shown_from_its_start(
    as_: Callable[[str], Someone], round_: dict[str, Any]
) -> None:
    qiu = as_("qiu")
    before = qiu.get("/api/phone/today").json()
    assert before["me"]["grid"]["id"] == "east"
    assert [one["id"] for one in before["me"]["roles"]] == ["guard"]
    assert (before["patrol"]["round"]["id"], before["patrol"]["round"]["points"]) == (round_["id"], None)
    assert before["patrol"]["round"]["open"]
    begun = qiu.post(f"/api/patrol/rounds/{round_['id']}/start")
    assert begun.status_code == 200, begun.text
    assert sorted(one["checkpoint"] for one in begun.json()["points"]) == sorted(round_["points"])
    send(qiu, item("scan", {"by": "qr", "code": round_["codes"][1], "round": round_["id"]}))
    send(qiu, item("skip", {"round": round_["id"], "checkpoint": round_["points"][0], "reason": "locked"}))
    now = {one["checkpoint"]: one for one in qiu.get("/api/phone/today").json()["patrol"]["round"]["points"]}
    assert now[round_["points"][1]]["visited_at"] == "2026-11-22T04:00:00.000Z"
    assert now[round_["points"][0]]["skipped"] == "locked"
    assert as_("tao").post(f"/api/patrol/rounds/{round_['id']}/start").status_code == 403


def test_a_shop_has_a_day_and_no_round(as_: Callable[[str], Someone]) -> None:
    shown = as_("li").get("/api/phone/today").json()
    assert (shown["patrol"], shown["me"]["group"]["id"]) == (None, "east-1")


def test_a_shop_reports_from_the_phone(as_: Callable[[str], Someone], store: sessionmaker[Session]) -> None:
    said = item("report", {"kind": "facility", "text": "The light is out.", "place": "C-1"})
    assert send(as_("li"), said)[0]["state"] == "taken"
    with store() as s:
        case = s.scalars(select(Case)).one()
        assert (case.kind, case.channel, case.group, case.opened_at) == ("facility", "shop", "east-1", NOON)


WORDS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["qr", "gps", "start", "exits", "bad", "hazard", SHA, "LF1-1-1-20991399-" + 16 * "A"]),
)
FIELDS = sorted({field for shape in BODIES.values() for field in shape.model_fields})
BODY = st.dictionaries(st.sampled_from(FIELDS), st.one_of(WORDS, st.dictionaries(WORDS.map(str), WORDS)))


@settings(max_examples=25, deadline=None, suppress_health_check=(HealthCheck.function_scoped_fixture,))
@given(bodies=st.lists(st.tuples(st.sampled_from([*BODIES, "else"]), BODY), max_size=8), at=st.datetimes())
def test_whatever_a_phone_says_each_thing_gets_a_receipt(
    as_: Callable[[str], Someone],
    round_: dict[str, Any],
    bodies: list[tuple[str, dict[str, Any]]],
    at: datetime,
) -> None:
    said = [
        {
            "id": new_id(),
            "at": f"{at.isoformat()}+14:00",
            "kind": kind,
            "body": {"round": round_["id"]} | body,
        }
        for kind, body in bodies
    ]
    text = json.dumps({"items": said})
    headers = {"X-CSRF": as_("qiu").csrf, "Content-Type": "application/json"}
    answer = as_("qiu").request("POST", "/api/phone/said", headers=headers, content=text)
    assert answer.status_code == 200, answer.text
    assert [one["id"] for one in answer.json()["receipts"]] == [one["id"] for one in said]
