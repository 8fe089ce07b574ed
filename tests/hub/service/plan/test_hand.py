"""A step of moves by hand can be taken back, whatever it left of the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.core.refuse import Refused
from hub.service.plan.cut import changes_of
from hub.service.plan.hand import Move
from tests.hub.service.plan.test_life import TO_WEST, approved, drafted, moved, refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_whole_group_comes_back_to_its_grid_by_name(s: Session) -> None:
    row = drafted(s, TO_WEST)
    moved(s, row, Move(TO_WEST.shops, "east", "east-2"))
    assert changes_of(s, row) == []


def test_a_group_that_was_emptied_is_filled_again(s: Session) -> None:
    row = drafted(s, Move(TO_WEST.shops, None, "west-3"))
    moved(s, row, Move(TO_WEST.shops, "east", "east-2"))
    assert changes_of(s, row) == []


def test_a_part_of_a_group_does_not_take_its_name_to_another_grid(s: Session) -> None:
    with pytest.raises(Refused, match="in another grid"):
        drafted(s, Move(("c-20",), "west", "east-2"))


def test_a_grid_that_has_ended_gets_no_new_group(s: Session) -> None:
    late = drafted(s, TO_WEST)
    approved(s, drafted(s, Move(("c-30", "c-31", "c-32", "c-40", "c-41", "c-42"), "east", None)))
    with refusal("plan.grid"):
        moved(s, late, Move(("c-10",), "west", "new"))


def test_more_shops_than_a_market_has_are_not_moved_at_once(s: Session) -> None:
    with refusal("plan.many"):
        drafted(s, *[Move(("c-10",) * 500, "west", None)] * 4, Move(("c-11",), "west", None))
