"""What is left and taken away in the square: which of it must be told, by when, and what never."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest

from edge.see.detect import Detector
from edge.watch import LOW
from tests.edge.square import BEGIN, WHOLE, Recorded, look, news, watching
from tests.edge.things import BAGS, Bag, Square
from wire.rule import FireRule, LeftRule, RemovedRule, SmokeRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from edge.camera.mask import Picture
    from edge.rule.change import Change
    from wire.rule import AreaRule

    Put = Callable[[Picture, float], Picture]
    Place = tuple[str, Sequence[tuple[float, float]], tuple[AreaRule, ...]]

UNATTENDED, GONE = 20.0, 10.0
"""Seconds after which the rules tell of it."""
SECONDS, ALL = 64.0, 79.5
"""Of the clip."""
LEFT_BY = {
    "black-holdall": 30,
    "red-bag": 34,
    "brown-box": 40,
    "blue-trolley-case": 50,
    "white-sack": 52,
    "green-rucksack": 55,
    "crate-on-the-grass": 33,
    "yellow-case-on-the-grass": 37,
    "dark-case-near": 50,
    "small-bag-far": 41,
}
"""The clip's second by which each bag must have been told; beside some of them somebody stands at first."""
TAKEN = tuple(replace(bag, begin=-1.0, end=bag.begin + 4) for bag in BAGS)
GONE_BY = {bag.name: bag.end + GONE + 5 for bag in TAKEN}
BAG_RULES = (LeftRule(seconds=UNATTENDED, cooldown=0.0), RemovedRule(seconds=GONE, cooldown=0.0))
PLACES: list[Place] = [(bag.name, bag.zone, BAG_RULES) for bag in BAGS]
"""A zone around each place, in which nothing may be left and nothing may go."""
STRICT = (
    LeftRule(seconds=GONE, cooldown=0.0),
    RemovedRule(seconds=GONE, cooldown=0.0),
    FireRule(cooldown=0.0),
    SmokeRule(cooldown=0.0),
)
EVERYWHERE: list[Place] = [("everywhere", WHOLE, STRICT)]
"""The whole picture, stricter than anybody would have it."""


class Day(NamedTuple):
    """The square as it is, what the detector sees in it, and how often it is looked at."""

    square: Square
    detector: Detector
    every: int


@pytest.fixture(scope="module")
def square(vtest: Path, footage: Path) -> Square:
    return Square(vtest, footage / "opencv_vtest.gt.txt")


@pytest.fixture(scope="module")
def day(square: Square, int8: Path) -> Day:
    return Day(square, Detector(int8, "nanodet", LOW), 4)


def lived(day: Day, *puts: tuple[Put, Sequence[Place]], seconds: float = SECONDS) -> list[list[Change]]:
    """What is told of the square with each of `puts` in it, by the zones beside it."""
    recorded = Recorded(day.detector)
    watches = [watching(zones) for _, zones in puts]
    told: list[list[Change]] = [[] for _ in puts]
    for at, picture in day.square.pictures(day.every, seconds):
        recorded.note(at, picture)
        for (put, _), watch, said in zip(puts, watches, told, strict=True):
            said.extend(look(watch, recorded, at, put(picture, at)))
    return told


def with_bags(day: Day, bags: tuple[Bag, ...]) -> Put:
    return lambda picture, at: day.square.with_bags(picture, at, bags)


def as_it_is(picture: Picture, _at: float) -> Picture:
    return picture


def late(told: list[Change], kind: str, by: Mapping[str, float]) -> dict[str, list[float]]:
    """Of each name that was not told once in its time, when it was told."""
    found = {name: [at for what, zone, at in news(told) if (what, zone) == (kind, name)] for name in by}
    return {name: times for name, times in found.items() if not times or times[0] > by[name]}


def check_bags(day: Day) -> None:
    """Ten of ten left, ten of ten taken, and nothing else in the same clip with them or without."""
    left, taken, plain = lived(
        day,
        (with_bags(day, BAGS), PLACES),
        (with_bags(day, TAKEN), PLACES),
        (as_it_is, PLACES + EVERYWHERE),
    )
    assert late(left, "left", LEFT_BY) == {}
    assert late(taken, "removed", GONE_BY) == {}
    assert [told for told in news(left) if told[0] != "left"] == []
    assert [told for told in news(taken) if told[0] != "removed"] == []
    assert news(plain) == []
    begun = {bag.name: bag.begin for bag in BAGS}
    for change in left:
        assert change.zone is not None
        assert change.began - BEGIN == pytest.approx(begun[change.zone], abs=3.0)


@pytest.mark.long
@pytest.mark.parametrize("every", [2, 3, 4])
def test_ten_bags_are_told_when_left_and_when_taken_and_no_bag_is_not_at_any_rate(
    day: Day, every: int
) -> None:
    check_bags(day._replace(every=every))


@pytest.mark.long
@pytest.mark.parametrize(("across", "down"), [(30, 14), (-28, 6), (10, -10)])
def test_bags_at_places_that_nobody_tuned_to_are_told_as_well(day: Day, across: int, down: int) -> None:
    """Thirty more, in each other's colours and on other ground; whoever stands beside one may keep it."""
    bags = tuple(
        replace(
            bag,
            foot=(bag.foot[0] + across, bag.foot[1] + down),
            colour=BAGS[number - 3].colour,
            name=f"{bag.name}-too",
        )
        for number, bag in enumerate(BAGS)
    )
    taken = tuple(replace(bag, begin=-1.0, end=bag.begin + 4) for bag in bags)
    zones: list[Place] = [(bag.name, bag.zone, BAG_RULES) for bag in bags]
    left, gone = lived(day, (with_bags(day, bags), zones), (with_bags(day, taken), zones), seconds=ALL)
    missed = late(left, "left", dict.fromkeys((bag.name for bag in bags), ALL))
    kept = late(gone, "removed", {bag.name: bag.end + GONE + 8 for bag in taken})
    assert {*missed, *kept} <= {"small-bag-far-too"}, "16 pixels before a railing are too few"
    assert {told[0] for told in news(left)} == {"left"}
    assert {told[0] for told in news(gone)} == {"removed"}
