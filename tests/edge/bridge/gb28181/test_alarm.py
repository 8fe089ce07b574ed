from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from edge.bridge.gb28181 import scdp
from edge.bridge.gb28181.alarm import IN, OUT, Alarm, Sort, notice, sort_of
from edge.config.gb28181 import TOLD
from tests.edge.bridge.gb28181.conftest import NOON
from tests.edge.bridge.gb28181.peer import CAMERA
from wire.message import EventKind

TYPES = {2: range(1, 6), 5: range(1, 14), 6: range(1, 3)}
"""AlarmMethod → the types that annex A of the edition of 2022 gives it."""
SEEN = ("intrusion", "line", "linger", "crowd", "left", "removed", "covered", "lost")


def test_every_kind_that_may_be_told_has_an_alarm_of_the_standard() -> None:
    assert set(OUT) == set(TOLD) == set(get_args(EventKind)) - {"hole", "clock"}
    for sort, words in OUT.values():
        assert sort.type is None or sort.type in TYPES[sort.method]
        assert words
    assert all(sort.type in TYPES[sort.method] for sort in IN)


@pytest.mark.parametrize("kind", SEEN)
def test_what_both_sides_have_a_word_for_stays_what_it_is(kind: EventKind) -> None:
    told = notice(Alarm("c-2-01", kind, NOON), CAMERA, 3, "2022")
    sort = sort_of(scdp.read(scdp.write(told)))
    assert sort is not None
    assert IN[sort] == kind


def test_an_intrusion_reads_as_the_standard_has_it() -> None:
    told = notice(Alarm("c-2-01", "intrusion", NOON, "yard", "two people"), CAMERA, 3, "2016")
    assert (told.root, told.command, told.number, told.code) == ("Notify", "Alarm", 3, CAMERA)
    assert told.fields == {
        "AlarmPriority": "2",
        "AlarmMethod": "5",
        "AlarmTime": "2026-11-22T12:00:00",
        "AlarmDescription": "禁入区有人 yard two people",
        "Info/AlarmType": "6",
    }


def test_an_older_platform_is_told_of_a_covered_camera_by_the_type_that_it_knows() -> None:
    alarm = Alarm("c-2-01", "covered", datetime(2026, 1, 1, tzinfo=UTC))
    types = [notice(alarm, CAMERA, 1, edition).fields["Info/AlarmType"] for edition in ("2016", "2022")]
    assert types == ["11", "13"]


def test_fire_has_no_type_and_says_so_in_words() -> None:
    told = notice(Alarm("c-2-01", "fire", NOON), CAMERA, 1, "2022")
    assert "Info/AlarmType" not in told.fields
    assert (told.fields["AlarmMethod"], told.fields["AlarmDescription"]) == ("7", "明火")


def test_an_alarm_without_numbers_is_of_no_sort() -> None:
    body = f"<Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID>%s</Notify>"
    assert sort_of(scdp.read((body % "").encode())) is None
    assert sort_of(scdp.read((body % "<AlarmMethod>٥</AlarmMethod>").encode())) is None
    assert sort_of(scdp.read((body % "<AlarmMethod>2</AlarmMethod>").encode())) == Sort(2)
