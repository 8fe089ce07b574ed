"""What stands on a device's page: its twin, and what was armed by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.core.refuse import Refused
from hub.service import order as orders
from hub.store.order import Twin
from tests.hub.service.order.said import SECOND, answer, beat, desired, lines, ordered
from tests.hub.town import NOON, actor, envelope
from wire.message import Beat

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


def test_what_a_beat_says_stands_on_the_devices_page(s: Session) -> None:
    made = desired(s)
    beat(s, made.version, made.digest)
    s.flush()
    shown = orders.device(s, actor(s, "zhu"), "edge-1", NOON)
    assert (shown["desired"]["state"], shown["reported"]["version"]) == ("applied", 1)
    assert [camera["id"] for camera in shown["cameras"]] == ["c-3-1", "c-3-2"]
    assert (shown["clock_source"], shown["may"]) == ("ntp", [])
    assert orders.device(s, actor(s, "zhou"), "edge-1", NOON)["may"] == [
        "device.look",
        "device.command",
        "device.arm",
        "device.configure",
    ]


def test_a_beat_of_an_older_device_changes_nothing(s: Session) -> None:
    body = Beat(uptime_s=1, rss_mb=1, queued=0, dropped=0)
    orders.reported(s, "edge-1", envelope(body), NOON)
    assert s.get(Twin, "edge-1") is None


def test_what_is_armed_by_hand_stands_on_the_devices_page_until_its_end_once_the_device_has_done_it(
    s: Session,
) -> None:
    def by_hand(now: datetime) -> list[tuple[str | None, bool]]:
        shown = orders.device(s, actor(s, "zhou"), "edge-1", now)["by_hand"]
        return [(one["zone"], one["armed"]) for one in shown]

    gate = ordered(s, "disarm", zone="gate")
    assert by_hand(NOON) == [], "the device has not answered yet"
    answer(s, gate.id, "done")
    yard = ordered(s, "arm", zone="yard", until=NOON + timedelta(days=7))
    answer(s, yard.id, "done")
    answer(s, ordered(s, "arm", zone="cellar").id, "refused", "there is none")
    assert by_hand(NOON) == [("gate", False), ("yard", True)]
    assert by_hand(NOON + timedelta(hours=1)) == [("yard", True)]
    answer(s, ordered(s, "timetable", zone="yard").id, "done")
    assert by_hand(NOON) == [("gate", False)]
    answer(s, ordered(s, "disarm").id, "done")
    assert by_hand(NOON) == [(None, False)], "the whole camera was told last"


@pytest.mark.parametrize("until", [NOON, NOON - SECOND, NOON + timedelta(days=7, seconds=1)])
def test_a_hand_without_a_sound_end_is_not_ordered(s: Session, until: datetime) -> None:
    with pytest.raises(Refused) as refused:
        ordered(s, "disarm", until=until)
    assert refused.value.code == "command.shape"


def test_the_ledger_says_what_was_disarmed_and_until_when(s: Session) -> None:
    ordered(s, "disarm", zone="gate")
    ((act, public),) = lines(s)
    assert act == "device.command"
    assert (public["op"], public["zone"], public["until"]) == ("disarm", "gate", "2026-11-22T05:00:00Z")
