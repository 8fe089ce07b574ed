"""The shortest lap over checkpoints is walked, not flown, and is proved to be the shortest."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.refuse import Refused
from hub.core.rounds import RouteAsked, Stop
from hub.plan.rounds.route import make
from tests.hub.plan.yard import way, yard

if TYPE_CHECKING:
    from hub.core.planned import Progress

EAST = Stop("a-east", 26.0, 10.0), Stop("b-east", 26.0, 21.0)
WEST = Stop("a-west", 4.0, 10.0), Stop("b-west", 4.0, 21.0)


def square(*rows: tuple[float, ...]) -> RouteAsked:
    """Stops of which only the metres between them are known."""
    return RouteAsked(tuple(Stop(f"p{at}", 0.0, 0.0) for at in range(len(rows))), metres=rows)


def test_a_lap_round_two_aisles_goes_by_the_cross_aisle_and_the_street() -> None:
    made = make(RouteAsked((EAST[0], WEST[0], EAST[1], WEST[1]), yard()))
    assert made.proved
    # Along one aisle, by the street to the other, along it, and back by the cross aisle.
    assert made.metres == pytest.approx(22.0 + (4.0 + 11.0 + 4.0) + 22.0 + (12.5 + 11.0 + 12.5))
    assert set(made.order) == {"a-east", "a-west", "b-east", "b-west"}


def test_it_begins_where_it_is_told_to() -> None:
    made = make(RouteAsked((*EAST, *WEST), yard(), start="b-west"))
    assert made.order[0] == "b-west"
    with pytest.raises(Refused, match="cannot begin at gate"):
        make(RouteAsked((*EAST, *WEST), yard(), start="gate"))


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6))
def test_no_order_of_the_stops_is_shorter(points: list[tuple[int, int]]) -> None:
    metres = tuple(tuple(float(abs(x - u) + abs(y - v)) for u, v in points) for x, y in points)

    def length(order: tuple[int, ...]) -> float:
        return sum(metres[one][then] for one, then in zip(order, (*order[1:], order[0]), strict=True))

    made = make(square(*metres))
    assert sorted(made.order) == sorted(f"p{at}" for at in range(len(points)))
    assert made.proved
    assert made.metres == pytest.approx(min(map(length, permutations(range(len(points))))))
    assert made.metres == pytest.approx(length(tuple(int(name[1:]) for name in made.order)))
    assert made.bound <= made.metres <= made.nearest


def test_whoever_always_goes_to_the_nearest_walks_further() -> None:
    # On one line: 0, 1, -2, 4, -8: the nearest is always on the other side.
    places = (0.0, 1.0, -2.0, 4.0, -8.0)
    made = make(square(*(tuple(abs(one - other) for other in places) for one in places)))
    assert made.metres == 24.0
    assert made.nearest > made.metres


def test_where_nobody_wants_to_wait_there_is_a_lap_all_the_same() -> None:
    told: list[Progress] = []

    def no(progress: Progress) -> bool:
        told.append(progress)
        return False

    places = [(x * 7 % 31, x * 13 % 29) for x in range(30)]
    asked = square(*(tuple(float(abs(x - u) + abs(y - v)) for u, v in places) for x, y in places))
    made = make(asked, no)
    assert told
    assert len(set(made.order)) == 30
    assert made.bound <= made.metres <= made.nearest


def test_a_way_that_is_longer_back_counts_with_its_longer_metres() -> None:
    assert make(square((0.0, 5.0), (9.0, 0.0))).metres == 18.0


def test_a_checkpoint_that_no_way_leads_to_is_named() -> None:
    ground = yard()
    island = way("island", "aisle", (100.0, 10.0), (120.0, 10.0))
    ground = replace(ground, streets=(*ground.streets, island))
    with pytest.raises(Refused, match="No way leads to these checkpoints: roof\\."):
        make(RouteAsked((*EAST, Stop("roof", 110.0, 10.0)), ground))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (RouteAsked(()), "at least one checkpoint"),
        (RouteAsked((EAST[0], EAST[0]), yard()), "twice: a-east"),
        (RouteAsked(EAST), "import the plan of the market first"),
        (RouteAsked(EAST, metres=((0.0,),)), "do not fit the checkpoints"),
        (RouteAsked(EAST, metres=((0.0, -1.0), (1.0, 0.0))), "do not fit the checkpoints"),
        (RouteAsked(tuple(Stop(f"p{n}", 0.0, 0.0) for n in range(121)), yard()), "make two rounds"),
    ],
)
def test_what_cannot_be_walked_is_refused_with_a_sentence(asked: RouteAsked, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        make(asked)
