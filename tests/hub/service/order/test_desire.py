"""What devices are told to be, until they say that they are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.core.refuse import Refused
from hub.service import order as orders
from tests.hub.service.order.said import SECOND, SLOW, answer, beat, desired, lines
from tests.hub.town import NOON, actor
from wire import order as wire

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

    from wire.message import Outcome


def test_a_configuration_is_sent_until_the_device_says_that_it_has_it(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = desired(s)
        s.flush()
        ((_, told),) = orders.due(s, NOON)
        assert isinstance(told, wire.Config)
        assert wire.decode_config(wire.encode(told)).fields.cameras["c-3-1"].fps == 2
        assert orders.due(s, NOON + 29 * SECOND) == []
        assert len(orders.due(s, NOON + 30 * SECOND)) == 1
        beat(s, 0, now=NOON + 31 * SECOND)
        assert len(orders.due(s, NOON + 31 * SECOND)) == 1, "it has just come and does not have it"
        answer(s, made.id, "applied")
        assert orders.due(s, NOON + timedelta(hours=1)) == []
        assert made.state == "applied"


def test_a_device_that_has_lost_its_memory_is_told_again(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        made = desired(s)
        beat(s, made.version, made.digest)
        assert made.state == "applied"
        beat(s, 0)
        s.flush()
        assert [told.id for _, told in orders.due(s, NOON)] == [made.id]


@pytest.mark.parametrize("outcome", ["rejected", "rolled-back"])
def test_what_a_device_does_not_take_is_not_sent_again_and_its_reason_is_kept(
    store: sessionmaker[Session], outcome: Outcome
) -> None:
    with store.begin() as s:
        made = desired(s)
        answer(s, made.id, outcome, "c-3-1 stayed dark")
        beat(s, 0)
        s.flush()
        assert orders.due(s, NOON + timedelta(hours=1)) == []
        assert (made.state, made.reason) == (outcome, "c-3-1 stayed dark")
        act, public = lines(s)[-1]
        assert (act, public["state"], public["version"]) == ("device.replied", outcome, 1)


def test_of_two_who_change_it_at_once_one_is_told_to_look_again(s: Session) -> None:
    desired(s)
    with pytest.raises(Refused, match="meanwhile"):
        desired(s)
    assert desired(s, b"{}", match=1).version == 2


def test_only_the_newest_version_is_sent(s: Session) -> None:
    first = desired(s)
    second = desired(s, b"{}", match=1)
    s.flush()
    assert [told.id for _, told in orders.due(s, NOON)] == [second.id]
    answer(s, first.id, "applied")
    assert first.state == "replaced"


def test_after_a_restored_backup_the_next_version_is_above_what_the_device_has(s: Session) -> None:
    beat(s, 41)
    assert desired(s).version == 42


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"[]",
        b'{"cameras": {"c-3-1": {"url": "rtsp://elsewhere/"}}}',
        b'{"cameras": {"c-3-1": {"fps": 1e999}}}',
        b'{"cameras": {"c-3-1": {"zones": [{"id": "z", "polygon": [[0,0],[1,1],[2,2]], "rules": []}]}}}',
        b'{"data": "/etc"}',
    ],
)
def test_a_device_is_told_nothing_that_is_not_in_the_closed_list(s: Session, fields: bytes) -> None:
    with pytest.raises(Refused, match="No device takes this"):
        desired(s, fields)


def test_another_devices_camera_cannot_be_configured_through_this_one(s: Session) -> None:
    with pytest.raises(Refused, match="has no camera c-3-3"):
        desired(s, b'{"cameras": {"c-3-3": {"fps": 2}}}')


@pytest.mark.parametrize("person", ["qin", "lin", "he", "zhu", "qiu"])
def test_who_runs_no_devices_configures_none(s: Session, person: str) -> None:
    with pytest.raises(Refused) as refused:
        orders.desire(s, actor(s, person), "edge-1", SLOW, 0, NOON)
    assert refused.value.kind == "right"
