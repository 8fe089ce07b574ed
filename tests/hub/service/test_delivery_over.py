"""What was read, or whose alert was done with, does not go on ringing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.alert import OVER, State
from hub.service import delivery, notice, supervise
from hub.service.delivery import SIREN_LIFE, Outcome
from hub.store.notify import Delivery
from tests.hub.service.steps import seen
from tests.hub.service.test_delivery import NO, channel, rows, taken, tell
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SECOND = timedelta(seconds=1)


def test_what_was_read_after_a_try_in_vain_is_not_tried_again(s: Session) -> None:
    own = channel(s, "lin", "voice")
    made = tell(s)
    delivery.note(s, taken(s, NOON)[0].id, Outcome(NO), NOON)
    notice.read(s, actor(s, "lin"), made, NOON + SECOND)
    assert taken(s, NOON + 60 * SECOND) == []
    assert rows(s) == [("voice", "dropped")]
    assert own.failed_at is None, "the channel did nothing wrong"


def test_what_was_read_while_it_was_under_way_ends_with_that_try(s: Session) -> None:
    channel(s, "lin", "voice")
    made = tell(s)
    (parcel,) = taken(s, NOON)
    notice.read(s, actor(s, "lin"), made, NOON + SECOND)
    delivery.note(s, parcel.id, Outcome(NO), NOON + 2 * SECOND)
    assert rows(s) == [("voice", "dropped")]


@pytest.mark.parametrize("state", sorted(OVER))
def test_neither_siren_nor_telephone_rings_for_an_alert_that_was_done_with(s: Session, state: State) -> None:
    channel(s, "lin", "voice")
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    one.state = state
    s.flush()
    assert taken(s, NOON) == []
    assert rows(s) == [("siren", "dropped"), ("voice", "dropped")]


def test_an_alert_that_became_a_case_is_true_and_its_messages_go_on(s: Session) -> None:
    channel(s, "lin", "voice")
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    one.state = State.CONFIRMED
    s.flush()
    assert sorted(parcel.kind for parcel in taken(s, NOON)) == ["siren", "voice"]


def test_a_siren_that_no_device_takes_is_given_up_after_two_minutes(s: Session) -> None:
    seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    s.flush()
    assert [one.kind for one in taken(s, NOON + SIREN_LIFE - SECOND)] == ["siren"]
    assert s.scalars(select(Delivery.until)).one() == NOON + SIREN_LIFE
    assert taken(s, NOON + SIREN_LIFE + 60 * SECOND) == []
    assert rows(s) == [("siren", "failed")]
