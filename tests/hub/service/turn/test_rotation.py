"""A rotation is drawn up by the solver, looked at, and published; what shops agreed on stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import asks
from hub.core.refuse import Refused
from hub.service.turn import asked, closed, drafted, month, rotation
from hub.service.turn.publish import publish
from hub.store.supervise import Notice
from hub.store.turn import Leave, Rotation, Turn
from tests.hub.service.turn.street import DAY, GROUP, SHOPS, TODAY, live, turns
from tests.hub.solved import Here
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.rotation import RotationMade
    from hub.service.turn.asked import Question

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 28)
NODE = f"{MARKET}/east/{GROUP}"


class Calendar:
    """Port Workdays that knows one year: weekends, and Christmas Day for a feast."""

    def off(self, year: int) -> frozenset[date] | None:
        if year != FIRST.year:
            return None
        days = (date(year, 12, 1) + n * DAY for n in range(31))
        return frozenset(day for day in days if day.weekday() > 4 or day.day == 25)


def drawn(s: Session, who: str = "shen", node: str = NODE, last: date = LAST) -> Rotation:
    return rotation.draw(s, actor(s, who), node, FIRST, last, 5.0, NOON)


def question(s: Session, row: Rotation) -> Question:
    found = asked.begin(s, row.id, Calendar(), NOON)
    assert found is not None
    return found


def made(s: Session, row: Rotation) -> RotationMade:
    one = question(s, row)
    answer = Here().work(asks.ROTATION, one.asked, lambda _: True)
    assert rotation.take(s, one, answer, NOON) is row
    return answer


def held(s: Session, group: str = GROUP) -> list[Turn]:
    query = select(Turn).where(Turn.group == group, Turn.day >= FIRST, Turn.day <= LAST)
    return list(s.scalars(query.order_by(Turn.day)))


def test_a_rotation_of_a_group_gives_every_day_to_one_shop_and_says_so_to_each(s: Session) -> None:
    live(s)
    row = drawn(s)
    made(s, row)
    assert row.figures["spread"] <= 1
    assert drafted.one(s, actor(s, "shen"), row.id)["may"] == ["solve", "discard", "publish"]
    assert held(s) == [], "nothing holds before it is published"
    publish(s, actor(s, "shen"), row.id, NOON)
    found = held(s)
    assert [turn.day for turn in found] == [FIRST + n * DAY for n in range(28)]
    counts = sorted(sum(turn.shop == shop for turn in found) for shop in SHOPS)
    assert counts == [9, 9, 10]
    assert all(turn.buddy not in (None, turn.shop) for turn in found)
    for person, shop in (("mei", "c-11"), ("lan", "c-12"), ("wu", "c-10")):
        (told,) = s.scalars(select(Notice).where(Notice.person == person))
        days = [turn.day.isoformat() for turn in found if turn.shop == shop]
        assert all(day in told.words_en for day in days)
        assert told.words_en.count("2026-12-") == len(days)


def test_what_each_shop_had_before_is_carried_over(s: Session) -> None:
    turns(s, ["c-10"] * 4 + ["c-11"] * 2 + ["c-12"], FIRST - 8 * DAY)
    (group,) = question(s, drawn(s)).asked.groups
    assert {one.shop: one.before for one in group.shops} == {"c-10": 4, "c-11": 2, "c-12": 1}
    assert {one.shop: one.last for one in group.shops}["c-10"] == FIRST - 5 * DAY
    row = drawn(s)
    made(s, row)
    publish(s, actor(s, "shen"), row.id, NOON)
    sums = [sum(turn.shop == shop for turn in s.scalars(select(Turn))) for shop in SHOPS]
    assert max(sums) - min(sums) <= 1, "over both months"


def test_who_came_later_stands_as_the_others_did_until_then() -> None:
    day = date(2026, 6, 1)
    had = {"old": [day, day + DAY, day + 9 * DAY], "older": [day], "new": [day + 8 * DAY]}
    assert asked.carried(had, {"new": day + 7 * DAY}) == {"old": 3, "older": 1, "new": 3}
    assert asked.carried({"new": []}, {"new": day}) == {"new": None}


def test_the_solver_hears_who_is_away_what_is_closed_what_is_agreed_and_which_days_are_free(
    s: Session,
) -> None:
    live(s)
    agreed, _ = turns(s, ["c-11", "c-12"], FIRST + 4 * DAY).values()
    agreed.fixed = True
    leave = {"market": MARKET, "kind": "leave", "reason": "", "asked_by": "lan", "asked_at": NOON}
    span = {"first": FIRST - DAY, "last": FIRST + DAY}
    s.add(Leave(id="leave-1", shop="c-12", state="granted", **span, **leave))
    s.add(Leave(id="leave-2", shop="c-11", state="asked", **span, **leave))
    closed.put(s, actor(s, "zhou"), None, FIRST + 9 * DAY, "盘点", NOON)
    s.flush()
    row = drawn(s)
    (group,) = question(s, row).asked.groups
    away = {one.shop: one.away for one in group.shops}
    assert away == {"c-10": frozenset(), "c-11": frozenset(), "c-12": frozenset({FIRST, FIRST + DAY})}
    assert group.closed == {FIRST + 9 * DAY}
    assert [(turn.day, turn.shop) for turn in group.fixed] == [(agreed.day, "c-11")]
    again = drawn(s)
    one = question(s, again).asked
    assert {day for day in one.free if day.weekday() < 5} == {date(2026, 12, 25)} == set(one.feasts)


def test_days_off_of_a_year_that_nobody_knows_are_its_weekends_and_it_says_so(s: Session) -> None:
    row = drawn(s, last=date(2027, 1, 10))
    one = question(s, row)
    assert one.unknown == (2027,)
    assert date(2027, 1, 9) in one.asked.free
    assert date(2027, 1, 1) not in one.asked.free
    rotation.take(s, one, Here().work(asks.ROTATION, one.asked, lambda _: True), NOON)
    assert drafted.one(s, actor(s, "shen"), row.id)["figures"]["unknown_years"] == [2027]


def test_publishing_changes_what_was_published_but_nothing_that_shops_agreed_on_or_confirmed(
    s: Session,
) -> None:
    live(s)
    before = turns(s, ["c-10"] * 28, FIRST)
    agreed, confirmed = before[FIRST + 3 * DAY], before[FIRST + 7 * DAY]
    row = drawn(s)
    made(s, row)
    agreed.shop, agreed.buddy, agreed.fixed = "c-12", "c-10", True
    confirmed.confirmed_at = NOON
    s.flush()
    publish(s, actor(s, "shen"), row.id, NOON)
    assert (agreed.shop, confirmed.shop) == ("c-12", "c-10")
    found = held(s)
    assert len(found) == 28
    moved = [turn for turn in found if turn.revision and turn.shop != "c-10"]
    assert moved, "others were given anew"
    for turn in moved:
        last = s.scalars(
            select(Notice).where(Notice.subject == f"turn/{turn.id}").order_by(Notice.at, Notice.id)
        ).all()
        assert {one.step for one in last} == {"turn.left", "turn.given"}


def test_who_went_on_leave_while_it_was_solved_gets_no_day_of_it(s: Session) -> None:
    live(s)
    row = drawn(s)
    made(s, row)
    more = {"market": MARKET, "kind": "leave", "reason": "", "asked_by": "lan", "asked_at": NOON}
    s.add(Leave(id="leave-1", shop="c-12", state="granted", first=FIRST, last=LAST, **more))
    s.flush()
    publish(s, actor(s, "shen"), row.id, NOON)
    found = held(s)
    assert {turn.shop for turn in found} == {"c-10", "c-11"}
    counts = [sum(turn.shop == shop for turn in found) for shop in ("c-10", "c-11")]
    assert abs(counts[0] - counts[1]) <= 1


def test_a_grid_and_the_market_are_drawn_up_by_who_answers_for_them(s: Session) -> None:
    assert len(question(s, drawn(s, node=f"{MARKET}/east")).asked.groups) == 2
    assert len(question(s, drawn(s, "zhou", MARKET)).asked.groups) == 4
    for who, node in (("shen", MARKET), ("shen", f"{MARKET}/west"), ("wu", NODE), ("qin", MARKET)):
        with pytest.raises(Refused):
            drawn(s, who, node)
    with pytest.raises(Refused, match="no group there"):
        drawn(s, "zhou", f"{MARKET}/nowhere")


def test_days_that_are_over_or_too_many_are_not_drawn_up(s: Session) -> None:
    for first, last in ((TODAY - DAY, LAST), (LAST, FIRST), (FIRST, FIRST + 62 * DAY)):
        with pytest.raises(Refused, match="Choose up to 62 days"):
            rotation.draw(s, actor(s, "zhou"), MARKET, first, last, 5.0, NOON)


def test_a_draft_that_was_thrown_away_or_is_not_solved_is_not_published(s: Session) -> None:
    row = drawn(s)
    with pytest.raises(Refused, match="Its solver is at work"):
        publish(s, actor(s, "shen"), row.id, NOON)
    rotation.stop(s, actor(s, "shen"), row.id)
    with pytest.raises(Refused, match="no turns yet"):
        publish(s, actor(s, "shen"), row.id, NOON)
    rotation.discard(s, actor(s, "shen"), row.id, NOON)
    with pytest.raises(Refused, match="no draft any more"):
        publish(s, actor(s, "shen"), row.id, NOON)
    assert drafted.listing(s, actor(s, "shen")) == []


def test_an_answer_to_a_job_that_was_given_up_is_not_taken(s: Session) -> None:
    row = drawn(s)
    one = question(s, row)
    answer = Here().work(asks.ROTATION, one.asked, lambda _: True)
    assert row.job is not None
    row.job = row.job | {"state": "failed"}
    rotation.again(s, actor(s, "shen"), row.id, NOON)
    assert rotation.take(s, one, answer, NOON) is None
    assert row.made == []


def test_a_month_that_is_published_has_no_day_that_nobody_has_said_whose_it_is(s: Session) -> None:
    row = drawn(s, last=date(2026, 12, 31))
    made(s, row)
    assert month.of_group(s, actor(s, "shen"), GROUP, FIRST, NOON)["missing"][0] == "2026-12-01"
    publish(s, actor(s, "shen"), row.id, NOON)
    shown = month.of_group(s, actor(s, "shen"), GROUP, FIRST, NOON)
    assert shown["missing"] == []
    assert shown["month"]["spread"] <= 1
    assert sum(one["turns"] for one in shown["shops"]) == 31


def test_groups_of_several_months_stay_fair(s: Session) -> None:
    start = FIRST
    for _ in range(3):
        row = rotation.draw(s, actor(s, "zhou"), NODE, start, start + 27 * DAY, 5.0, NOON)
        made(s, row)
        publish(s, actor(s, "zhou"), row.id, NOON)
        start += 28 * DAY
    sums = [sum(turn.shop == shop for turn in s.scalars(select(Turn))) for shop in SHOPS]
    assert sum(sums) == 84
    assert max(sums) - min(sums) <= 1
