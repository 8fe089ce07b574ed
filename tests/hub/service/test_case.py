"""Every act on a case, by those who may and those who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.case import SUSPEND_CAP, Act, Stage
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import case
from hub.service.place import Place
from hub.store.case import Case, CaseMark, CasePart
from hub.store.evidence import Line, Media, PrivateText
from hub.store.supervise import Notice
from tests.hub import town
from tests.hub.service.steps import WAY, bring, confirmed, do, reported
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)
TOMORROW = (NOON + 24 * HOUR).isoformat()


def refused(s: Session, one: Case, person: str, act: Act, **fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        do(s, one, person, act, NOON + HOUR, **fields)
    return caught.value


def told(s: Session, person: str) -> list[str]:
    return list(s.scalars(select(Notice.step).where(Notice.person == person).order_by(Notice.id)))


def last_line(s: Session, one: Case) -> Line:
    return s.scalars(select(Line).where(Line.case == one.id).order_by(Line.id.desc())).first() or Line()


def test_a_report_gets_a_number_a_code_and_the_severity_of_its_kind(s: Session) -> None:
    one = reported(s, "dispute", text="争摊位")
    assert (one.number, one.severity, one.stage) == ("LF-20261122-0001", 2, Stage.REPORTED)
    assert len(one.tracking_code) == 10
    assert one.title_en == "Dispute, Aisle 1"
    assert (one.reporter, one.group) == ("tao", "east-1")
    line = last_line(s, one)
    assert line.public == {"number": one.number, "kind": "dispute", "severity": 2, "channel": "patrol"}
    assert line.commitment
    assert s.get_one(PrivateText, line.commitment).text == "争摊位"


def test_who_files_a_call_from_outside_is_not_its_reporter(s: Session) -> None:
    one = reported(s, person="he", channel="phone", reporter_name="王女士")
    assert (one.reporter, one.reporter_name) == (None, "王女士")


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "ufo"},
        {"severity": 4},
        {"channel": "pigeon"},
        {"place": Place(Pair(" ", " "), "east")},
        {"place": Place(Pair("火星", "Mars"), "mars")},
    ],
)
def test_a_report_of_something_unknown_is_refused(s: Session, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        reported(s, **wrong)
    assert caught.value.kind == "input"


def test_an_auditor_does_not_report(s: Session) -> None:
    with pytest.raises(Refused):
        reported(s, person="zhu")


@pytest.mark.parametrize("person", ["xin", "li", "tao", "shen"])
def test_whoever_sees_something_reports_it_wherever_it_is(s: Session, person: str) -> None:
    for grid in ("east", "west"):
        assert reported(s, person=person, place=Place(Pair("巷", "Aisle"), grid)).reporter == person


@pytest.mark.parametrize("stage", [stage for stage, *_ in WAY])
def test_a_case_reaches_each_stage_by_those_who_may(s: Session, stage: Stage) -> None:
    assert bring(s, reported(s), stage).stage == stage


def test_the_desk_fixes_kind_and_priority_on_acceptance(s: Session) -> None:
    one = do(s, reported(s, "other"), "he", Act.ACCEPT, kind="hazard", severity="1")
    assert (one.kind, one.severity, one.title_en) == ("hazard", 1, "Hidden danger, Aisle 1")


def test_a_rejected_reporter_is_told(s: Session) -> None:
    one = do(s, reported(s, person="qiu"), "he", Act.REJECT, text="不属本市场")
    s.flush()
    assert one.stage == Stage.REJECTED
    assert told(s, "qiu") == ["reporter"]


def test_an_urgent_report_accepts_itself(s: Session) -> None:
    one = reported(s, "violence")
    assert (one.severity, one.stage) == (0, Stage.ACCEPTED)
    assert [line.role for line in s.scalars(select(Line).where(Line.act == "case.accept"))] == ["system"]


def test_a_raise_to_urgent_accepts_what_waits_for_the_desk(s: Session) -> None:
    one = do(s, reported(s), "qin", Act.PRIORITY, severity="0", text="动刀了")
    assert (one.severity, one.stage) == (0, Stage.ACCEPTED)


def test_a_crew_that_is_sent_hears_of_it(s: Session) -> None:
    one = bring(s, reported(s), Stage.DISPATCHED)
    s.flush()
    assert (one.unit_kind, one.unit) == ("crew", "crew-1")
    assert told(s, "qiu") == told(s, "jiang") == ["dispatch"]
    assert last_line(s, one).public == {"unit": "crew/crew-1", "zh": "1 组", "en": "Crew 1"}


@pytest.mark.parametrize("unit", ["crew/crew-1", "group/east-1", "agency/fu", "liaison/yunda"])
def test_a_case_can_be_given_to_each_kind_of_unit(s: Session, unit: str) -> None:
    one = do(s, bring(s, reported(s), Stage.ACCEPTED), "qin", Act.DISPATCH, unit=unit)
    member = {"crew/crew-1": "jiang", "group/east-1": "li", "agency/fu": "fu", "liaison/yunda": "han"}[unit]
    assert do(s, one, member, Act.ACKNOWLEDGE).stage == Stage.HANDLING


@pytest.mark.parametrize("unit", ["crew/crew-9", "agency/he", "liaison/other", "army/1", "crew", ""])
def test_a_case_is_not_given_to_whom_there_is_not(s: Session, unit: str) -> None:
    one = bring(s, reported(s), Stage.ACCEPTED)
    assert refused(s, one, "qin", Act.DISPATCH, unit=unit).kind == "input"


def test_a_crew_that_is_off_duty_is_not_sent(s: Session) -> None:
    one = bring(s, reported(s), Stage.ACCEPTED)
    with pytest.raises(Refused, match="on duty"):
        do(s, one, "qin", Act.DISPATCH, NOON + town.SHIFT, unit="crew/crew-1")


def test_another_crew_does_not_take_the_case(s: Session) -> None:
    one = bring(s, reported(s), Stage.DISPATCHED)
    assert refused(s, one, "tao", Act.ACKNOWLEDGE).kind == "right"


def test_the_grid_leader_may_handle_in_the_own_grid(s: Session) -> None:
    one = bring(s, reported(s), Stage.DISPATCHED)
    assert do(s, one, "shen", Act.ACKNOWLEDGE).stage == Stage.HANDLING


def test_a_return_that_is_upheld_counts_as_wrong_dispatch(s: Session) -> None:
    one = bring(s, reported(s), Stage.DISPATCHED)
    do(s, one, "qiu", Act.RETURN_REQUEST, text="不在本格")
    assert one.stage == Stage.DISPATCHED
    do(s, one, "qin", Act.RETURN_DECIDE, granted=True)
    assert (one.stage, one.wrong_dispatch, one.unit, one.asked) == (Stage.ACCEPTED, 1, None, None)


def test_a_return_that_is_not_upheld_leaves_the_case_with_its_unit(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "qiu", Act.RETURN_REQUEST, text="太远")
    do(s, one, "qin", Act.RETURN_DECIDE, granted=False, text="你们最近")
    assert (one.stage, one.wrong_dispatch, one.unit) == (Stage.HANDLING, 0, "crew-1")
    assert do(s, one, "qiu", Act.RETURN_REQUEST, text="再问一次").asked is not None


def test_nothing_is_decided_that_nobody_asked(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    assert refused(s, one, "qin", Act.RETURN_DECIDE, granted=True).code == "case.not_asked"
    do(s, one, "qiu", Act.RETURN_REQUEST, text="太远")
    assert refused(s, one, "he", Act.SUSPEND_DECIDE, granted=True).code == "case.not_asked"
    assert refused(s, one, "qiu", Act.SUSPEND_REQUEST, until=TOMORROW, text="x").code == "case.asked"


def test_a_suspension_needs_a_supervisor_and_a_review_date(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "qiu", Act.SUSPEND_REQUEST, until=TOMORROW, text="等配件")
    assert one.stage == Stage.HANDLING
    assert refused(s, one, "qin", Act.SUSPEND_DECIDE, granted=True).kind == "right"
    do(s, one, "zhou", Act.SUSPEND_DECIDE, granted=True)
    assert one.stage == Stage.SUSPENDED
    assert one.review_at == one.next_due_at == NOON + 24 * HOUR
    do(s, one, "he", Act.RESUME)
    assert (one.stage, one.review_at) == (Stage.HANDLING, None)


@pytest.mark.parametrize("away", [-HOUR, timedelta(), SUSPEND_CAP + HOUR])
def test_a_review_lies_ahead_but_not_beyond_the_cap(s: Session, away: timedelta) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    with pytest.raises(Refused, match="within the next 30 days"):
        do(s, one, "qiu", Act.SUSPEND_REQUEST, NOON, until=(NOON + away).isoformat(), text="x")


@pytest.mark.parametrize("severity", [0, 1])
def test_urgent_and_high_cases_are_never_suspended(s: Session, severity: int) -> None:
    one = bring(s, reported(s, severity=severity), Stage.HANDLING)
    refusal = refused(s, one, "qiu", Act.SUSPEND_REQUEST, until=TOMORROW, text="x")
    assert (refusal.kind, refusal.zh) == ("state", "P0、P1 不许挂账。")


def test_a_raise_wakes_a_suspended_case(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "qiu", Act.SUSPEND_REQUEST, until=TOMORROW, text="等配件")
    do(s, one, "he", Act.SUSPEND_DECIDE, granted=True)
    do(s, one, "qin", Act.PRIORITY, severity="1", text="漏电")
    assert (one.stage, one.severity) == (Stage.HANDLING, 1)


def test_rework_sends_the_result_back(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLED)
    do(s, one, "he", Act.REWORK, text="余烟")
    assert (one.stage, one.rework, one.result) == (Stage.HANDLING, 1, None)
    bring_again = do(s, one, "qiu", Act.HANDLE, result="solved", text="又洒了水")
    assert do(s, bring_again, "gu", Act.VERIFY_CLOSE, gone=True, told=True).stage == Stage.CLOSED


@pytest.mark.parametrize("person", ["qin", "qiu", "lin", "zhou"])
def test_who_dispatched_handled_or_watched_does_not_close(s: Session, person: str) -> None:
    one = bring(s, confirmed(s), Stage.HANDLED)
    assert refused(s, one, person, Act.VERIFY_CLOSE, gone=True, told=True).kind == "right"


@pytest.mark.parametrize("person", ["gu", "he", "jia"])
def test_a_case_is_closed_by_a_verifier_who_handled_nothing_of_it(s: Session, person: str) -> None:
    one = bring(s, confirmed(s), Stage.HANDLED)
    assert do(s, one, person, Act.VERIFY_CLOSE, gone=True, told=True).stage == Stage.CLOSED


def test_a_verifier_does_not_close_the_own_report(s: Session) -> None:
    one = bring(s, reported(s, person="gu"), Stage.HANDLED)
    refusal = refused(s, one, "gu", Act.VERIFY_CLOSE, gone=True, told=True)
    assert refusal.code == "case.side"
    assert "reported" in refusal.en
    assert do(s, one, "he", Act.VERIFY_CLOSE, gone=True, told=True).stage == Stage.CLOSED


def test_a_case_is_not_closed_before_the_danger_is_gone_and_the_reporter_told(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLED)
    assert refused(s, one, "gu", Act.VERIFY_CLOSE, gone=True, told=False).code == "field.told"


def test_the_closing_line_carries_the_count_of_lines(s: Session) -> None:
    one = bring(s, reported(s), Stage.CLOSED)
    line = last_line(s, one)
    assert line.public["lines"] == line.case_seq == one.seq


def test_evaluation_waits_for_feedback_or_a_week(s: Session) -> None:
    one = bring(s, reported(s), Stage.CLOSED)
    assert refused(s, one, "zhou", Act.EVALUATE).code == "field.feedback"
    assert do(s, one, "zhou", Act.EVALUATE, NOON + timedelta(days=8)).stage == Stage.EVALUATED


def test_the_reporter_may_reopen_for_a_week_and_a_supervisor_at_any_time(s: Session) -> None:
    one = bring(s, reported(s, person="tao"), Stage.CLOSED)
    with pytest.raises(Refused):
        do(s, one, "tao", Act.REOPEN, NOON + timedelta(days=8), text="又坏了")
    do(s, one, "tao", Act.REOPEN, NOON + timedelta(days=6), text="又坏了")
    assert (one.stage, one.reopen) == (Stage.ACCEPTED, 1)
    assert [one.unit, one.result, one.closed_at] == [None, None, None]
    again = bring(s, reported(s, person="tao"), Stage.CLOSED)
    assert do(s, again, "zhou", Act.REOPEN, NOON + timedelta(days=60), text="抽查").stage == Stage.ACCEPTED


def test_a_merge_is_a_link_that_can_be_taken_back(s: Session) -> None:
    root, twin = bring(s, reported(s), Stage.HANDLING), bring(s, reported(s), Stage.DISPATCHED)
    due = twin.next_due_at
    do(s, twin, "qin", Act.MERGE, root=root.number)
    assert (twin.stage, twin.root, twin.next_due_at) == (Stage.MERGED, root.id, None)
    assert last_line(s, root).act == "case.merged"
    do(s, twin, "he", Act.UNMERGE, text="两件事")
    assert (twin.stage, twin.root, twin.next_due_at) == (Stage.DISPATCHED, None, due)
    assert last_line(s, root).act == "case.unmerged"


def test_a_case_is_not_merged_into_itself_into_a_closed_one_or_in_a_chain(s: Session) -> None:
    one, closed = reported(s), bring(s, reported(s), Stage.CLOSED)
    for root in (one.id, closed.id, new_id(), "LF-20261122-9999"):
        assert refused(s, one, "he", Act.MERGE, root=root).code == "case.root"
    other = reported(s)
    do(s, one, "he", Act.MERGE, root=other.id)
    assert refused(s, other, "he", Act.MERGE, root=reported(s).id).code == "case.root"


def test_a_supervisor_cancels_with_a_reason_and_the_case_stays_in_the_books(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    assert refused(s, one, "he", Act.CANCEL, text="x").kind == "right"
    do(s, one, "zhou", Act.CANCEL, text="重复报案")
    assert (one.stage, one.next_due_at) == (Stage.CANCELLED, None)
    assert do(s, one, "he", Act.NOTE, text="已知").stage == Stage.CANCELLED


def test_a_dispatcher_raises_but_never_lowers_a_priority(s: Session) -> None:
    one = reported(s)
    assert refused(s, one, "qin", Act.PRIORITY, severity="3", text="x").kind == "right"
    assert do(s, one, "qin", Act.PRIORITY, severity="1", text="人多了").severity == 1
    assert do(s, one, "he", Act.PRIORITY, severity="3", text="散了").severity == 3


def test_a_change_of_priority_computes_every_limit_from_the_same_start(s: Session) -> None:
    one = bring(s, reported(s), Stage.DISPATCHED)
    dispatched = NOON + timedelta(seconds=60)
    assert one.next_due_at == dispatched + 12 * HOUR
    do(s, one, "he", Act.PRIORITY, NOON + timedelta(minutes=4), severity="1", text="扩大")
    assert one.next_due_at == dispatched + timedelta(minutes=5)


def test_somebody_who_was_slower_is_told_so(s: Session) -> None:
    one = reported(s)
    do(s, one, "he", Act.NOTE, text="核实中")
    with pytest.raises(Refused) as caught:
        case.act(s, actor(s, "he"), one.id, Act.ACCEPT, {}, one.version - 1, NOON)
    assert (caught.value.kind, caught.value.code) == ("conflict", "case.version")


def test_a_reminder_reaches_whoever_owes_the_act(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "lin", Act.REMIND)
    s.flush()
    assert told(s, "jiang") == ["dispatch", "remind"]
    fresh = reported(s)
    do(s, fresh, "lin", Act.REMIND)
    s.flush()
    assert told(s, "he") == ["remind"]


def test_pictures_of_another_case_are_not_attached(s: Session) -> None:
    one, other = reported(s), reported(s)
    row = {"market": MARKET, "size": 9, "type": "image/jpeg", "role": "still", "at": NOON}
    s.add(Media(id="mine", sha256="a" * 64, **row))
    s.add(Media(id="theirs", sha256="b" * 64, case=other.id, **row))
    s.flush()
    do(s, one, "he", Act.NOTE, text="见图", media=["mine"])
    assert s.get_one(Media, "mine").case == one.id
    for media in (["theirs"], ["none"]):
        assert refused(s, one, "he", Act.NOTE, text="见图", media=media).code == "field.media"


def test_the_hub_keeps_who_stood_on_which_side(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.CLOSED)
    parts = s.scalars(select(CasePart).where(CasePart.case == one.id))
    assert {part.person: part.side for part in parts} == {
        "he": "supervision",
        "qin": "handling",
        "qiu": "handling",
        "gu": "supervision",
    }


def test_marks_of_a_case_have_no_gap(s: Session) -> None:
    one = bring(s, confirmed(s, "fire"), Stage.EVALUATED)
    marks = s.scalars(select(CaseMark).where(CaseMark.case == one.id).order_by(CaseMark.seq)).all()
    assert [mark.seq for mark in marks] == list(range(1, len(marks) + 1))
    assert [mark.act for mark in marks][:3] == ["report", "accept", "dispatch"]


def test_each_line_of_a_case_names_the_one_before(s: Session) -> None:
    one = bring(s, reported(s), Stage.CLOSED)
    bring(s, reported(s), Stage.CLOSED)
    lines = s.scalars(select(Line).where(Line.case == one.id).order_by(Line.id)).all()
    assert [line.case_seq for line in lines] == list(range(1, len(lines) + 1))
    assert [line.case_prev for line in lines] == [None, *(line.id for line in lines[:-1])]


def test_there_is_no_case_that_is_not_there(s: Session) -> None:
    with pytest.raises(Refused) as caught:
        case.act(s, actor(s, "he"), new_id(), Act.ACCEPT, {}, 1, NOON)
    assert caught.value.kind == "missing"
