"""When time runs out: who hears of it, once, and what moves by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select

from hub.core.case import Act, Stage
from hub.service import alert, supervise
from hub.store.base import sessions
from hub.store.duty import Duty
from hub.store.evidence import Line
from hub.store.supervise import Escalation, Notice, Silence
from tests.hub import town
from tests.hub.service.steps import bring, confirmed, do, reported, seen
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from hub.store.case import Case

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def told(s: Session, subject: str) -> dict[str, list[str]]:
    """Step → who was told."""
    found: dict[str, list[str]] = {}
    for notice in s.scalars(select(Notice).where(Notice.subject == subject).order_by(Notice.at, Notice.id)):
        found.setdefault(notice.step, []).append(notice.person or "")
    return found


def tick(s: Session, begin: datetime, end: datetime, every: timedelta = SECOND) -> None:
    while begin <= end:
        supervise.due(s, begin)
        alert.lapse(s, begin)
        begin += every


def fired(s: Session, subject: str) -> list[tuple[str, int, bool]]:
    rows = s.scalars(select(Escalation).where(Escalation.subject == subject).order_by(Escalation.due_at))
    return [(row.clock, row.step, row.late) for row in rows]


def test_an_urgent_alert_that_nobody_takes_reaches_the_next_every_thirty_seconds(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    tick(s, NOON, NOON + 95 * SECOND)
    assert told(s, f"alert/{one.id}") == {
        "ack/0": ["jiang", "lin", "qiu"],
        "ack/30": ["shen"],
        "ack/60": ["zhou"],
        "ack/90": ["han"],
    }
    assert fired(s, f"alert/{one.id}") == [("ack", step, False) for step in (0, 30, 60, 90)]


def test_whoever_takes_it_stops_the_ladder(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    tick(s, NOON, NOON + 40 * SECOND)
    alert.take(s, actor(s, "shen"), one.id, NOON + 40 * SECOND)
    tick(s, NOON + 40 * SECOND, NOON + 95 * SECOND)
    assert list(told(s, f"alert/{one.id}")) == ["ack/0", "ack/30"]


def test_taken_and_forgotten_climbs_again(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    alert.take(s, actor(s, "lin"), one.id, NOON + SECOND)
    tick(s, NOON + SECOND, NOON + 95 * SECOND)
    assert list(told(s, f"alert/{one.id}")) == ["ack/0", "ack.2/0", "ack.2/30"]


def test_an_alert_that_waits_reminds_the_monitor_then_the_leader_then_goes_up(s: Session) -> None:
    one = seen(s, "crowd")
    tick(s, NOON, NOON + 21 * MINUTE, MINUTE)
    assert told(s, f"alert/{one.id}") == {
        "ack/50": ["lin"],
        "ack/80": ["lin", "shen"],
        "ack/100": ["lin", "zhou"],
        "ack/150": ["zhou"],
        "ack/200": ["jia", "zhou"],
    }


def test_a_low_alert_is_reminded_of_and_expires_without_going_up(s: Session) -> None:
    one = seen(s, "moved")
    tick(s, NOON, NOON + 2 * town.SHIFT, 10 * MINUTE)
    assert list(told(s, f"alert/{one.id}")) == ["ack/50", "ack/80"]
    assert one.state == "EXPIRED"


def test_nobody_accepts_so_the_market_office_hears(s: Session) -> None:
    one = confirmed(s)
    tick(s, NOON, NOON + 6 * MINUTE, 6 * SECOND)
    assert told(s, f"case/{one.id}") == {
        "accept/50": ["he"],
        "accept/80": ["he", "shen"],
        "accept/100": ["he", "zhou"],
        "accept/150": ["zhou"],
        "accept/200": ["jia", "zhou"],
    }
    assert one.next_due_at is None


def test_each_clock_reminds_whoever_owes_the_act(s: Session) -> None:
    one = bring(s, reported(s), Stage.ACCEPTED)
    assert first_told(s, one) == ("dispatch/50", ["qin"])
    one = bring(s, reported(s), Stage.HANDLING)
    assert first_told(s, one) == ("handle/50", ["jiang", "qiu"])
    one = bring(s, reported(s), Stage.HANDLED)
    assert first_told(s, one) == ("verify/50", ["he"])


def first_told(s: Session, one: Case) -> tuple[str, list[str]]:
    """The first step after now, at its moment, while everybody of the noon shift is still there."""
    assert one.next_due_at is not None
    before = set(told(s, f"case/{one.id}"))
    for duty in s.scalars(select(Duty)):
        duty.ends = one.next_due_at + HOUR
    s.flush()
    supervise.due(s, one.next_due_at)
    return next((step, who) for step, who in told(s, f"case/{one.id}").items() if step not in before)


def test_what_fell_due_while_the_hub_was_down_fires_once_and_says_so(database: Engine) -> None:
    with sessions(database).begin() as s:
        one = confirmed(s)
    for _ in range(3):
        with sessions(database).begin() as s:
            supervise.due(s, NOON + 5.5 * MINUTE)
    with sessions(database)() as s:
        assert fired(s, f"case/{one.id}") == [("accept", step, True) for step in (50, 80, 100, 150)]
        lines = s.scalars(select(Line).where(Line.act == "case.escalate").order_by(Line.id)).all()
    assert [(line.public["step"], line.public["late"]) for line in lines] == [
        (50, True),
        (80, True),
        (100, True),
        (150, True),
    ]


def test_a_step_that_fired_does_not_fire_again_after_a_change_of_priority(s: Session) -> None:
    one = reported(s)
    tick(s, NOON, NOON + 16 * MINUTE, MINUTE)
    do(s, one, "he", Act.PRIORITY, NOON + 16 * MINUTE, severity="3", text="小事")
    tick(s, NOON + 16 * MINUTE, NOON + 150 * MINUTE, MINUTE)
    assert fired(s, f"case/{one.id}") == [("accept", 50, False)]
    tick(s, NOON + 150 * MINUTE, NOON + 200 * MINUTE, MINUTE)
    assert [step for _, step, _ in fired(s, f"case/{one.id}")] == [50, 80]


def test_a_second_run_of_a_clock_climbs_its_own_ladder(s: Session) -> None:
    one = bring(s, reported(s, severity=1), Stage.DISPATCHED)
    tick(s, NOON, NOON + 2 * HOUR, MINUTE)
    do(s, one, "qiu", Act.RETURN_REQUEST, NOON + 2 * HOUR, text="不在本格")
    do(s, one, "qin", Act.RETURN_DECIDE, NOON + 2 * HOUR, granted=True)
    tick(s, NOON + 2 * HOUR, NOON + 2 * HOUR + 3 * MINUTE, 10 * SECOND)
    clocks = {clock for clock, _, _ in fired(s, f"case/{one.id}")}
    assert {"handle", "on_scene", "dispatch.2"} <= clocks


def test_a_suspended_case_tells_nobody_and_comes_back_at_its_review(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "qiu", Act.SUSPEND_REQUEST, NOON + HOUR, until=(NOON + 72 * HOUR).isoformat(), text="等配件")
    do(s, one, "he", Act.SUSPEND_DECIDE, NOON + HOUR, granted=True)
    tick(s, NOON + HOUR, NOON + 71 * HOUR, HOUR)
    assert one.stage == Stage.SUSPENDED
    assert list(told(s, f"case/{one.id}")) == ["dispatch", "suspend_request"]
    supervise.due(s, NOON + 72 * HOUR)
    assert one.stage == Stage.HANDLING
    assert one.next_due_at == NOON + MINUTE + 12 * HOUR + 71 * HOUR


def test_a_closed_case_is_evaluated_after_a_week_and_then_rests(s: Session) -> None:
    one = bring(s, reported(s), Stage.CLOSED)
    assert one.closed_at is not None
    supervise.due(s, one.closed_at + timedelta(days=7) - SECOND)
    assert one.stage == Stage.CLOSED
    supervise.due(s, one.closed_at + timedelta(days=7))
    assert one.stage == Stage.EVALUATED
    assert supervise.due(s, one.closed_at + timedelta(days=70)) == 0


def test_a_merged_case_waits_silently_and_goes_on_where_it_was(s: Session) -> None:
    root, twin = reported(s), reported(s)
    do(s, twin, "he", Act.MERGE, root=root.id)
    tick(s, NOON, NOON + HOUR, MINUTE)
    assert fired(s, f"case/{twin.id}") == []
    do(s, twin, "he", Act.UNMERGE, NOON + HOUR, text="两件事")
    supervise.due(s, NOON + HOUR)
    assert fired(s, f"case/{twin.id}") == [("accept", step, step < 200) for step in (50, 80, 100, 150, 200)]


def silence(s: Session, **more: Any) -> None:
    row = {"id": "q", "market": MARKET, "owner": "lin", "reason": "刷漆", "begins": NOON, "ends": NOON + HOUR}
    s.add(Silence(**row | more))
    s.flush()


def test_a_silence_keeps_a_low_alert_from_people_but_not_from_the_ledger(s: Session) -> None:
    silence(s, kind="crowd", camera="c-3-1")
    one = seen(s, "crowd")
    tick(s, NOON, NOON + 9 * MINUTE, MINUTE)
    assert told(s, f"alert/{one.id}") == {}
    assert [step for _, step, _ in fired(s, f"alert/{one.id}")] == [50, 80]


def test_no_silence_keeps_an_urgent_alert_from_anybody(s: Session) -> None:
    silence(s, kind="fire")
    one = seen(s, "fire", trust="high")
    supervise.due(s, NOON)
    assert told(s, f"alert/{one.id}") == {"ack/0": ["jiang", "lin", "qiu"]}


def test_with_nobody_on_duty_everybody_with_the_role_hears(s: Session) -> None:
    night = NOON + 12 * HOUR
    one = seen(s, "fire", night, trust="high")
    tick(s, night, night + 70 * SECOND, 10 * SECOND)
    assert told(s, f"alert/{one.id}") == {"ack/0": ["lin", "ren"], "ack/30": ["shen"], "ack/60": ["zhou"]}


def test_words_say_what_where_and_how_late_in_both_languages(s: Session) -> None:
    one = confirmed(s)
    supervise.due(s, NOON + 3 * MINUTE)
    notice = s.scalars(
        select(Notice).where(Notice.subject == f"case/{one.id}", Notice.step == "accept/100")
    ).first()
    assert notice is not None
    assert notice.words_zh == "1 号巷 禁入区有人：受理已超时，督办"
    assert notice.words_en == "Person in closed area, Aisle 1: acceptance, overdue: supervised from now on"


def test_a_market_in_which_nothing_is_due_costs_two_queries(on: Engine) -> None:
    with sessions(on).begin() as s:
        confirmed(s)
        s.flush()
        ran: list[str] = []
        event.listen(on, "before_cursor_execute", lambda *given: ran.append(given[2]))
        assert supervise.due(s, NOON) == 0
    assert len(ran) == 2
