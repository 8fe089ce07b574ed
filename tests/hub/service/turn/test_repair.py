"""Turns that cannot stand any more are given anew at once, to who has fewest, and everybody is told."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.core.turn import Hours
from hub.service import placement
from hub.service.turn import closed, keep, leave, leaves, month, repair
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.supervise import Notice
from hub.store.turn import Turn
from tests.hub.service.turn.street import DAY, GROUP, KEEPERS, TODAY, live, turns
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)


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


def test_a_closed_day_has_no_turn_and_says_why_until_it_is_open_again(s: Session) -> None:
    live(s)
    turns(s, ["c-10", "c-11"])
    made = closed.put(s, actor(s, "shen"), GROUP, TODAY + DAY, "停电检修", NOON)
    assert whose(s, TODAY + DAY) == [None]
    assert steps(s, "mei") == ["turn.left"]
    shown = month.of_group(s, actor(s, "shen"), GROUP, TODAY, NOON)
    assert shown["turns"][1]["state"]["id"] == "gap"
    assert shown["turns"][1]["why"]["zh"] == "休市：停电检修"
    assert shown["closed"][0]["whole"] is False
    with pytest.raises(Refused, match="closed already"):
        closed.put(s, actor(s, "shen"), GROUP, TODAY + DAY, "", NOON)
    with pytest.raises(Refused, match="market manager"):
        closed.put(s, actor(s, "shen"), None, TODAY + DAY, "", NOON)
    closed.take(s, actor(s, "shen"), made.id, NOON)
    assert whose(s, TODAY + DAY) != [None]


def test_a_day_on_which_nobody_is_there_is_an_explained_gap(s: Session) -> None:
    turns(s, ["c-10"], TODAY + DAY)
    for shop in KEEPERS:
        s.get_one(Shop, shop).open = False
    s.flush()
    keep.due(s, NOON)
    (turn,) = s.scalars(select(Turn).where(Turn.group == GROUP))
    assert turn.shop is None
    assert turn.why_en == "No shop of the group can take this day."


def test_a_shop_that_is_moved_to_another_group_leaves_its_turns_behind(s: Session) -> None:
    live(s)
    turns(s, ["c-10", "c-11", "c-12", "c-11"])
    s.get_one(Shop, "c-11").group = "east-2"
    s.get_one(Grant, "mei-shop").node = f"{MARKET}/east/east-2/c-11"
    placement.settle(s, MARKET, TODAY)
    assert keep.due(s, NOON) > 0
    assert steps(s, "mei") == ["turn.left", "turn.left"], "who left hears it too"
    assert "c-11" not in whose(s, TODAY, TODAY + DAY, TODAY + 2 * DAY, TODAY + 3 * DAY)
    for turn in s.scalars(select(Turn)):
        assert turn.buddy != "c-11"
    assert keep.due(s, NOON) == 0, "what stands is not changed again"


def test_the_turns_of_a_group_that_ends_are_taken_back_and_a_group_that_follows_it_gets_its_days(
    s: Session,
) -> None:
    turns(s, ["c-10", "c-11", "c-12", "c-11"])
    s.add(ShopGroup(id="east-9", market=MARKET, grid="east", number=9, centre="c-10", begins=TODAY))
    s.flush()
    for shop in KEEPERS:
        s.get_one(Shop, shop).group = "east-9"
    placement.settle(s, MARKET, TODAY)
    keep.due(s, NOON)
    assert whose(s, TODAY, TODAY + 3 * DAY) == [None, None]
    new = s.scalars(select(Turn).where(Turn.group == "east-9").order_by(Turn.day)).all()
    assert [row.day for row in new] == [TODAY + n * DAY for n in range(4)]
    assert {row.shop for row in new} == set(KEEPERS)


def test_what_is_over_today_is_not_changed_afterwards(s: Session) -> None:
    turns(s, ["c-11", "c-11"])
    s.get_one(Shop, "c-11").open = False
    s.flush()
    repair.group(s, s.get_one(ShopGroup, GROUP), NOON + 7 * HOUR)
    first, second = whose(s, TODAY, TODAY + DAY)
    assert first == "c-11"
    assert second != "c-11"


def test_a_day_that_nobody_confirmed_is_told_to_the_centre_shop_and_later_entered(s: Session) -> None:
    live(s)
    turn = turns(s, ["c-11"])[TODAY]
    half_past_eight = NOON - 3 * HOUR - timedelta(minutes=30)
    keep.due(s, half_past_eight - timedelta(minutes=1))
    assert steps(s, "wu") == []
    keep.due(s, half_past_eight)
    keep.due(s, half_past_eight + timedelta(minutes=1))
    assert steps(s, "wu") == ["turn.unconfirmed"]
    assert steps(s, "mei") == ["turn.unconfirmed"]
    assert turn.missed_at is None
    keep.due(s, NOON - 2 * HOUR)
    assert turn.missed_at == NOON - 2 * HOUR
    shown = month.overview(s, actor(s, "zhou"), TODAY, None, NOON)
    assert (shown["sum"]["due"], shown["sum"]["unconfirmed"]) == (1, 1)


def test_a_day_that_changes_hands_late_has_time_of_its_own_to_be_confirmed(s: Session) -> None:
    live(s)
    turn = turns(s, ["c-11", "c-12", "c-10"])[TODAY]
    eleven = NOON - HOUR
    row = leave.ask(s, actor(s, "mei"), None, TODAY, TODAY, "", eleven)
    leave.decide(s, actor(s, "shen"), row.id, "granted", "", eleven)
    keep.due(s, eleven + timedelta(minutes=29))
    assert (turn.shop, turn.reminded_at, turn.missed_at) == ("c-10", None, None)
    keep.due(s, eleven + timedelta(minutes=30))
    assert turn.reminded_at == eleven + timedelta(minutes=30)
    words = s.scalars(select(Notice.words_en).where(Notice.step == "turn.unconfirmed")).first()
    assert words
    assert "by 11:30" in words
    keep.due(s, eleven + 2 * HOUR)
    assert turn.missed_at == eleven + 2 * HOUR


def test_the_hours_are_the_markets_own(s: Session) -> None:
    with pytest.raises(Refused, match="one after the other"):
        closed.hours(s, actor(s, "zhou"), Hours(begins=time(18)), NOON)
    with pytest.raises(Refused, match="market manager"):
        closed.hours(s, actor(s, "shen"), Hours(), NOON)
    closed.hours(s, actor(s, "zhou"), Hours(confirm_by=time(13), enter_by=time(17)), NOON)
    turn = turns(s, ["c-11"])[TODAY]
    keep.due(s, NOON)
    assert turn.reminded_at is None
    keep.due(s, NOON + HOUR)
    assert turn.reminded_at == NOON + HOUR


def test_an_overview_counts_days_that_nobody_has_said_whose_they_are(s: Session) -> None:
    turns(s, ["c-10", None, "c-11"])
    shown = month.overview(s, actor(s, "shen"), TODAY, None, NOON)
    line = next(one for one in shown["groups"] if one["id"] == GROUP)
    assert (line["given"], line["gaps"], line["missing"], line["spread"]) == (2, 1, 6, 1)
    assert {one["grid"]["id"] for one in shown["groups"]} == {"east"}
    live(s)
    assert [one["id"] for one in month.overview(s, actor(s, "lan"), TODAY, None, NOON)["groups"]] == [GROUP]
