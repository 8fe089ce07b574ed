"""Devices whose clocks are wrong, or step: nothing is refused, all is kept, nothing is believed blindly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import select

from hub.store.alert import AlarmRecord, Alert
from hub.store.base import readings
from tests.hub.town import NOON, event
from tests.promises.door import Ear, door, numbered
from wire.message import Clock, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

HOUR = timedelta(hours=1)
WRONG = {
    "dead battery": datetime(1970, 1, 1, 0, 3, tzinfo=UTC),
    "far future": datetime(2099, 12, 31, tzinfo=UTC),
    "morning for evening": NOON - 12 * HOUR,
    "evening for morning": NOON + 12 * HOUR,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_whatever_the_clock_says_the_fact_stands_with_three_times(on: Engine, wrong: datetime) -> None:
    said = msgspec.structs.replace(event(at=wrong), at=wrong, clock=Clock("system", 4.5e9))
    ear = Ear()
    door(on, ear).once(numbered([said], new_id()))
    assert len(ear.receipted) == 1
    with readings(on)() as s:
        fact, alert = s.scalars(select(AlarmRecord)).one(), s.scalars(select(Alert)).one()
    assert (fact.at, fact.received_at) == (wrong, NOON)
    assert (fact.clock_source, fact.clock_offset_ms) == ("system", 4.5e9)
    believed = NOON - 30 * 24 * HOUR <= wrong <= NOON
    assert alert.first_at == (wrong if believed else NOON)
    assert alert.received_at == NOON


def test_a_clock_that_steps_back_amid_a_happening_loses_none_of_it(on: Engine) -> None:
    one, began = new_id(), NOON - timedelta(seconds=4)
    after = NOON - 12 * HOUR
    said = [
        event(at=began, event=one, began=began),
        event(at=began + timedelta(seconds=2), event=one, began=began, phase="update"),
        event(at=after, event=one, began=began, phase="update"),
        event(at=after + timedelta(seconds=2), event=one, began=began, phase="end"),
    ]
    ear = Ear()
    door(on, ear).once(numbered(said, new_id()))
    assert len(ear.receipted) == len(said)
    with readings(on)() as s:
        assert len(s.scalars(select(AlarmRecord)).all()) == len(said)
        alert = s.scalars(select(Alert)).one()
        assert (alert.count, alert.last_at) == (1, began + timedelta(seconds=2))
