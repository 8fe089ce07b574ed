from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pytest

from edge.see.static import Static

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from edge.rule.scene import Thing

    Picture = NDArray[np.uint8]

NOBODY = np.zeros((0, 4), np.float32)
HIGH, WIDE = 240, 320


@lru_cache
def hall() -> Picture:
    """A still hall with a floor that has a pattern."""
    random = np.random.default_rng(1)
    rough = random.integers(70, 170, (HIGH // 8, WIDE // 8, 3)).astype(np.float32)
    return np.asarray(np.kron(rough, np.ones((8, 8, 1))) + random.normal(0, 3, (HIGH, WIDE, 3)), np.uint8)


def with_box(ground: Picture, left: int = 100, top: int = 120, side: int = 30) -> Picture:
    """The hall with a dark box in it that has a lid."""
    picture = ground.copy()
    picture[top : top + side, left : left + side] = (40, 30, 90)
    picture[top : top + 6, left : left + side] = (70, 60, 140)
    return picture


def shown(
    static: Static,
    begin: float,
    end: float,
    picture: Callable[[float], Picture],
    people: NDArray[np.float32] = NOBODY,
) -> tuple[Thing, ...]:
    """What is said at the end of some seconds at two pictures a second."""
    things: tuple[Thing, ...] = ()
    for at in np.arange(begin, end, 0.5):
        things = static.things(picture(float(at)), float(at), people)
    return things


def kinds(things: Iterable[Thing]) -> list[str]:
    return [thing.kind for thing in things]


@pytest.fixture
def static() -> Static:
    """One who knows the empty hall."""
    one = Static()
    assert shown(one, 0, 10, lambda _: hall()) == ()
    return one


def test_a_box_that_is_put_down_came_and_where_and_since_when_is_told(static: Static) -> None:
    (thing,) = shown(static, 10, 16, lambda _: with_box(hall()))
    assert thing.kind == "came"
    assert thing.since == pytest.approx(10, abs=0.6)
    assert thing.box == pytest.approx([100, 120, 130, 150], abs=4)
    assert thing.area == pytest.approx(900, rel=0.3)


def test_it_is_the_same_thing_for_as_long_as_it_stands_and_none_once_it_is_gone(static: Static) -> None:
    (first,) = shown(static, 10, 16, lambda _: with_box(hall()))
    (later,) = shown(static, 16, 60, lambda _: with_box(hall()))
    assert (later.id, later.since) == (first.id, first.since)
    assert shown(static, 60, 65, lambda _: hall()) == ()


def test_a_box_that_was_there_from_the_beginning_and_is_taken_went() -> None:
    static = Static()
    shown(static, 0, 10, lambda _: with_box(hall()))
    (thing,) = shown(static, 10, 16, lambda _: hall())
    assert thing.kind == "went"
    assert thing.since == pytest.approx(10, abs=0.6)


def test_who_walks_through_leaves_nothing_behind(static: Static) -> None:
    def walker(at: float) -> Picture:
        return with_box(hall(), left=int(20 * (at - 10)) % 280)

    assert shown(static, 10, 40, walker) == ()


def test_what_hides_a_thing_for_some_seconds_does_not_make_it_another(static: Static) -> None:
    (thing,) = shown(static, 10, 20, lambda _: with_box(hall()))
    hidden = shown(static, 20, 23, lambda _: with_box(hall(), left=80, top=90, side=80))
    assert thing.id in {each.id for each in hidden}
    assert [each.id for each in shown(static, 23, 30, lambda _: with_box(hall()))] == [thing.id]


def test_where_people_are_nothing_is_learned(static: Static) -> None:
    somebody = np.array([[90, 110, 140, 160]], np.float32)
    assert shown(static, 10, 60, lambda _: with_box(hall()), somebody) == ()


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.4])
def test_lamps_that_go_out_or_on_are_no_thing_and_the_next_box_is(static: Static, gain: float) -> None:
    lit = np.clip(hall() * gain, 0, 255).astype(np.uint8)
    assert shown(static, 10, 40, lambda _: lit) == ()
    assert kinds(shown(static, 40, 46, lambda _: with_box(lit))) == ["came"]


def test_a_shadow_over_a_part_of_the_floor_is_no_thing(static: Static) -> None:
    shade = hall().copy()
    shade[60:200, 40:200] = shade[60:200, 40:200] * 0.6
    assert shown(static, 10, 40, lambda _: shade) == ()


def test_a_rope_that_sags_is_no_thing(static: Static) -> None:
    rope = hall().copy()
    rope[100:103, 50:250] = 250
    assert shown(static, 10, 40, lambda _: rope) == ()


def test_what_stands_goes_on_standing_when_the_camera_turns_to_grey(static: Static) -> None:
    (thing,) = shown(static, 10, 20, lambda _: with_box(hall()))
    grey = np.repeat(255 - with_box(hall()).mean(axis=2, keepdims=True), 3, axis=2).astype(np.uint8)
    assert [each.id for each in shown(static, 20, 40, lambda _: grey)] == [thing.id]


def test_a_pause_of_the_stream_does_not_make_the_hall_new(static: Static) -> None:
    (thing,) = shown(static, 100, 106, lambda _: with_box(hall()))
    assert thing.kind == "came"


def test_another_size_or_a_clock_set_back_begins_anew(static: Static) -> None:
    shown(static, 10, 16, lambda _: with_box(hall()))
    assert static.things(with_box(hall()), 3.0) == ()
    shown(static, 3, 20, lambda _: with_box(hall()))
    assert static.things(hall()[:200], 21.0) == ()


def test_what_has_stood_for_its_time_belongs_to_the_hall() -> None:
    static = Static(keep=20.0)
    shown(static, 0, 10, lambda _: hall())
    assert kinds(shown(static, 10, 25, lambda _: with_box(hall()))) == ["came"]
    assert shown(static, 25, 40, lambda _: with_box(hall())) == ()
    assert kinds(shown(static, 40, 46, lambda _: hall())) == ["went"]
