from __future__ import annotations

import numpy as np

from edge.see.standing import Standing
from edge.see.track import Track


def track(x: float, last: float, name: int = 1) -> Track:
    """A person 100 pixels tall whose box begins at `x`."""
    return Track(name, "person", np.array([x, 100, x + 40, 200], np.float32), 0.9, 0.0, last, 9)


def looked(standing: Standing, *places: float, since: float = 0.0) -> bool:
    """A look a second, with the person there; whether all stand after it."""
    for second, x in enumerate(places):
        standing.step((track(x, since + second),), since + second)
    return bool(standing)


def test_who_trembles_in_one_place_stands() -> None:
    assert looked(Standing(), 50, 53, 48, 51, 50)


def test_who_has_only_just_come_does_not_stand_yet() -> None:
    assert not looked(Standing(), 50, 50, 50)


def test_who_walks_slowly_does_not_stand_however_small_the_steps() -> None:
    assert not looked(Standing(), *(50 + 6 * step for step in range(20)))


def test_who_was_not_seen_at_the_last_look_stands_nowhere() -> None:
    standing = Standing()
    assert looked(standing, 50, 50, 50, 50, 50)
    standing.step((track(50, last=4.0),), 5.0)
    assert not standing


def test_one_who_moves_is_enough() -> None:
    standing = Standing()
    for second in range(8):
        standing.step((track(50, second), track(300 + 30 * second, second, name=2)), second)
    assert not standing


def test_where_nobody_is_nobody_moves() -> None:
    standing = Standing()
    standing.step((), 1.0)
    assert standing
