"""A browser is told for as long as somebody's log-in there was not ended, and its push service knows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import address
from hub.core.session import IDLE, LASTS, Kind
from hub.gear.seal import Fernets
from hub.service import channel, delivery
from hub.service.delivery import Outcome
from hub.service.session import living
from hub.service.session.living import Wanted
from hub.store.notify import Channel
from tests.hub.service.test_delivery import NO, rows, taken, tell
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy.orm import Session

    from hub.service.session.living import Made

ENDS: dict[str, Callable[[Session, Made], object]] = {
    "signed out": lambda s, made: living.end(s, made.token),
    "ended by its owner": lambda s, made: living.end_one(s, actor(s, "lin"), made.id, NOON),
    "ended from elsewhere": lambda s, _: living.end_others(s, actor(s, "lin"), "another", NOON),
    "ended by the office": lambda s, _: living.end_all(s, actor(s, "ji"), "lin", NOON),
    "a phone's time is over": lambda s, _: living.forget_ended(s, NOON + LASTS[Kind.PHONE]),
}


@pytest.fixture
def seal(tmp_path: Path) -> Fernets:
    return Fernets(tmp_path / "seal.key")


def turned_on(s: Session, seal: Fernets, where: str = "one", kind: Kind = Kind.PHONE) -> Made:
    made = living.begin(s, actor(s, "lin"), NOON, Wanted(kind))
    at = address.Address(f"subscription {where}", where)
    channel.add(s, actor(s, "lin"), "push", at, seal, NOON, made.id)
    s.flush()
    return made


def shown(s: Session) -> list[str]:
    return list(s.scalars(select(Channel.shown).order_by(Channel.shown)))


@pytest.mark.parametrize("end", ENDS)
def test_a_lost_phone_is_told_nothing_once_its_log_in_ended(s: Session, seal: Fernets, end: str) -> None:
    made = turned_on(s, seal)
    tell(s)
    ENDS[end](s, made)
    s.flush()
    assert shown(s) == []
    assert taken(s, NOON) == []
    assert rows(s) == [("push", "dropped")]


def test_the_phone_in_ones_hand_is_told_on(s: Session, seal: Fernets) -> None:
    kept = turned_on(s, seal, "in hand")
    turned_on(s, seal, "lost")
    living.end_others(s, actor(s, "lin"), kept.id, NOON)
    assert shown(s) == ["in hand"]


def test_an_idle_page_at_a_desk_is_told_on(s: Session, seal: Fernets) -> None:
    turned_on(s, seal, kind=Kind.PERSON)
    living.forget_ended(s, NOON + IDLE[Kind.PERSON] + timedelta(seconds=1))
    assert shown(s) == ["one"]


def test_a_browser_that_subscribes_again_is_that_of_its_new_log_in(s: Session, seal: Fernets) -> None:
    turned_on(s, seal)
    after = turned_on(s, seal)
    assert s.scalars(select(Channel.session)).all() == [after.id]


def test_a_browser_that_left_is_tried_no_more(s: Session, seal: Fernets) -> None:
    turned_on(s, seal)
    tell(s)
    delivery.note(s, taken(s, NOON)[0].id, Outcome(NO, gone=True, left=True), NOON)
    s.flush()
    assert shown(s) == []
    assert rows(s) == [("push", "failed")]
    tell(s)
    assert len(rows(s)) == 1
