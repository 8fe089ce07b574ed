"""Two shops swap their days: only both together change them, and everybody who follows them hears it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service.turn import change, keep, offer, swap, swapped
from hub.store.evidence import Line
from hub.store.market import Shop, ShopGroup
from hub.store.supervise import Notice
from hub.store.turn import Leave, Swap, Turn, TurnPast
from tests.hub.service.turn.street import DAY, TODAY, live, turns
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)
MORNING = NOON - 5 * HOUR
"""07:00 at the market."""


def told(s: Session, subject: str) -> list[tuple[str | None, str]]:
    s.flush()
    query = select(Notice).where(Notice.subject == subject).order_by(Notice.at, Notice.id)
    return [(row.person, row.step) for row in s.scalars(query)]


def asked(s: Session, who: str = "mei", other: str = "c-12", now: datetime = NOON) -> Swap:
    """mei of c-11 has today, whose buddy is c-10; lan of c-12 has tomorrow, whose buddy is c-11."""
    live(s)
    made = turns(s, ["c-11", "c-12", "c-10", "c-12"])
    made[TODAY + DAY].buddy = "c-10"
    s.flush()
    return swap.ask(s, actor(s, who), made[TODAY].id, other, made[TODAY + DAY].id, "进货", now)


def test_a_swap_that_is_agreed_changes_both_days_with_their_notices_and_history(s: Session) -> None:
    row = asked(s)
    assert told(s, f"swap/{row.id}") == [("lan", "swap.asked")]
    swap.agree(s, actor(s, "lan"), row.id, NOON + HOUR)
    given, taken = (s.get_one(Turn, one) for one in (row.given, row.taken))
    assert (given.shop, taken.shop) == ("c-12", "c-11")
    assert given.fixed
    assert taken.fixed
    assert (given.revision, given.confirmed_at, given.confirmed_by) == (1, NOON + HOUR, "lan")
    assert (taken.revision, taken.confirmed_at) == (1, None), "a day to come is confirmed when it comes"
    assert told(s, f"turn/{given.id}") == [("mei", "turn.left"), ("lan", "turn.given")]
    assert told(s, f"turn/{taken.id}") == [("lan", "turn.left"), ("mei", "turn.given")]
    assert {(one.turn, one.shop) for one in s.scalars(select(TurnPast))} == {
        (given.id, "c-11"),
        (taken.id, "c-12"),
    }
    assert [line.act for line in s.scalars(select(Line).order_by(Line.id))] == ["swap.ask", "swap.agree"]


def test_who_takes_todays_turn_late_is_on_duty_and_not_entered_as_missed(s: Session) -> None:
    row = asked(s)
    swap.agree(s, actor(s, "lan"), row.id, NOON)
    keep.due(s, NOON + timedelta(seconds=20))
    given = s.get_one(Turn, row.given)
    assert (given.missed_at, given.reminded_at) == (None, None)


def test_without_the_others_consent_the_day_stays_whose_it_is(s: Session) -> None:
    row = asked(s)
    for who in ("mei", "wu", "shen", "zhou"):
        with pytest.raises(Refused):
            swap.agree(s, actor(s, who), row.id, NOON)
    swap.refuse(s, actor(s, "lan"), row.id, NOON)
    assert s.get_one(Turn, row.given).shop == "c-11"
    assert told(s, f"swap/{row.id}")[-1] == ("mei", "swap.refused")
    with pytest.raises(Refused, match="answered already"):
        swap.agree(s, actor(s, "lan"), row.id, NOON)


def test_who_asked_takes_it_back_and_the_other_hears_it(s: Session) -> None:
    row = asked(s)
    assert swapped.one(s, actor(s, "mei"), row)["may"] == ["withdraw"]
    assert swapped.one(s, actor(s, "lan"), row)["may"] == ["agree", "refuse"]
    swap.withdraw(s, actor(s, "mei"), row.id, NOON)
    assert told(s, f"swap/{row.id}")[-1] == ("lan", "swap.withdrawn")
    swap.ask(s, actor(s, "mei"), row.given, "c-12", None, "", NOON)


def test_a_day_is_asked_about_once_at_a_time(s: Session) -> None:
    row = asked(s)
    with pytest.raises(Refused, match="asked about this day already"):
        swap.ask(s, actor(s, "mei"), row.given, "c-12", None, "", NOON)


def test_what_nobody_answers_lapses_when_the_day_begins(s: Session) -> None:
    row = asked(s, now=MORNING)
    keep.due(s, NOON - 4 * HOUR - timedelta(minutes=1))
    assert row.state == "asked"
    keep.due(s, NOON - 4 * HOUR)
    assert row.state == "lapsed"
    assert told(s, f"swap/{row.id}")[-1] == ("mei", "swap.lapsed")
    assert s.get_one(Turn, row.given).shop == "c-11"


def test_what_is_asked_during_the_day_lapses_at_its_end(s: Session) -> None:
    row = asked(s)
    keep.due(s, NOON + 6 * HOUR - timedelta(minutes=1))
    assert row.state == "asked"
    keep.due(s, NOON + 6 * HOUR)
    assert row.state == "lapsed"


def test_a_swap_whose_day_has_changed_hands_meanwhile_is_over(s: Session) -> None:
    row = asked(s)
    turn = s.get_one(Turn, row.given)
    group = s.get_one(ShopGroup, turn.group)
    change.give(s, turn, group, ("c-12", "c-10"), NOON)
    assert row.state == "lapsed"


def test_partners_are_those_with_fewest_turns_first_and_a_buddy_cannot_be_chosen(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11", "c-12", "c-10", "c-12"])
    made[TODAY + DAY].buddy = "c-10"
    s.flush()
    shown = offer.partners(s, actor(s, "mei"), made[TODAY].id, NOON)
    rows = [(one["shop"]["id"], one["may"], one["month"]) for one in shown["partners"]]
    assert rows == [("c-12", True, 2), ("c-10", False, 1)]
    assert shown["partners"][0]["turn"]["day"] == "2026-11-23"
    assert shown["partners"][1]["why"]["en"] == "That shop checks with you at closing."
    assert shown["month"] == 1


def test_nobody_is_asked_who_is_shut_on_leave_or_of_another_group(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    with pytest.raises(Refused, match="same group"):
        swap.ask(s, actor(s, "mei"), made.id, "c-20", None, "", NOON)
    s.add(
        Leave(
            id="leave-1",
            market=MARKET,
            shop="c-12",
            kind="leave",
            first=TODAY,
            last=TODAY,
            reason="",
            state="granted",
            asked_by="lan",
            asked_at=NOON,
        )
    )
    s.flush()
    with pytest.raises(Refused, match="on leave"):
        swap.ask(s, actor(s, "mei"), made.id, "c-12", None, "", NOON)
    s.get_one(Shop, "c-12").open = False
    with pytest.raises(Refused, match="closed"):
        swap.ask(s, actor(s, "mei"), made.id, "c-12", None, "", NOON)


def test_where_a_shop_has_no_phone_the_centre_shop_enters_what_it_said_but_never_to_its_own_question(
    s: Session,
) -> None:
    made = turns(s, ["c-11", "c-12"])
    made[TODAY].buddy = None
    row = swap.ask(s, actor(s, "wu"), made[TODAY].id, "c-12", None, "", NOON)
    with pytest.raises(Refused, match="somebody else"):
        swap.agree(s, actor(s, "wu"), row.id, NOON)
    swap.agree(s, actor(s, "shen"), row.id, NOON)
    assert made[TODAY].shop == "c-12"


def test_who_cannot_come_asks_the_centre_shop_to_arrange_it(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    offer.arrange(s, actor(s, "mei"), made.id, "孩子病了", NOON)
    assert told(s, f"turn/{made.id}") == [("wu", "turn.help")]
