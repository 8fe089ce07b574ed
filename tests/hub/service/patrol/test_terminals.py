"""What patrol terminals read becomes a visit beside what phones say; what is no good is written down."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.core import checkpoint
from hub.core.checkpoint import Code
from hub.service import scan as scans
from hub.store.device import ScanRecord
from hub.store.evidence import Line
from hub.store.patrol import Visit
from tests.hub.service.patrol.beat import LAT, LON, MINUTE, hang, planned, rounds, sign
from tests.hub.town import MARKET, NOON, envelope
from wire.message import Position, Scan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _refusals(s: Session) -> list[str]:
    return [line.public["code"] for line in s.scalars(select(Line).where(Line.act == "scan.refuse"))]


def test_a_terminal_that_names_its_point_starts_and_walks_the_round(s: Session) -> None:
    points = hang(s, 2)
    planned(s, points)
    (row,) = rounds(s)
    said = [envelope(Scan(by="nfc", checkpoint=one.id)) for one in points]
    scans.keep(s, MARKET, [*said, said[0]], NOON)
    scans.keep(s, MARKET, said, NOON + MINUTE)
    visits = s.scalars(select(Visit)).all()
    assert [(one.walker, one.round) for one in visits] == [("edge-1", row.id)] * 2
    assert (row.state, row.started_by) == ("walking", None)


def test_codes_and_tags_are_judged_by_the_hub(s: Session) -> None:
    one, tagged = hang(s, 1)[0], hang(s, 1, tag="04AABBCC")[0]
    said = [
        envelope(Scan(by="qr", code=sign(s, one))),
        envelope(Scan(by="nfc", code="04aabbcc")),
        envelope(Scan(by="qr", code=checkpoint.write(b"x" * 32, MARKET, Code(1, 1, NOON.date())))),
        envelope(Scan(by="nfc", code="04AABBCD")),
    ]
    scans.keep(s, MARKET, said, NOON)
    assert set(s.scalars(select(Visit.checkpoint))) == {one.id, tagged.id}
    assert _refusals(s) == ["code.forged", "checkpoint.none"]
    assert s.scalar(select(func.count()).select_from(ScanRecord)) == 4


def test_a_position_is_judged_by_its_distance_and_how_sure_it_is(s: Session) -> None:
    one = hang(s, 1)[0]
    at = [(LAT - 20 / checkpoint.DEGREE, LON, 10.0), (LAT + 0.01, LON, 10.0), (LAT, LON, None)]
    said = [envelope(Scan(by="gps", checkpoint=one.id, position=Position(*place))) for place in at]
    scans.keep(s, MARKET, said, NOON)
    assert (s.scalars(select(Visit.away_m)).one() or 0.0) < 6
    assert _refusals(s) == ["fence.away", "fence.unsure"]


def test_points_that_nobody_has_entered_are_kept_as_facts_alone(s: Session) -> None:
    scans.keep(s, MARKET, [envelope(Scan(by="nfc", checkpoint="gate-5"))], NOON)
    assert s.scalar(select(func.count()).select_from(Visit)) == 0
    assert _refusals(s) == []


def test_a_terminal_whose_clock_is_plainly_wrong_was_there_when_it_was_heard(s: Session) -> None:
    points = hang(s, 1)
    planned(s, points)
    (row,) = rounds(s)
    body = Scan(by="qr", code=sign(s, points[0]))
    wrong = [envelope(body, at=NOON + timedelta(days=days)) for days in (-9000, 40)]
    scans.keep(s, MARKET, wrong[:1], NOON)
    scans.keep(s, MARKET, wrong[1:], NOON + MINUTE)
    visits = s.scalars(select(Visit).order_by(Visit.at)).all()
    assert [(one.at, one.round) for one in visits] == [(NOON, row.id), (NOON + MINUTE, row.id)]
