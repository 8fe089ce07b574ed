from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from edge.rule.sight import SETTLED, Sight
from edge.see.sight import Look

WELL = Look(detail=1, sharp=1, edges=0.95, rough=0.98, light=0.45, contrast=0.2, white=0.01, changed=0.1)
FAULTS = {
    "covered": replace(WELL, detail=0.05, sharp=0.9, edges=0.0, rough=0.0, light=0.04, contrast=0.004),
    "defocused": replace(WELL, detail=0.09, sharp=0.1, edges=0.45, rough=0.97),
    "moved": replace(WELL, detail=0.8, sharp=0.8, edges=0.13, rough=0.2),
    "dazzled": replace(WELL, detail=0.2, sharp=0.9, edges=0.7, rough=0.9, light=0.9, contrast=0.05),
    "frozen": replace(WELL, changed=0.0),
}


def sight(**words: object) -> Sight:
    names = count(1)
    return Sight(**{"seconds": 5.0, "frozen": 20.0, "name": lambda: f"event {next(names)}"} | words)  # type: ignore[arg-type]


def told(watched: Sight, looks: list[tuple[float, Look]]) -> list[tuple[str, str, float]]:
    changes = [change for at, look in looks for change in watched.step(look, at)]
    return [(change.phase, change.kind, change.at) for change in changes if change.phase != "update"]


def through(look: Look, begin: int, end: int) -> list[tuple[float, Look]]:
    return [(float(at), look) for at in range(begin, end)]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_when_it_has_lasted_and_ends_when_the_camera_sees_again(kind: str) -> None:
    after = 20.0 if kind == "frozen" else 5.0
    looks = through(WELL, 0, 10) + through(FAULTS[kind], 10, 50) + through(WELL, 50, 60)
    assert told(sight(), looks) == [("new", kind, 10 + after), ("end", kind, 52.0)]


@pytest.mark.parametrize("kind", FAULTS)
def test_what_passes_before_its_time_is_nothing(kind: str) -> None:
    looks = through(WELL, 0, 10) + through(FAULTS[kind], 10, 14) + through(WELL, 14, 20)
    assert told(sight(), looks) == []


def test_of_two_faults_the_one_that_lasts_is_told() -> None:
    looks = through(FAULTS["covered"], 0, 20) + through(FAULTS["moved"], 20, 40)
    assert told(sight(), looks) == [("new", "covered", 5.0), ("end", "covered", 25.0), ("new", "moved", 25.0)]


def test_a_camera_that_turns_by_itself_is_never_moved() -> None:
    assert told(sight(kinds=("covered", "frozen")), through(FAULTS["moved"], 0, 60)) == []


def test_a_view_that_stays_moved_for_an_hour_is_the_new_one() -> None:
    watched = sight()
    told(watched, through(FAULTS["moved"], 0, 3599))
    assert not watched.is_settled(3599)
    assert watched.is_settled(SETTLED)


def test_nothing_suspicious_becomes_usual() -> None:
    watched = sight()
    watched.step(WELL, 0)
    assert watched.is_well
    watched.step(FAULTS["defocused"], 1)
    assert not watched.is_well


def test_a_stream_that_breaks_off_ends_what_was_open() -> None:
    watched = sight()
    told(watched, through(FAULTS["covered"], 0, 10))
    assert [change.phase for change in watched.close(10.0)] == ["end"]
    assert watched.told is None
