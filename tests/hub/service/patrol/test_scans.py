"""Somebody stands at a checkpoint and scans it: what is good counts once, what is not is told why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from hub.core import checkpoint
from hub.core.checkpoint import Code
from hub.store.patrol import Visit
from hub.store.people import Grant
from tests.hub.service.patrol.beat import KEY, LAT, LON, MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.town import MARKET, NOON
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _visits(s: Session) -> int:
    return s.scalar(select(func.count()).select_from(Visit)) or 0


def test_a_signed_code_is_a_visit_of_the_round_that_is_open(s: Session) -> None:
    points = hang(s)
    planned(s, points)
    (round_,) = rounds(s)
    assert scan(s, sign(s, points[0])).state == "taken"
    row = s.scalars(select(Visit)).one()
    assert (row.checkpoint, row.round, row.walker) == (points[0].id, round_.id, "qiu")
    assert round_.state == "walking"


def test_the_same_item_sent_again_has_the_same_receipt_and_counts_once(s: Session) -> None:
    text, id_ = sign(s, hang(s, 1)[0]), new_id()
    first = scan(s, text, id_=id_)
    assert scan(s, text, id_=id_, heard=NOON + MINUTE) == first
    assert _visits(s) == 1


def test_a_forged_code_is_refused_with_a_sentence(s: Session) -> None:
    one = hang(s, 1)[0]
    good = sign(s, one)
    forged = checkpoint.write(b"x" * 32, MARKET, Code(one.number, 1, NOON.date() + timedelta(days=90)))
    longer = good.replace("-20270220-", "-20990101-")
    assert longer != good
    for text in (forged, longer, good[:-1] + ("A" if good[-1] != "A" else "B")):
        answer = scan(s, text)
        assert (answer.state, "not made by this market" in answer.words.en) == ("refused", True)
    assert _visits(s) == 0


def test_an_expired_code_is_refused_with_its_day(s: Session) -> None:
    text = sign(s, hang(s, 1)[0], days=7)
    later = NOON + timedelta(days=7)
    assert scan(s, text, NOON + timedelta(days=6)).state == "taken"
    answer = scan(s, text, later)
    assert answer.state == "refused"
    assert "good until 2026-11-29" in answer.words.en


def test_a_replaced_code_is_refused_and_one_read_before_it_was_replaced_is_not(s: Session) -> None:
    one = hang(s, 1)[0]
    old = sign(s, one)
    new = sign(s, one, now=NOON + MINUTE)
    assert scan(s, old, NOON, heard=NOON + 5 * MINUTE).state == "taken"
    answer = scan(s, old, NOON + 2 * MINUTE)
    assert (answer.state, "was replaced" in answer.words.en) == ("refused", True)
    assert scan(s, new, NOON + 2 * MINUTE).state == "taken"


def test_a_scan_that_is_sent_again_under_another_id_is_refused_as_sent_before(s: Session) -> None:
    text = sign(s, hang(s, 1)[0])
    assert scan(s, text).state == "taken"
    answer = scan(s, text, heard=NOON + MINUTE)
    assert (answer.state, answer.words.en) == ("refused", "This scan was sent before.")
    assert _visits(s) == 1


def test_a_code_of_another_market_or_none_at_all_is_refused(s: Session) -> None:
    one = hang(s, 1)[0]
    other = checkpoint.write(KEY, "xinda", Code(one.number, 1, NOON.date() + timedelta(days=90)))
    assert scan(s, other).state == "refused"
    assert "not the code of a checkpoint" in scan(s, "WIFI:S:market;;").words.en


def test_a_guard_of_the_other_grid_may_not_scan_here(s: Session) -> None:
    answer = scan(s, sign(s, hang(s, 1)[0]), who="tao")
    assert answer.state == "refused"
    assert _visits(s) == 0


def test_who_has_no_right_any_more_is_refused_with_a_sentence_and_stops_nobody(s: Session) -> None:
    hang(s, 1)
    s.execute(delete(Grant).where(Grant.person == "qiu"))
    s.expire_all()
    told = {"kind": "facility", "text": "灯坏了", "place": "", "checkpoint": None, "photo": None}
    answer = say(s, "report", told)
    assert (answer.state, answer.words.en.endswith(".")) == ("refused", True)


def test_a_tag_is_known_however_its_number_is_written(s: Session) -> None:
    hang(s, 1, tag="04:a2:2b:11:cc:80")
    answer = say(s, "scan", _by("nfc", tag="04A22B11CC80"))
    assert answer.state == "taken"
    assert say(s, "scan", _by("nfc", tag="04:00:00:00:00:01")).state == "refused"


def test_a_position_beside_the_point_is_a_visit_and_what_was_decided_is_said(s: Session) -> None:
    one = hang(s, 1)[0]
    answer = say(s, "scan", _by("gps", checkpoint=one.id, position=_at(5, 20, 15)))
    assert answer.state == "taken"
    assert "0 m away by position (sure to 15 m)" in answer.words.en


def test_a_position_in_the_frame_of_chinas_maps_is_understood(s: Session) -> None:
    from hub.core.gcj import to_gcj  # noqa: PLC0415

    one = hang(s, 1)[0]
    at = _at(5, 20, 15)
    lon, lat = to_gcj((at["lon"], at["lat"]))
    answer = say(
        s, "scan", _by("gps", checkpoint=one.id, position={"lat": lat, "lon": lon, "accuracy_m": 15})
    )
    assert answer.state == "taken"
    assert "read as GCJ-02" in answer.words.en


def test_a_position_far_away_or_hardly_known_proves_nothing(s: Session) -> None:
    one = hang(s, 1)[0]
    far = say(s, "scan", _by("gps", checkpoint=one.id, position=_at(205, 20, 15)))
    assert (far.state, "200 m away" in far.words.en) == ("refused", True)
    unsure = say(s, "scan", _by("gps", checkpoint=one.id, position=_at(5, 20, 400)))
    assert (unsure.state, "only sure to 400 m" in unsure.words.en) == ("refused", True)
    text = sign(s, one)
    assert scan(s, text, position=_at(105, 20, 40)).state == "taken"
    assert scan(s, text, NOON + MINUTE, position=_at(2005, 20, 40)).state == "refused"


def _by(by: str, **more: object) -> dict[str, object]:
    from tests.hub.service.patrol.beat import SCAN  # noqa: PLC0415

    return SCAN | {"by": by} | more


def _at(x: float, y: float, accuracy: float) -> dict[str, float]:
    from math import cos, radians  # noqa: PLC0415

    degree = checkpoint.DEGREE
    return {"lat": LAT - y / degree, "lon": LON + x / (degree * cos(radians(LAT))), "accuracy_m": accuracy}
