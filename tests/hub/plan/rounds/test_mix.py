"""Whoever knows the plan but not the draw finds no place and no minute where nobody comes."""

from __future__ import annotations

from math import cos, pi, sin

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.patrol import drawn
from hub.core.refuse import Refused
from hub.core.rounds import MixAsked, MixMade, Stop
from hub.plan.rounds.mix import make


def ring(count: int, metres: float, **more: float) -> MixAsked:
    """Stops round a block, all equally far from the next; the lap is `metres`."""
    step = metres / count
    ways = tuple(
        tuple(step * min((one - other) % count, (other - one) % count) for other in range(count))
        for one in range(count)
    )
    stops = tuple(Stop(f"p{at}", cos(2 * pi * at / count), sin(2 * pi * at / count)) for at in range(count))
    return MixAsked(stops, metres=ways, **more)  # type: ignore[arg-type]


def worst(made: MixMade, unseen: float, step: float) -> float:
    """The least chance to be met over every stop and moment, reckoned by hand at moments of one's own."""
    names = {name for one in made.rounds for name in one.order}
    moments = [step * number for number in range(int(max(0.0, made.window_min - unseen) / step) + 1)]
    return min(
        sum(
            one.weight
            for one in made.rounds
            if any(
                at == name and comes <= minute < comes + unseen
                for at, minute in zip(one.order, one.minutes, strict=True)
            )
        )
        for name in names
        for comes in moments
    )


LAP = ring(12, 3000.0, dwell=0.5)
"""56 minutes."""


def test_the_best_fixed_round_leaves_a_minute_without_risk_and_the_mix_none() -> None:
    made = make(LAP)
    assert made.best_fixed == 0.0
    assert made.worst >= 0.25 - 1e-6
    assert made.worst >= made.even - 1e-6
    assert made.worst == pytest.approx(worst(made, 15.0, 0.1))


def test_no_round_of_the_mix_is_longer_than_the_shortest_lap() -> None:
    made = make(LAP)
    assert made.metres == made.fixed_metres == pytest.approx(3000.0)
    for one in made.rounds:
        assert sorted(one.order) == sorted(stop.checkpoint for stop in LAP.stops)
        assert one.offset_min == one.minutes[0] == 0.0
        assert one.minutes[-1] == pytest.approx(11 * (250 / 60 + 0.5), abs=0.02)


def test_whoever_walks_on_for_an_hour_is_met_as_often() -> None:
    made = make(ring(12, 3000.0, dwell=0.5, window_min=60.0, laps=0))
    assert made.best_fixed == 0.0
    assert made.worst >= 0.25 - 1e-6
    assert all(one.minutes[-1] < 60.0 for one in made.rounds)
    assert max(len(one.order) for one in made.rounds) == 13


def test_a_short_lap_walked_on_and_on_leaves_nobody_his_minutes() -> None:
    made = make(ring(6, 300.0, window_min=60.0, laps=0))
    assert made.best_fixed == made.worst == made.ceiling == 1.0


def test_in_a_window_longer_than_the_lap_the_minute_to_set_out_is_drawn_too() -> None:
    made = make(ring(12, 3000.0, dwell=0.5, window_min=120.0))
    assert len({one.offset_min for one in made.rounds}) > 1
    assert all(one.minutes[-1] <= 120.0 for one in made.rounds)
    assert made.best_fixed == 0.0
    assert made.even < made.worst


def test_a_window_shorter_than_the_walk_is_refused_with_both_times() -> None:
    with pytest.raises(Refused, match="A walk of 56 minutes does not fit into 40"):
        make(ring(12, 3000.0, dwell=0.5, window_min=40.0))


def test_a_round_of_one_checkpoint_is_that_checkpoint() -> None:
    made = make(MixAsked((Stop("gate", 0.0, 0.0),), metres=((0.0,),)))
    (one,) = made.rounds
    assert (one.order, one.minutes, one.weight) == (("gate",), (0.0,), 1.0)


def test_without_time_to_solve_every_way_has_the_same_chance() -> None:
    made = make(ring(40, 2000.0, seconds=0.0))
    assert made.worst > 0.0
    assert sum(one.weight for one in made.rounds) == pytest.approx(1.0)


@settings(max_examples=6, deadline=None, derandomize=True, database=None)
@given(st.integers(2, 9), st.integers(200, 3000), st.integers(5, 25))
def test_what_the_mix_promises_holds_whoever_reckons_it(count: int, metres: int, unseen: int) -> None:
    made = make(ring(count, float(metres), unseen_min=float(unseen)))
    assert made.worst <= worst(made, float(unseen), 0.7) + 1e-6
    assert sum(one.weight for one in made.rounds) == pytest.approx(1.0)
    assert made.worst >= max(made.best_fixed, made.even) - 1e-6


MIX = [
    {"order": [name], "offset_min": 0.0, "weight": weight}
    for name, weight in (("a", 0.5), ("b", 0.3), ("c", 0.2))
]


def first(seed: str) -> str:
    order, _ = drawn("abc", MIX, seed)
    return order[0]


def test_the_same_seed_draws_the_same_round_even_years_later() -> None:
    assert "".join(first(f"round-{number}") for number in range(12)) == "acbcabaaacbb"


def test_rounds_are_drawn_as_often_as_they_weigh() -> None:
    found = [first(str(number)) for number in range(4000)]
    for name, weight in (("a", 0.5), ("b", 0.3), ("c", 0.2)):
        assert found.count(name) / 4000 == pytest.approx(weight, abs=0.03)


def test_question_and_answer_cross_to_the_child_and_back_unchanged() -> None:
    assert msgspec.json.decode(msgspec.json.encode(LAP), type=MixAsked) == LAP
    made = make(LAP)
    assert msgspec.json.decode(msgspec.json.encode(made), type=MixMade) == made
