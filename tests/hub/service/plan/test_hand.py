"""A step of moves by hand can be taken back, whatever it left of the groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.core.refuse import Refused
from hub.service.plan.cut import changes_of
from hub.service.plan.hand import Move
from tests.hub.service.plan.test_life import TO_WEST, drafted, moved

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
