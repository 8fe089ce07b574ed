from __future__ import annotations

from dataclasses import dataclass

import pytest

from edge.rule.hand import Hand, HandFirst, Hands


@dataclass(frozen=True)
class Always:
    """A timetable that never changes its mind."""

    armed_: bool

    def armed(self, now: float) -> bool:  # noqa: ARG002
        return self.armed_


def yard(hands: Hands, by_timetable: bool, zone: str = "yard") -> HandFirst:
    return HandFirst(Always(by_timetable), hands, "c-1", zone)


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_hand_holds_until_its_end_and_then_the_timetable(by_hand: bool) -> None:
    hands = Hands()
    armed = yard(hands, not by_hand)
    assert armed.armed(100) is not by_hand
    hands.lay(Hand("c-1", "yard", by_hand, until=200))
    assert [armed.armed(now) for now in (100, 199.9, 200)] == [by_hand, by_hand, not by_hand]


def test_a_hand_on_one_zone_leaves_its_neighbour_to_the_timetable() -> None:
    hands = Hands([Hand("c-1", "yard", False, until=200)])
    assert not yard(hands, True).armed(100)
    assert yard(hands, True, "gate").armed(100)
    assert HandFirst(Always(True), hands, "c-2", "yard").armed(100)


def test_a_hand_on_a_camera_holds_for_all_its_zones_but_the_one_told_otherwise_later() -> None:
    hands = Hands()
    hands.lay(Hand("c-1", "yard", True, until=300))
    hands.lay(Hand("c-1", None, False, until=200))
    assert not yard(hands, True).armed(100), "the whole camera was told last"
    hands.lay(Hand("c-1", "yard", True, until=150))
    assert yard(hands, False).armed(100)
    assert not yard(hands, True, "gate").armed(100)
    assert not yard(hands, True).armed(160), "the zone's own is over and the camera's still holds"


def test_who_is_lifted_goes_by_the_timetable_at_once() -> None:
    hands = Hands(
        [Hand("c-1", "yard", False, 200), Hand("c-1", "gate", False, 200), Hand("c-2", None, False, 200)]
    )
    hands.lift("c-1", "yard")
    assert yard(hands, True).armed(100)
    assert not yard(hands, True, "gate").armed(100)
    hands.lift("c-1", None)
    assert yard(hands, True, "gate").armed(100)
    assert [hand.camera for hand in hands.held(100)] == ["c-2"]
    assert hands.held(200) == ()
