"""What people do with alerts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.alert import LEASE, OVER, UNDO_WITHIN, State
from hub.core.case import Stage
from hub.core.refuse import Refused
from hub.service import alert
from hub.store.alert import Call
from hub.store.case import CaseAlert
from hub.store.evidence import Line
from tests.hub import town
from tests.hub.service.steps import confirmed, seen
from tests.hub.town import MARKET, NOON, actor
from wire.message import Sos, new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope

SECOND = timedelta(seconds=1)


def acts(s: Session) -> list[str]:
    return list(s.scalars(select(Line.act).order_by(Line.id)))


def test_a_taken_alert_carries_a_name_for_as_long_as_the_lease_holds(s: Session) -> None:
    one = alert.take(s, actor(s, "lin"), seen(s, "crowd").id, NOON + 5 * SECOND)
    assert (one.state, one.lease_person) == (State.ACKED, "lin")
    assert one.lease_until == NOON + 5 * SECOND + LEASE[2]
    assert one.ack_at == NOON + 5 * SECOND


def test_two_do_not_look_at_one_alert(s: Session) -> None:
    one = alert.take(s, actor(s, "lin"), seen(s).id, NOON)
    for act in (alert.take, alert.confirm):
        with pytest.raises(Refused) as caught:
            act(s, actor(s, "ren"), one.id, NOON)
        assert caught.value.kind == "conflict"
        assert "Lin Xiao" in caught.value.en
        assert "林晓" in caught.value.zh


def test_whoever_looks_may_look_longer(s: Session) -> None:
    one = alert.take(s, actor(s, "lin"), seen(s, "crowd").id, NOON)
    alert.take(s, actor(s, "lin"), one.id, NOON + LEASE[2] / 2)
    assert one.lease_until == NOON + LEASE[2] * 3 / 2
    assert one.ack_at == NOON


def test_taken_and_forgotten_is_new_again(s: Session) -> None:
    one = alert.take(s, actor(s, "lin"), seen(s, "crowd").id, NOON)
    assert alert.lapse(s, NOON + LEASE[2] - SECOND) == 0
    assert alert.lapse(s, NOON + LEASE[2]) == 1
    assert (one.state, one.lease_person, one.ack_at) == (State.NEW, None, None)
    assert one.ack_due == NOON + LEASE[2] + timedelta(minutes=10)
    assert acts(s)[-1] == "alert.lapse"
    assert alert.take(s, actor(s, "ren"), one.id, NOON + LEASE[2]).lease_person == "ren"


def test_a_low_alert_that_nobody_looked_at_expires_with_the_shift(s: Session) -> None:
    one = seen(s, "moved")
    assert one.ack_due == NOON + town.SHIFT
    assert alert.lapse(s, NOON + town.SHIFT - SECOND) == 0
    assert alert.lapse(s, NOON + town.SHIFT) == 1
    assert (one.state, one.open_key, one.next_due_at) == (State.EXPIRED, None, None)


def test_a_graver_alert_never_expires(s: Session) -> None:
    one = seen(s, "crowd")
    assert alert.lapse(s, NOON + timedelta(days=3)) == 0
    assert one.state == State.NEW


def test_one_key_takes_and_confirms(s: Session) -> None:
    one = seen(s)
    opened = alert.confirm(s, actor(s, "lin"), one.id, NOON + 9 * SECOND)
    assert (one.state, one.case, one.ack_at) == (State.CONFIRMED, opened.id, NOON + 9 * SECOND)
    assert (opened.stage, opened.severity, opened.reporter, opened.channel) == (
        "REPORTED",
        1,
        "lin",
        "camera",
    )
    assert opened.title_zh == "1 号巷 禁入区有人"
    assert s.get_one(CaseAlert, one.id).case == opened.id


def test_a_fire_that_a_person_confirms_is_urgent_and_accepts_itself(s: Session) -> None:
    opened = confirmed(s, "fire")
    assert (opened.severity, opened.stage) == (0, Stage.ACCEPTED)
    assert acts(s) == ["alert.new", "case.report", "case.accept", "alert.confirm"]


def test_an_urgent_alert_is_confirmed_whoever_holds_it(s: Session) -> None:
    one = seen(s, "fire", trust="high")
    alert.take(s, actor(s, "shen"), one.id, NOON)
    assert alert.confirm(s, actor(s, "lin"), one.id, NOON + SECOND).severity == 0


@pytest.mark.parametrize("reason", ["staff", "animal", "light", "authorised", "duplicate", "other"])
def test_an_alert_is_dismissed_for_one_of_six_reasons(s: Session, reason: str) -> None:
    one = alert.dismiss(s, actor(s, "lin"), seen(s).id, reason, NOON)
    assert (one.state, one.dismissal, one.open_key) == (State.DISMISSED, reason, None)


def test_another_reason_is_none(s: Session) -> None:
    with pytest.raises(Refused) as caught:
        alert.dismiss(s, actor(s, "lin"), seen(s).id, "tired", NOON)
    assert (caught.value.kind, caught.value.code) == ("input", "alert.reason")
    assert "animal" in caught.value.en


def test_a_dismissal_can_be_taken_back_for_a_minute(s: Session) -> None:
    one = alert.dismiss(s, actor(s, "lin"), seen(s).id, "light", NOON)
    alert.undo(s, actor(s, "lin"), one.id, NOON + UNDO_WITHIN)
    assert (one.state, one.lease_person, one.dismissal) == (State.ACKED, "lin", None)
    alert.dismiss(s, actor(s, "lin"), one.id, "light", NOON)
    with pytest.raises(Refused, match="too late"):
        alert.undo(s, actor(s, "lin"), one.id, NOON + UNDO_WITHIN + SECOND)


def test_what_became_a_case_is_not_undone_here(s: Session) -> None:
    one = seen(s)
    alert.confirm(s, actor(s, "lin"), one.id, NOON)
    with pytest.raises(Refused, match="become a case"):
        alert.undo(s, actor(s, "lin"), one.id, NOON)


def test_an_attached_alert_follows_its_parent_into_the_case_and_can_leave_it(s: Session) -> None:
    parent, child = seen(s), seen(s, camera="c-3-2")
    alert.attach(s, actor(s, "lin"), child.id, NOON, alert=parent.id)
    assert (child.state, child.parent) == (State.ATTACHED, parent.id)
    opened = alert.confirm(s, actor(s, "lin"), parent.id, NOON)
    s.flush()
    assert child.case == opened.id
    alert.undo(s, actor(s, "lin"), child.id, NOON + timedelta(days=1))
    s.flush()
    assert child.state == State.ACKED
    assert s.get(CaseAlert, child.id) is None
    assert not child.parent
    assert not child.case


def test_an_alert_is_attached_to_a_case(s: Session) -> None:
    opened, late = confirmed(s), seen(s, camera="c-3-2")
    alert.attach(s, actor(s, "he"), late.id, NOON, case=opened.id)
    assert (late.state, late.case) == (State.ATTACHED, opened.id)


def test_an_alert_is_not_attached_to_itself_to_nothing_or_in_a_chain(s: Session) -> None:
    one, two, three = seen(s), seen(s, camera="c-3-2"), seen(s, "line")
    lin = actor(s, "lin")
    for wrong in ({"alert": one.id}, {}, {"alert": new_id()}, {"case": new_id()}):
        with pytest.raises(Refused), s.begin_nested():
            alert.attach(s, lin, one.id, NOON, **wrong)
    alert.attach(s, lin, two.id, NOON, alert=one.id)
    with pytest.raises(Refused, match="another alert"):
        alert.attach(s, lin, three.id, NOON, alert=two.id)


def test_a_call_to_the_fire_brigade_is_noted_with_its_time(s: Session) -> None:
    one = alert.call(s, actor(s, "lin"), seen(s, "fire").id, "119", NOON + SECOND)
    s.flush()
    noted = s.scalars(select(Call)).one()
    assert (noted.alert, noted.number, noted.person, noted.at) == (one.id, "119", "lin", NOON + SECOND)
    with pytest.raises(Refused, match="119, 110 or 120"):
        alert.call(s, actor(s, "lin"), one.id, "911", NOON)


def test_a_guard_takes_alerts_of_the_own_grid_only(s: Session) -> None:
    one = seen(s)
    assert alert.take(s, actor(s, "qiu"), one.id, NOON).lease_person == "qiu"
    with pytest.raises(Refused) as caught:
        alert.confirm(s, actor(s, "tao"), one.id, NOON)
    assert caught.value.kind == "right"


def test_everybody_who_is_reached_may_take_an_urgent_alert(s: Session) -> None:
    for person in ("lin", "qiu", "shen", "zhou", "he", "qin", "han", "wu"):
        one = seen(s, "fire", camera="c-3-1", trust="high", zone=person)
        assert alert.take(s, actor(s, person), one.id, NOON).lease_person == person
    with pytest.raises(Refused):
        alert.take(s, actor(s, "zhu"), seen(s, "fire", trust="high", zone="zhu").id, NOON)


def test_there_is_no_alert_that_is_not_there(s: Session) -> None:
    with pytest.raises(Refused) as caught:
        alert.take(s, actor(s, "lin"), new_id(), NOON)
    assert caught.value.kind == "missing"


def test_a_pressed_button_is_one_alert_however_often_it_is_heard(s: Session) -> None:
    envelope = town.envelope(Sos(call=new_id(), button="panic", note="C-218"))
    one = alert.sos(s, MARKET, "edge-1", envelope, NOON)
    assert alert.sos(s, MARKET, "edge-1", envelope, NOON + SECOND) is one
    assert (one.kind, one.severity, one.reason, one.grid) == ("panic", 0, "C-218", "east")
    assert one.ack_due == NOON + 30 * SECOND


def test_two_presses_are_two_alerts(s: Session) -> None:
    calls = [town.envelope(Sos(call=new_id(), button="help")) for _ in range(2)]
    first, second = (alert.sos(s, MARKET, "edge-1", call, NOON) for call in calls)
    assert first.id != second.id
    assert first.severity == second.severity == 1


def test_every_act_on_an_alert_changes_its_version(s: Session) -> None:
    one = seen(s)
    versions = [one.version]
    for act in (
        lambda: alert.take(s, actor(s, "lin"), one.id, NOON),
        lambda: alert.call(s, actor(s, "lin"), one.id, "110", NOON),
        lambda: alert.dismiss(s, actor(s, "lin"), one.id, "other", NOON),
        lambda: alert.undo(s, actor(s, "lin"), one.id, NOON),
        lambda: alert.confirm(s, actor(s, "lin"), one.id, NOON),
    ):
        act()
        versions.append(one.version)
    assert versions == sorted(set(versions))


@pytest.mark.parametrize("state", sorted(OVER))
def test_a_call_made_again_after_its_alert_was_done_with_is_a_new_alert(s: Session, state: State) -> None:
    call = new_id()

    def press(at: datetime) -> Envelope:
        return town.envelope(Sos(call=call, button="panic"), at)

    early = press(NOON)
    first = alert.sos(s, MARKET, "edge-1", early, NOON)
    late = press(NOON + SECOND)
    first.state, first.decided_at = state, NOON + 2 * SECOND
    assert alert.sos(s, MARKET, "edge-1", early, NOON + 3 * SECOND) is first, "the same message"
    assert alert.sos(s, MARKET, "edge-1", late, NOON + 3 * SECOND) is first, "pressed before it was decided"
    pressed = press(NOON + 4 * SECOND)
    again = alert.sos(s, MARKET, "edge-1", pressed, NOON + 4 * SECOND)
    assert again.id != first.id
    assert again.state == State.NEW
    assert alert.sos(s, MARKET, "edge-1", pressed, NOON + 5 * SECOND) is again
