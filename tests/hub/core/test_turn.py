"""The day of a turn: how it stands, who stands in, who is next door, and what is fair."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.core import turn
from hub.core.turn import Hours, Standing

DAY = date(2026, 11, 22)
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("ahead", "shop", "confirmed", "missed", "swapping", "stands"),
    [
        (0, False, False, False, False, "gap"),
        (1, True, False, False, False, "told"),
        (1, True, True, False, False, "confirmed"),
        (1, True, True, False, True, "swapping"),
        (0, True, False, False, False, "waiting"),
        (0, True, False, True, False, "missed"),
        (0, True, True, True, False, "confirmed"),
        (-1, True, True, False, False, "done"),
        (-1, True, False, False, False, "missed"),
        (-1, True, True, False, True, "done"),
    ],
)
def test_a_turn_stands_as_its_day_and_its_shop_say(
    ahead: int, shop: bool, confirmed: bool, missed: bool, swapping: bool, stands: str
) -> None:
    found = turn.state(
        DAY + ahead * ONE, DAY, shop=shop, confirmed=confirmed, missed=missed, swapping=swapping
    )
    assert found == stands
    assert found in turn.STATE


def test_who_has_fewest_stands_in_and_not_too_near_to_another_turn_where_that_can_be() -> None:
    shops = [
        Standing("near", 1, frozenset({DAY + 2 * ONE})),
        Standing("few", 2, frozenset({DAY + 9 * ONE})),
        Standing("many", 5, frozenset()),
        Standing("away", 0, frozenset(), away=True),
        Standing("has-it", 0, frozenset({DAY})),
    ]
    assert turn.stand_in(DAY, shops, 5) == "few"
    assert turn.stand_in(DAY, shops[:1], 5) == "near", "better too near than nobody"
    assert turn.stand_in(DAY, shops[3:], 5) is None


def test_the_neighbour_is_who_stands_nearest_and_is_there() -> None:
    doors = {"d": (30.0, 0.0), "a": (0.0, 0.0), "c": (20.0, 0.0), "b": (10.0, 0.0)}
    line = turn.in_line(doors)
    assert line in (["a", "b", "c", "d"], ["d", "c", "b", "a"])
    assert turn.neighbour("a", line, frozenset()) == "b"
    assert turn.neighbour("a", line, frozenset({"b"})) == "c"
    assert turn.neighbour("a", ["a"], frozenset()) is None
    assert turn.in_line({}) == []


def test_a_month_and_its_fairness_are_said_in_a_few_words() -> None:
    assert turn.month(date(2026, 2, 3)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert turn.month(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert turn.fairness([2, 3, 3]).zh == "本月每户 2–3 次，最多差 1"
    assert turn.fairness([3, 3]).en == "3 each this month"
    assert turn.fairness([]).en == "No turns given this month yet"


def test_a_turn_begins_by_the_markets_own_clock_also_when_that_is_changed() -> None:
    zone = ZoneInfo("Europe/Berlin")
    spring = date(2026, 3, 29)
    moments = [turn.moment(spring + n * ONE, time(8), zone).utctimetuple().tm_hour for n in (-1, 0)]
    assert moments == [7, 6]


@pytest.mark.parametrize(
    "wrong",
    [
        Hours(confirm_by=time(7)),
        Hours(enter_by=time(8)),
        Hours(noon_by=time(8, 45)),
        Hours(ends=time(12)),
        Hours(apart=0),
    ],
)
def test_hours_by_which_no_day_can_be_lived_are_known(wrong: Hours) -> None:
    assert Hours().are_in_order()
    assert not wrong.are_in_order()
