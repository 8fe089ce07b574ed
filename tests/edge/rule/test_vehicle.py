from __future__ import annotations

import numpy as np

from edge.rule.scene import Scene
from edge.rule.vehicle import Vehicle
from tests.edge.rule.walk import INSIDE, LEFT, OUTSIDE, Seen, at, phases, scope, walk

VEHICLES = ("car", "truck")


def lane() -> Vehicle:
    return Vehicle(scope(labels=VEHICLES), by="detector", dwell=1.0, move=0.25, grace=3.0, least=0.01)


def from_above() -> Vehicle:
    return Vehicle(scope(labels=VEHICLES), by="motion", dwell=1.0, move=0.25, grace=3.0, least=0.05)


def driving(now: float, label: str = "truck") -> list[Seen]:
    return [at(INSIDE + 10 * (now % 2), now, label=label)]


def moving(who: Seen) -> Scene:
    return Scene(size=LEFT.size, moving=(who,))


def test_a_truck_in_the_pedestrian_lane_is_told_with_normal_trust() -> None:
    first = walk(lane(), 100, 104, driving)[0]
    assert (first.kind, first.phase, first.facts.trust, first.facts.count) == ("vehicle", "new", "normal", 1)


def test_a_person_is_no_vehicle() -> None:
    assert walk(lane(), 100, 104, lambda now: driving(now, "person")) == []


def test_a_truck_that_was_parked_there_before_is_not_told() -> None:
    assert walk(lane(), 100, 160, lambda now: [at(INSIDE, now, label="truck")]) == []


def test_a_truck_that_drives_in_and_parks_is_told_once_until_it_leaves() -> None:
    rule = lane()
    changes = walk(
        rule, 100, 130, lambda now: [at(max(INSIDE, OUTSIDE - 10 * (now - 100)), now, label="car")]
    )
    changes += walk(rule, 130, 140, lambda _: [])
    assert phases(changes)[0] == "new"
    assert phases(changes).count("new") == 1
    assert phases(changes)[-1] == "end"


def big(now: float) -> Seen:
    x = 10 + 8 * (now - 100)
    return Seen(1, np.array([x, 20, x + 30, 50], np.float32), now, "moving", 0.5)


def test_seen_from_straight_above_what_moves_and_is_large_is_a_vehicle_of_low_trust() -> None:
    rule = from_above()
    changes = [change for now in np.arange(100, 103, 0.2) for change in rule.step(moving(big(now)), now)]
    assert phases(changes) == ["new"]
    assert changes[0].facts.trust == "low"


def test_seen_from_straight_above_who_walks_is_too_small() -> None:
    rule = from_above()
    steps = [
        rule.step(moving(at(10 + 8 * (now - 100), now, label="moving")), now)
        for now in np.arange(100, 104, 0.2)
    ]
    assert not any(steps)


def test_a_group_of_people_is_no_vehicle_however_large_it_is_together() -> None:
    rule = from_above()
    for now in np.arange(100, 104, 0.2):
        person = at(25 + 8 * (now - 100), now)
        person = Seen(7, person.box - np.array([0, 20, 0, 20], np.float32), now)
        scene = Scene(size=LEFT.size, moving=(big(now),), tracks=(person,))
        assert rule.step(scene, float(now)) == ()


def test_by_motion_what_the_detector_says_does_not_count() -> None:
    assert walk(from_above(), 100, 104, driving) == []


def test_only_a_rule_that_looks_at_motion_has_motion_followed() -> None:
    assert not lane().needs
    assert set(from_above().needs) == {"moving"}
