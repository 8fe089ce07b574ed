"""A shop's day on its phone: whose turn it is, what is to be done, and what the week brings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import turn
from hub.service.turn.now import shops_on
from hub.store.evidence import Line
from hub.store.supervise import Notice
from tests.hub.service.turn.street import DAY, TODAY, live, turns
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOUR = timedelta(hours=1)


def day_of(s: Session, who: str, later: timedelta = timedelta(0)) -> dict[str, Any]:
    s.flush()
    return turn.today(s, actor(s, who), NOON + later)


def test_a_shop_sees_that_it_is_its_day_and_what_is_to_be_done(s: Session) -> None:
    live(s)
    turns(s, ["c-11", "c-12", "c-10", "c-11"])
    told = day_of(s, "mei")
    assert told["group"]["id"] == "east-1"
    assert told["group"]["shops"] == 3
    assert told["group"]["centre"]["id"] == "c-10"
    assert told["shop"]["id"] == "c-11"
    assert told["turn"]["mine"]
    assert told["turn"]["state"]["id"] == "waiting"
    assert told["turn"]["hours"] == ("08:00", "18:00")
    assert told["turn"]["begins"] == "2026-11-22T00:00:00.000Z"
    assert told["turn"]["may"] == ["confirm", "swap", "help"]
    things = [(one["id"], one["by"], one["may"]) for one in told["things"]]
    assert things == [("opening", "09:00", True), ("noon", "13:00", True), ("closing", "18:00", True)]
    assert "C-0" in told["things"][2]["zh"], "it names the neighbour"
    states = [(line["day"][-2:], line["mine"], line["state"]["id"]) for line in told["week"]]
    assert states == [
        ("22", True, "waiting"),
        ("23", False, "told"),
        ("24", False, "told"),
        ("25", True, "told"),
    ]
    assert told["next"]["day"] == "2026-11-25"
    assert (told["month"]["least"], told["month"]["most"], told["month"]["mine"]) == (1, 2, 2)
    assert told["month"]["words"]["zh"] == "本月每户 1–2 次，最多差 1"


def test_who_is_of_no_group_sees_an_empty_day(s: Session) -> None:
    turns(s, ["c-11"])
    told = day_of(s, "qiu")
    assert (told["group"], told["turn"], told["week"], told["things"]) == (None, None, [], [])


def test_the_neighbour_sees_the_one_check_at_closing(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    assert made.buddy == "c-10"
    told = day_of(s, "wu")
    assert told["turn"]["buddy_mine"]
    assert [(one["id"], one["may"]) for one in told["things"]] == [("buddy", True)]
    turn.check(s, actor(s, "wu"), made.id, "buddy", "", NOON + 6 * HOUR, NOON + 6 * HOUR)
    (done,) = day_of(s, "wu", 6 * HOUR)["things"]
    assert (done["done_at"], done["may"]) == ("2026-11-22T10:00:00.000Z", False)


def test_a_shop_confirms_its_day_once_and_the_ledger_knows(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    for _ in range(2):
        turn.confirm(s, actor(s, "mei"), made.id, NOON - HOUR, NOON)
    assert made.confirmed_at == NOON - HOUR, "as the phone said it, also when it is heard later"
    assert day_of(s, "mei")["turn"]["state"]["id"] == "confirmed"
    lines = s.scalars(select(Line).where(Line.act == "turn.confirm")).all()
    assert len(lines) == 1


def test_nobody_confirms_a_day_before_it_was_theirs_nor_wipes_one_that_is_long_over(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    made.changed_at = NOON - HOUR
    with pytest.raises(Refused, match="changed after that"):
        turn.confirm(s, actor(s, "mei"), made.id, NOON - 2 * HOUR, NOON)
    for say in (
        lambda at, now: turn.confirm(s, actor(s, "mei"), made.id, at, now),
        lambda at, now: turn.check(s, actor(s, "mei"), made.id, "opening", "", at, now),
    ):
        for at, now in ((NOON - 2000 * DAY, NOON), (NOON, NOON + 29 * DAY)):
            with pytest.raises(Refused, match="more than 7 days ago"):
                say(at, now)
    assert made.confirmed_at is None


def test_nobody_confirms_for_another_shop_nor_a_day_that_is_over(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    for who in ("lan", "wu", "shen", "zhou"):
        with pytest.raises(Refused, match="C-11 itself"):
            turn.confirm(s, actor(s, who), made.id, NOON, NOON)
    with pytest.raises(Refused, match="This is for"):
        turn.confirm(s, actor(s, "gu"), made.id, NOON, NOON)
    late = NOON + 8 * HOUR
    with pytest.raises(Refused, match="over"):
        turn.confirm(s, actor(s, "mei"), made.id, late, late)


def test_the_centre_shop_confirms_for_a_shop_of_which_nobody_has_a_phone(s: Session) -> None:
    made = turns(s, ["c-11"])[TODAY]
    turn.confirm(s, actor(s, "wu"), made.id, NOON, NOON)
    assert made.confirmed_by == "wu"


def test_a_thing_is_ticked_on_its_day_by_who_has_it_and_a_find_is_told_to_the_centre_shop(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    turn.check(s, actor(s, "mei"), made.id, "opening", "灭火器过期", NOON, NOON)
    assert [one.note for one in [turn.check(s, actor(s, "mei"), made.id, "opening", "", NOON, NOON)]] == [
        "灭火器过期"
    ], "what was found stays, however often it is said"
    told = s.scalars(select(Notice).where(Notice.subject == f"turn/{made.id}")).all()
    assert [(one.person, one.step) for one in told] == [("wu", "turn.found")]
    with pytest.raises(Refused, match="It is done on that day"):
        turn.check(s, actor(s, "mei"), made.id, "noon", "", NOON + DAY, NOON + DAY)
    with pytest.raises(Refused, match="C-10 itself"):
        turn.check(s, actor(s, "mei"), made.id, "buddy", "", NOON, NOON)


def test_what_a_phone_said_on_the_day_counts_when_it_is_heard_the_day_after(s: Session) -> None:
    live(s)
    made = turns(s, ["c-11"])[TODAY]
    done = turn.check(s, actor(s, "mei"), made.id, "closing", "", NOON + 6 * HOUR, NOON + DAY)
    assert (done.at, done.taken_at) == (NOON + 6 * HOUR, NOON + DAY)


def test_an_alert_near_a_group_names_the_shop_that_has_today_and_else_the_centre_shop(s: Session) -> None:
    found = ["east-1", "west-3"]
    made = turns(s, ["c-11"])[TODAY]
    named = {group: shop.id for group, shop in shops_on(s, MARKET, found, NOON).items()}
    assert named == {"east-1": "c-11", "west-3": "c-30"}
    made.missed_at = NOON
    s.flush()
    assert shops_on(s, MARKET, found, NOON)["east-1"].id == "c-10", "who never came is not asked"
    made.confirmed_at = NOON
    s.flush()
    assert shops_on(s, MARKET, found, NOON)["east-1"].id == "c-11"
    assert shops_on(s, MARKET, found, NOON + DAY)["east-1"].id == "c-10"
