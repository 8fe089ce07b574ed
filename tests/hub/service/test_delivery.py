"""What is told reaches channels: written with the act, gravest first, tried again, given up with a reason."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.glossary import Pair
from hub.service import delivery, notice, supervise
from hub.service.delivery import Outcome
from hub.store.base import sessions
from hub.store.market import Grid
from hub.store.notify import Channel, Delivery, Quiet
from hub.store.supervise import Notice
from tests.hub.service.steps import seen
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WORDS = Pair("一号巷有烟", "Smoke in aisle 1")
NO = Pair("没有应答。", "No answer.")


def channel(s: Session, person: str, kind: str, *, verified: bool = True) -> Channel:
    row = Channel(
        id=new_id(),
        market=MARKET,
        person=person,
        kind=kind,
        address=b"sealed",
        shown="***",
        made_at=NOON,
        verified_at=NOON if verified else None,
    )
    s.add(row)
    s.flush()
    return row


def tell(s: Session, person: str = "lin", severity: int = 0, at: datetime = NOON) -> str:
    made = notice.tell(s, MARKET, [person], "case/x", "step", WORDS, at, severity=severity)[0].id
    s.flush()
    return made


def rows(s: Session) -> list[tuple[str, str]]:
    return [(row.kind, row.state) for row in s.scalars(select(Delivery).order_by(Delivery.kind))]


def taken(s: Session, now: datetime) -> list[delivery.Parcel]:
    found = [one for kind in delivery.KINDS for one in delivery.take(s, now, 10, kind)]
    s.flush()
    return found


def test_an_urgent_notice_goes_by_every_channel_that_arrives(s: Session) -> None:
    for kind in ("push", "sms", "voice", "email"):
        channel(s, "lin", kind)
    channel(s, "lin", "feishu", verified=False)
    channel(s, "qin", "email")
    tell(s)
    assert rows(s) == [("email", "waiting"), ("push", "waiting"), ("sms", "waiting"), ("voice", "waiting")]


def test_what_is_only_normal_costs_no_text_message(s: Session) -> None:
    for kind in ("push", "sms", "voice", "email"):
        channel(s, "lin", kind)
    tell(s, severity=2)
    assert rows(s) == [("email", "waiting"), ("push", "waiting")]


def test_a_notice_to_whoever_has_no_channel_is_on_the_page_all_the_same(s: Session) -> None:
    tell(s)
    assert rows(s) == []
    assert notice.listing(s, actor(s, "lin"))["unread"] == 1


def test_quiet_hours_hold_back_what_can_wait_and_nothing_else(s: Session) -> None:
    channel(s, "lin", "push")
    s.add(Quiet(person="lin", begins=11 * 60, ends=13 * 60))
    s.flush()
    tell(s, severity=2)
    assert not delivery.waiting(s, NOON)
    tell(s, severity=0)
    assert [one.letter.severity for one in taken(s, NOON)] == [0]
    assert [one.letter.severity for one in taken(s, NOON + HOUR)] == [2]


def test_what_was_taken_is_nobody_elses_for_a_minute_and_comes_again_if_it_was_not_noted(s: Session) -> None:
    channel(s, "lin", "sms")
    tell(s)
    first = taken(s, NOON)
    assert taken(s, NOON + 59 * SECOND) == []
    again = taken(s, NOON + 60 * SECOND)
    assert [one.letter for one in again] == [one.letter for one in first]
    delivery.note(s, again[0].id, Outcome(), NOON + 61 * SECOND)
    s.flush()
    assert taken(s, NOON + 10 * MINUTE) == []
    assert rows(s) == [("sms", "sent")]


def test_what_does_not_arrive_is_tried_again_later_and_later_and_given_up_with_the_reason(s: Session) -> None:
    own = channel(s, "lin", "sms")
    tell(s)
    now, tries = NOON, []
    while now < NOON + HOUR:
        for parcel in taken(s, now):
            tries.append(now - NOON)
            delivery.note(s, parcel.id, Outcome(NO), now)
            s.flush()
        now += SECOND
    gaps = [after - before for before, after in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert tries[-1] < 30 * MINUTE
    assert rows(s) == [("sms", "failed")]
    assert (own.failed_at is not None, own.reason_en) == (True, NO.en)
    shown = notice.listing(s, actor(s, "lin"))["notices"][0]["sent"]
    assert [(one["kind"], one["state"], one["why"]["zh"]) for one in shown] == [("sms", "failed", NO.zh)]


def test_a_browser_that_left_is_given_up_at_once_and_is_good_again_after_the_next(s: Session) -> None:
    own = channel(s, "lin", "push")
    tell(s)
    delivery.note(s, taken(s, NOON)[0].id, Outcome(NO, gone=True), NOON)
    failed = own.failed_at
    tell(s)
    delivery.note(s, taken(s, NOON)[0].id, Outcome(), NOON + SECOND)
    assert failed == NOON
    assert (own.failed_at, own.good_at, own.reason_zh) == (None, NOON + SECOND, None)


def test_what_waited_past_its_use_is_not_sent(s: Session) -> None:
    channel(s, "lin", "sms")
    tell(s)
    assert taken(s, NOON + 31 * MINUTE) == []
    assert rows(s) == [("sms", "failed")]


def test_gravest_goes_first(s: Session) -> None:
    channel(s, "lin", "email")
    for severity in (2, 1, 0):
        tell(s, severity=severity)
    assert [one.letter.severity for one in delivery.take(s, NOON, 2, "email")] == [0, 1]


def test_what_was_read_before_it_went_out_does_not_go(s: Session) -> None:
    channel(s, "lin", "email")
    made = tell(s)
    notice.read(s, actor(s, "lin"), made, NOON)
    assert taken(s, NOON) == []
    assert rows(s) == [("email", "dropped")]


def test_an_urgent_alert_reaches_channels_of_crew_and_monitor_and_has_the_siren_sound(s: Session) -> None:
    channel(s, "lin", "sms")
    channel(s, "qiu", "push")
    seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    s.flush()
    assert rows(s) == [("push", "waiting"), ("siren", "waiting"), ("sms", "waiting")]
    siren = next(one for one in taken(s, NOON) if one.kind == "siren")
    assert (siren.letter.kind, siren.letter.zh, siren.address) == ("fire", "1 号巷 明火", None)


def test_reading_is_not_taking_so_the_ladder_goes_on(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    s.flush()
    for row in s.scalars(select(Notice)):
        notice.read(s, actor(s, row.person or ""), row.id, NOON + SECOND)
    supervise.due(s, NOON + 30 * SECOND)
    told = s.scalars(select(Notice).where(Notice.subject == f"alert/{one.id}", Notice.step == "ack/30")).all()
    assert [row.person for row in told] == ["shen"]


def test_a_rung_on_which_nobody_stands_is_passed_at_once(s: Session) -> None:
    s.get_one(Grid, "east").leader = None
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    supervise.due(s, NOON + 30 * SECOND)
    s.flush()
    steps = {row.step: row.person for row in s.scalars(select(Notice).where(Notice.at > NOON))}
    assert steps == {"ack/60": "zhou"}, "the grid has no leader now"
    supervise.due(s, NOON + 60 * SECOND)
    s.flush()
    assert len(s.scalars(select(Notice).where(Notice.subject == f"alert/{one.id}")).all()) == 4


@pytest.mark.parametrize("person", ["qin", "li"])
def test_nobody_reads_anothers_notice(s: Session, person: str) -> None:
    made = tell(s)
    with pytest.raises(Exception, match="no such notice"):
        notice.read(s, actor(s, person), made, NOON)


def test_unread_ones_come_first_page_by_page(s: Session) -> None:
    made = [tell(s, at=NOON + number * MINUTE) for number in range(5)]
    for one in (made[4], made[1]):
        notice.read(s, actor(s, "lin"), one, NOON)
    s.flush()
    wanted = [made[3], made[2], made[0], made[4], made[1]]
    found: list[str] = []
    while page := notice.listing(s, actor(s, "lin"), found[-1] if found else None, 2)["notices"]:
        found += [one["id"] for one in page]
    assert found == wanted


def test_two_couriers_never_take_the_same(database: Engine) -> None:
    make = sessions(database)
    with make.begin() as s:
        channel(s, "lin", "sms")
        for _ in range(4):
            tell(s)
    if database.dialect.name == "postgresql":
        with make.begin() as one, make.begin() as two:
            first = delivery.take(one, NOON, 2, "sms")
            second = delivery.take(two, NOON, 4, "sms")
    else:
        with make.begin() as one:
            first = delivery.take(one, NOON, 2, "sms")
        with make.begin() as two:
            second = delivery.take(two, NOON, 4, "sms")
    assert (len(first), len(second)) == (2, 2)
    assert not {one.id for one in first} & {one.id for one in second}


def test_what_ended_long_ago_is_let_go_and_what_waits_is_not(s: Session) -> None:
    channel(s, "lin", "sms")
    for _ in range(2):
        tell(s)
    delivery.note(s, delivery.take(s, NOON, 1, "sms")[0].id, Outcome(), NOON)
    s.flush()
    assert delivery.forget(s, NOON + timedelta(days=90)) == 0
    assert delivery.forget(s, NOON + timedelta(days=91)) == 1
    assert rows(s) == [("sms", "waiting")]
