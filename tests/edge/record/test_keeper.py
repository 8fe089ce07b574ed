"""How long recordings stay: thirty days whatever happens, then as long as their owner said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.camera.piece import Hole
from edge.config import CameraConfig, RecordConfig, RecordingsConfig
from edge.record.keeper import Keeper
from edge.record.tale import AFTER
from tests.edge.record.roll import BEGAN, Deck
from tests.edge.record.test_whole import Hub

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from edge.camera.ring import Packet

DAY = 86_400.0


@pytest.fixture
def keep(packets: list[Packet], tmp_path: Path) -> Iterator[Callable[..., tuple[Keeper, Hub]]]:
    """A keeper with four pieces of one camera."""
    made: list[Keeper] = []

    def one(days: int = 30, tier: int = 2, gb: float | None = None) -> tuple[Keeper, Hub]:
        hub = Hub()
        keeper = Keeper(tmp_path, RecordingsConfig(leave_gb=0, gb=gb), hub.ways)
        deck = Deck(tmp_path)
        deck.play(packets)
        deck.recorder.finish()
        for piece in deck.pieces:
            keeper.archive.take(piece)
        keeper.scribe(CameraConfig(id="gate", url="film.mp4", record=RecordConfig(tier=tier, days=days)))
        made.append(keeper)
        return keeper, hub

    yield one
    for keeper in made:
        keeper.stop()


def kept(keeper: Keeper) -> int:
    return len(keeper.archive.span("gate", BEGAN, BEGAN + 60))


@pytest.mark.parametrize(
    ("days", "later", "left"), [(30, 29.9, 4), (30, 30.1, 0), (60, 59.0, 4), (60, 61, 0)]
)
def test_pieces_are_deleted_when_their_time_is_over(
    keep: Callable[..., tuple[Keeper, Hub]], days: int, later: float, left: int
) -> None:
    keeper, _ = keep(days)
    keeper.once(BEGAN + later * DAY)
    assert kept(keeper) == left
    assert len(list(keeper.archive.folder.rglob("*.mp4"))) == left


@pytest.mark.parametrize(("later", "left"), [(29.0, 4), (31.0, 1)])
def test_a_full_quota_takes_what_is_past_the_floor_and_nothing_younger(
    keep: Callable[..., tuple[Keeper, Hub]], later: float, left: int
) -> None:
    keeper, _ = keep(365, gb=9_000 / 1e9)
    keeper.once(BEGAN + later * DAY)
    assert kept(keeper) == left


def test_where_nothing_helps_recording_stops_and_somebody_hears(
    keep: Callable[..., tuple[Keeper, Hub]],
) -> None:
    keeper, hub = keep(gb=20_000 / 1e9)
    ((camera, scribe),) = keeper._cameras()
    keeper.once(BEGAN + 60)
    assert str(scribe.mode) == "none"
    assert kept(keeper) == 4
    scribe.hole = Hole(BEGAN + 12, "quota")
    keeper.once(BEGAN + 60 + AFTER)
    assert [(change.phase, change.kind) for change in hub.changes] == [("new", "hole")] * 2
    assert {"the room is taken" in (change.facts.reason or "") for change in hub.changes} == {True, False}
    keeper._config = replace_room(keeper)
    scribe.hole = None
    keeper.once(BEGAN + 200)
    assert str(scribe.mode) == "main"
    assert sorted(change.phase for change in hub.changes) == ["end", "end", "new", "new"]
    assert camera.id == "gate"


def replace_room(keeper: Keeper) -> RecordingsConfig:
    return RecordingsConfig(leave_gb=0, gb=1.0, seconds=keeper._config.seconds)


@pytest.mark.parametrize(
    ("hole", "live", "told"),
    [
        (Hole(BEGAN, "disk"), True, True),
        (Hole(BEGAN, "late"), True, True),
        (Hole(BEGAN, "camera"), True, True),
        (Hole(BEGAN, "camera"), False, False),
        (Hole(BEGAN, "start"), True, False),
        (Hole(BEGAN + 59, "disk"), True, False),
    ],
)
def test_only_holes_that_somebody_can_mend_are_told(
    keep: Callable[..., tuple[Keeper, Hub]], hole: Hole, live: bool, told: bool
) -> None:
    keeper, hub = keep()
    keeper._tale._is_live = lambda _: live
    ((_, scribe),) = keeper._cameras()
    scribe.hole = hole
    keeper.once(BEGAN + 60)
    assert [change.kind for change in hub.changes] == (["hole"] if told else [])
