"""A shop that cannot come: who grants its leave, who learns why, and how it comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service.turn import leave, leaves
from hub.store.supervise import Notice
from hub.store.turn import Turn
from tests.hub.service.turn.street import DAY, GROUP, TODAY, live, turns
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


def whose(s: Session, *days: date) -> list[str | None]:
    s.flush()
    rows = {row.day: row.shop for row in s.scalars(select(Turn).where(Turn.group == GROUP))}
    return [rows[day] for day in days]


def steps(s: Session, person: str) -> list[str]:
    s.flush()
    query = select(Notice.step).where(Notice.person == person).order_by(Notice.at, Notice.id)
    return list(s.scalars(query))


def test_a_leave_that_is_granted_gives_the_days_to_who_has_fewest(s: Session) -> None:
    live(s)
    turns(s, ["c-10", "c-11", "c-12", "c-10", "c-11"])
    row = leave.ask(s, actor(s, "mei"), None, TODAY + DAY, TODAY + 2 * DAY, "回老家", NOON)
    assert steps(s, "shen") == ["leave.asked"]
    assert leaves.one(s, actor(s, "shen"), row)["turns"] == ["2026-11-23"]
    assert leaves.one(s, actor(s, "shen"), row)["may"] == ["grant", "refuse"]
    leave.decide(s, actor(s, "shen"), row.id, "granted", "好", NOON)
    assert whose(s, TODAY + DAY) == ["c-12"], "who had one turn, not two"
    assert steps(s, "mei") == ["leave.granted", "turn.left"]
    assert steps(s, "lan") == ["turn.given"]
    for turn in s.scalars(select(Turn).where(Turn.day.between(TODAY + DAY, TODAY + 2 * DAY))):
        assert "c-11" not in (turn.shop, turn.buddy), "who is away checks nobody's doors"


def test_leave_is_decided_by_the_leader_and_never_by_who_asked(s: Session) -> None:
    live(s)
    row = leave.ask(s, actor(s, "mei"), None, TODAY, TODAY, "", NOON)
    for who in ("mei", "wu", "lan", "qin"):
        with pytest.raises(Refused):
            leave.decide(s, actor(s, who), row.id, "granted", "", NOON)
    leave.decide(s, actor(s, "zhou"), row.id, "refused", "", NOON)
    with pytest.raises(Refused, match="answered already"):
        leave.withdraw(s, actor(s, "mei"), row.id, NOON)
    assert [one["state"]["id"] for one in leaves.listing(s, actor(s, "mei"), NOON)] == ["refused"]
    assert leaves.listing(s, actor(s, "tao"), NOON) == [], "another grid's"


def test_leave_of_a_leader_for_a_shop_without_a_phone_is_granted_by_another(s: Session) -> None:
    row = leave.ask(s, actor(s, "shen"), "c-11", TODAY, TODAY, "", NOON)
    with pytest.raises(Refused, match="somebody else decides"):
        leave.decide(s, actor(s, "shen"), row.id, "granted", "", NOON)
    leave.decide(s, actor(s, "zhou"), row.id, "granted", "", NOON)


def test_why_a_shop_is_away_is_told_to_its_own_people_and_to_who_decides_alone(s: Session) -> None:
    live(s)
    row = leave.ask(s, actor(s, "mei"), None, TODAY, TODAY, "住院", NOON)
    leave.decide(s, actor(s, "zhou"), row.id, "granted", "早日康复", NOON)
    for who, told in (
        ("mei", True),
        ("shen", True),
        ("zhou", True),
        ("lan", False),
        ("wu", False),
        ("li", False),
    ):
        (shown,) = leaves.listing(s, actor(s, who), NOON)
        assert (shown["reason"], shown["answer"]) == (("住院", "早日康复") if told else ("", "")), who


def test_a_shop_that_is_there_after_all_takes_granted_leave_back_from_today_on(s: Session) -> None:
    live(s)
    turns(s, ["c-10", "c-11", "c-12", "c-10", "c-11"])
    row = leave.ask(s, actor(s, "mei"), None, TODAY, TODAY + 2 * DAY, "", NOON)
    leave.decide(s, actor(s, "shen"), row.id, "granted", "", NOON)
    given = whose(s, TODAY + DAY)
    assert leaves.one(s, actor(s, "mei"), row)["may"] == ["withdraw"]
    with pytest.raises(Refused):
        leave.withdraw(s, actor(s, "lan"), row.id, NOON + DAY)
    leave.withdraw(s, actor(s, "mei"), row.id, NOON + DAY)
    assert (row.first, row.last, row.state) == (TODAY, TODAY, "granted"), "the day that was stays as it was"
    assert whose(s, TODAY + DAY) == given, "who took a day keeps it"
    assert steps(s, "shen")[-1] == "leave.withdrawn"
    assert not leave.is_away(s, "c-11", TODAY + DAY)
    with pytest.raises(Refused, match="over"):
        leave.withdraw(s, actor(s, "mei"), row.id, NOON + DAY)
    later = leave.ask(s, actor(s, "mei"), None, TODAY + 4 * DAY, TODAY + 4 * DAY, "", NOON)
    leave.decide(s, actor(s, "shen"), later.id, "granted", "", NOON)
    leave.withdraw(s, actor(s, "mei"), later.id, NOON)
    assert later.state == "withdrawn"


def test_days_that_are_over_or_the_wrong_way_round_are_no_leave(s: Session) -> None:
    live(s)
    for first, last in ((TODAY - DAY, TODAY), (TODAY + DAY, TODAY), (TODAY, TODAY + 200 * DAY)):
        with pytest.raises(Refused, match="Choose days"):
            leave.ask(s, actor(s, "mei"), None, first, last, "", NOON)
