from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.order.armed import MOST, Armed
from edge.order.desk import Unable
from edge.order.kept import Kept
from edge.rule.hand import Hand
from edge.watch import Watch
from tests.edge.market import config
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, watched
from wire.order import Arm, ByTimetable, Disarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.rule.change import Change

CAMERA = watched()
HOUR = 3600.0


def until(seconds: float) -> datetime:
    return datetime.fromtimestamp(BEGIN, UTC) + timedelta(seconds=seconds)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    file = Kept(tmp_path / "orders.sqlite")
    yield file
    file.close()


def seen(armed: Armed, begin: float) -> list[Change]:
    """What the camera tells of somebody who walks through its yard."""
    watch = Watch(CAMERA, config(Path("none"), 1, 1, CAMERA), StillEye(), hands=armed.hands)
    return [change for each in crossing(begin) for change in watch.look(each, Pointer())]


def test_while_the_yard_is_disarmed_nobody_is_told_and_afterwards_everybody_is(kept: Kept) -> None:
    armed = Armed(kept)
    armed.do(Disarm(camera=CAMERA.id, zone="yard", until=until(HOUR)), CAMERA, BEGIN)
    assert seen(armed, BEGIN) == []
    assert [change.phase for change in seen(armed, BEGIN + HOUR)] == ["new"]


def test_a_hand_is_lifted_before_its_end(kept: Kept) -> None:
    armed = Armed(kept)
    armed.do(Disarm(camera=CAMERA.id, until=until(HOUR)), CAMERA, BEGIN)
    assert seen(armed, BEGIN) == []
    armed.do(ByTimetable(camera=CAMERA.id), CAMERA, BEGIN)
    assert [change.phase for change in seen(armed, BEGIN)] == ["new"]


def test_a_restart_forgets_no_hand_and_revives_none_that_is_over(kept: Kept) -> None:
    before = Armed(kept)
    before.do(Disarm(camera=CAMERA.id, zone="yard", until=until(HOUR)), CAMERA, BEGIN)
    before.do(Arm(camera=CAMERA.id, until=until(60)), CAMERA, BEGIN + 10)
    assert kept.hands() == [Hand(CAMERA.id, None, True, BEGIN + 60)], "the whole camera was told last"
    before.do(Disarm(camera=CAMERA.id, zone="yard", until=until(HOUR)), CAMERA, BEGIN + 70)
    assert Armed(kept).hands.held(BEGIN + 70) == (Hand(CAMERA.id, "yard", False, BEGIN + HOUR),)
    assert seen(Armed(kept), BEGIN + 100) == []


def test_a_zone_that_is_not_there_is_refused_with_those_that_are(kept: Kept) -> None:
    armed = Armed(kept)
    with pytest.raises(Unable, match="has no zone cellar; its zones: yard"):
        armed.do(Disarm(camera=CAMERA.id, zone="cellar", until=until(60)), CAMERA, BEGIN)
    assert kept.hands() == []


def test_there_is_an_end_to_what_is_kept(kept: Kept) -> None:
    kept.keep_hands(Hand(f"c-{number}", None, True, BEGIN + HOUR) for number in range(MOST))
    with pytest.raises(Unable, match="256 zones"):
        Armed(kept).do(Arm(camera=CAMERA.id, until=until(60)), CAMERA, BEGIN)


def test_what_cannot_be_kept_is_not_in_force_either(kept: Kept) -> None:
    armed = Armed(kept)
    kept.close()
    with pytest.raises(Unable, match="cannot be kept"):
        armed.do(Disarm(camera=CAMERA.id, until=until(60)), CAMERA, BEGIN)
    assert armed.hands.held(BEGIN) == ()
