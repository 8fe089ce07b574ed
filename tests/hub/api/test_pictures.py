"""What the solver made is asked for once, and whoever waits for it leaves threads to the others."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hub.api.pictures import MOST, MOST_WAITING, Pictures
from hub.core import asks
from hub.core.cover import CoverAsked, CoverMade, Lens, LensAsked, ZonesAsked, ZonesMade
from hub.core.ground import Ground
from hub.ports import UnsolvedError
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

BARE = Ground((0, 0, 10, 10), (), (), (), ())
ASKED = CoverAsked(BARE, ())
MADE = CoverMade(0, 0, 0, {}, {}, 0, (), (), 0)


class Slow:
    """Answers when it is let."""

    def __init__(self, *, free: bool = True) -> None:
        self.asked: list[str] = []
        self.free = threading.Event()
        if free:
            self.free.set()

    def quick(self, ask: asks.Ask[Any, Any], _asked: object) -> Any:
        self.asked.append(ask.name)
        assert self.free.wait(30)
        return MADE

    def work(self, ask: asks.Ask[Any, Any], asked: object, _heard: Callable[..., bool]) -> Any:
        return self.quick(ask, asked)


def test_the_same_picture_is_reckoned_once_and_another_anew() -> None:
    pictures, solver = Pictures(), Slow()
    for _ in range(3):
        assert pictures.whole(solver, ASKED) is MADE
    assert len(solver.asked) == 1
    pictures.whole(solver, replace(ASKED, level="perceive"))
    pictures.whole(solver, replace(ASKED, grid_of={"a": "east"}))
    assert len(solver.asked) == 3


def test_the_oldest_picture_is_forgotten_first() -> None:
    pictures, solver = Pictures(), Slow()
    for number in range(MOST + 1):
        pictures.whole(solver, replace(ASKED, grid_of={"a": str(number)}))
    pictures.whole(solver, replace(ASKED, grid_of={"a": str(MOST)}))
    assert len(solver.asked) == MOST + 1
    pictures.whole(solver, replace(ASKED, grid_of={"a": "0"}))
    assert len(solver.asked) == MOST + 2


def test_where_nothing_is_forbidden_nobody_is_asked() -> None:
    solver = Slow()
    assert Pictures().entered(solver, ZonesAsked(BARE, (), ())) == ZonesMade(())
    assert solver.asked == []


def test_who_comes_while_many_wait_is_told_to_come_again_and_what_is_known_is_told_at_once() -> None:
    pictures, solver = Pictures(), Slow()
    pictures.whole(solver, ASKED)
    solver.free.clear()
    lens = LensAsked(ASKED, Lens("a", (1, 1), 0, 60, 10, 3, 1920))
    threads = [
        threading.Thread(target=pictures.ask, args=(solver, asks.LENS, lens)) for _ in range(MOST_WAITING)
    ]
    try:
        for thread in threads:
            thread.start()
        assert eventually(lambda: solver.asked.count("lens") == MOST_WAITING)
        with pytest.raises(UnsolvedError, match="wait"):
            pictures.ask(solver, asks.LENS, lens)
        assert pictures.whole(solver, ASKED) is MADE
    finally:
        solver.free.set()
        for thread in threads:
            thread.join()
    assert pictures.ask(solver, asks.LENS, lens) is MADE  # type: ignore[comparison-overlap]
