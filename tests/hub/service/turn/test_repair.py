"""Turns that cannot stand any more are given anew at once, to who has fewest, and everybody is told."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.core.turn import Hours
from hub.service import placement
from hub.service.turn import asked, closed, keep, leave, month, repair, rotation, swap
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


class NoYear:
    """Port Workdays that knows nothing."""

    def off(self, _year: int) -> None:
        return


def whose(s: Session, *days: date) -> list[str | None]:
    s.flush()
    rows = {row.day: row.shop for row in s.scalars(select(Turn).where(Turn.group == GROUP))}
    return [rows[day] for day in days]


def steps(s: Session, person: str) -> list[str]:
    s.flush()
    query = select(Notice.step).where(Notice.person == person).order_by(Notice.at, Notice.id)
    return list(s.scalars(query))


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


def test_a_shop_that_is_known_to_leave_has_no_turn_after_its_end(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11", "c-12", "c-10", "c-11", "c-12"])
    s.get_one(Shop, "c-12").ends = TODAY + 2 * DAY
    s.flush()
    with pytest.raises(Refused, match="left by this day"):
        swap.ask(s, actor(s, "wu"), made[TODAY + 2 * DAY].id, "c-12", None, "", NOON)
    keep.due(s, NOON)
    assert whose(s, TODAY + DAY) == ["c-12"], "until then it is there"
    after = s.scalars(select(Turn).where(Turn.day >= TODAY + 2 * DAY)).all()
    assert "c-12" not in {who for turn in after for who in (turn.shop, turn.buddy)}
    row = rotation.draw(s, actor(s, "shen"), f"{MARKET}/east/{GROUP}", TODAY, TODAY + 9 * DAY, 2.0, NOON)
    asking = asked.begin(s, row.id, NoYear(), NOON)
    assert asking
    away = {one.shop: one.away for one in asking.asked.groups[0].shops}
    assert away["c-12"] == {TODAY + n * DAY for n in range(2, 10)}


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
    assert shown["sum"]["coming"] == 1
    assert month.overview(s, actor(s, "shen"), TODAY, None, NOON + 2 * DAY)["sum"]["coming"] == 0
    closed.put(s, actor(s, "shen"), GROUP, TODAY + 2 * DAY, "", NOON)
    shown = month.overview(s, actor(s, "shen"), TODAY, None, NOON)
    assert (shown["sum"]["gaps"], shown["sum"]["coming"]) == (1, 0), "a closed day lacks nobody"
    live(s)
    assert [one["id"] for one in month.overview(s, actor(s, "lan"), TODAY, None, NOON)["groups"]] == [GROUP]
