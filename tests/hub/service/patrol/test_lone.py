"""Somebody walks alone: a word that does not come is an alert, and a grave one when nobody answers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.service.patrol import lone, mine
from hub.store.alert import Alert
from tests.hub.service.patrol.beat import MINUTE, hang, say, scan, sign
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.service.phone.said import Receipt


def _say(s: Session, act: str, at: datetime = NOON, **how: Any) -> Receipt:
    return say(s, "lone", {"act": act, "minutes": 30}, at, **how)


def _alert(s: Session) -> Alert:
    return s.scalars(select(Alert)).one()


def test_a_word_in_time_is_no_alert(s: Session) -> None:
    assert "within 30 min" in _say(s, "start").words.en
    assert lone.due(s, NOON + 29 * MINUTE) == 0
    _say(s, "reset", NOON + 29 * MINUTE)
    assert lone.due(s, NOON + 58 * MINUTE) == 0
    shown = mine.mine(s, actor(s, "qiu"), NOON)
    assert shown is not None
    assert shown["lone"]["due_at"] == "2026-11-22T04:59:00.000Z"


def test_silence_is_p1_then_p0_and_both_are_told_once(s: Session) -> None:
    _say(s, "start")
    assert [lone.due(s, NOON + n * MINUTE) for n in (30, 31, 34)] == [1, 0, 0]
    alert = _alert(s)
    assert (alert.kind, alert.severity, alert.state, alert.grid) == ("lone", 1, "NEW", "east")
    assert [lone.due(s, NOON + n * MINUTE) for n in (35, 36, 60)] == [1, 0, 0]
    assert (_alert(s).severity, _alert(s).state) == (0, "NEW")


def test_the_alert_names_the_point_where_the_person_was_last(s: Session) -> None:
    one = hang(s, 1)[0]
    _say(s, "start")
    scan(s, sign(s, one), NOON + 10 * MINUTE)
    assert lone.due(s, NOON + 39 * MINUTE) == 0
    assert lone.due(s, NOON + 41 * MINUTE) == 1
    assert (_alert(s).x, _alert(s).place_en) == (5.0, "Point 0, Qiu Zhishui")


def test_who_is_heard_again_ends_the_alert(s: Session) -> None:
    _say(s, "start")
    lone.due(s, NOON + 31 * MINUTE)
    _say(s, "reset", NOON + 33 * MINUTE)
    assert _alert(s).state == "EXPIRED"
    assert lone.due(s, NOON + 36 * MINUTE) == 0


def test_an_old_word_that_was_kept_without_a_network_does_not_end_it(s: Session) -> None:
    _say(s, "start")
    lone.due(s, NOON + 61 * MINUTE)
    _say(s, "reset", NOON + 20 * MINUTE, heard=NOON + 62 * MINUTE)
    assert _alert(s).state == "NEW"


def test_a_timer_that_was_stopped_is_silent_and_can_be_started_anew(s: Session) -> None:
    assert _say(s, "reset").state == "refused"
    _say(s, "start")
    assert _say(s, "stop", NOON + MINUTE).words.en == "The timer is off."
    assert lone.due(s, NOON + timedelta(days=1)) == 0
    assert _say(s, "start", NOON + 2 * MINUTE).state == "taken"


def test_who_walks_no_rounds_has_no_timer(s: Session) -> None:
    assert _say(s, "start", who="li").state == "refused"


def test_an_old_word_leaves_the_five_minutes_until_it_is_grave(s: Session) -> None:
    _say(s, "start")
    lone.due(s, NOON + 31 * MINUTE)
    _say(s, "reset", NOON + MINUTE, heard=NOON + 32 * MINUTE)
    assert lone.due(s, NOON + 33 * MINUTE) == 0
    assert (_alert(s).severity, _alert(s).state) == (1, "NEW")
    assert lone.due(s, NOON + 37 * MINUTE) == 1
    assert (_alert(s).severity, _alert(s).state) == (0, "NEW")
