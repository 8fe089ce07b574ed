"""A recording is run through drawn rules: what would have fired, when; nothing of it is an event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from edge.config import CameraConfig
from edge.record.archive import Archive
from edge.replay.child import run
from edge.replay.job import Job, job, read_job
from edge.see.seen import NOTHING, Seen
from tests.edge.camera import film as films
from tests.edge.market import config
from tests.edge.record.roll import BEGAN, Deck, packets
from wire.drawn import decode_drawn
from wire.order import Replay

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.mask import Picture
    from wire.replay import Replayed

WALK = b"""{"zones": [
 {"id": "all", "polygon": [[0, 0], [1, 0], [1, 1], [0, 1]], "rules": [{"kind": "intrusion", "cooldown": 0}]},
 {"id": "sky", "polygon": [[0, 0], [1, 0], [1, 0.3], [0, 0.3]], "rules": [{"kind": "intrusion"}]},
 {"id": "gate", "line": [[0.3, 1], [0.3, 0]], "rules": [{"kind": "line"}]}]}"""
HIDE = b'{"masks": [[[0, 0.4], [1, 0.4], [1, 1], [0, 1]]], ' + WALK[1:]


class Walker:
    """A detector that sees the film's rectangle as a person."""

    def detect(self, picture: Picture) -> Seen:
        rows, columns = np.nonzero((picture[:, :, 0] < 95) & (picture[:, :, 2] > 165))
        if len(rows) < 50:
            return NOTHING
        box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        return Seen(np.array([box], np.float32), np.array([0.9], np.float32), ("person",))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine recorded seconds and one that is being written."""
    path = tmp_path_factory.mktemp("record")
    deck = Deck(path)
    deck.play(packets(films.write(tmp_path_factory.mktemp("film") / "film.mp4", 120))[:118])
    archive = Archive(path)
    for piece in deck.pieces:
        archive.take(piece)
    archive.close()
    deck.recorder.finish()
    return path


def told(folder: Path, scratch: Path, drawn: bytes = WALK, begin: float = 0.0, seconds: float = 9.0) -> Job:
    camera = CameraConfig(id="gate", url=0)
    edge = config(scratch, 1, 1, camera)
    what = decode_drawn(drawn)
    at = datetime.fromtimestamp(BEGAN + begin, UTC)
    args = Replay("gate", at, seconds, what.masks, what.zones)
    made = job(edge, camera, args, str(folder), str(scratch))
    return read_job(msgspec.json.encode(made))


def ran(told: Job) -> list[Replayed]:
    said: list[Replayed] = []
    run(told, Walker(), said.append)
    return said


def test_what_would_have_fired_is_told_with_its_zone_and_moment(folder: Path, tmp_path: Path) -> None:
    last = ran(told(folder, tmp_path))[-1]
    assert (last.state, last.share, last.reason) == ("done", 1.0, None)
    assert last.pictures == pytest.approx(45, abs=2), "five a second, as the camera is looked at"
    kinds = {(one.kind, one.zone) for one in last.fired}
    assert kinds == {("intrusion", "all"), ("line", "gate")}
    first = next(one for one in last.fired if one.kind == "intrusion")
    assert 0.5 <= first.at.timestamp() - BEGAN <= 2.0
    assert first.score == pytest.approx(0.9)


def test_what_a_drawn_mask_hides_fires_nothing(folder: Path, tmp_path: Path) -> None:
    assert ran(told(folder, tmp_path, HIDE))[-1].fired == ()


def test_what_was_over_before_the_asked_time_is_left_out_and_what_goes_on_is_open(
    folder: Path, tmp_path: Path
) -> None:
    last = ran(told(folder, tmp_path, begin=4.0, seconds=2.0))[-1]
    going = [one for one in last.fired if one.kind == "intrusion"]
    assert [one.ended for one in going] == [None]
    assert going[0].began.timestamp() < BEGAN + 4.0, "it was led in by what came before"


def test_a_time_of_which_nothing_is_kept_fails_with_a_sentence(folder: Path, tmp_path: Path) -> None:
    (last,) = ran(told(folder, tmp_path, begin=-500.0, seconds=60.0))
    assert (last.state, last.reason) == ("failed", "nothing is recorded of gate at that time")


def test_the_camera_keeps_the_masks_that_it_has(tmp_path: Path) -> None:
    what = decode_drawn(HIDE)
    camera = CameraConfig(id="gate", url=0, masks=(((0.0, 0.0), (1.0, 0.0), (1.0, 0.2)),))
    args = Replay("gate", datetime.fromtimestamp(BEGAN, UTC), 5.0, what.masks, what.zones)
    made = job(config(tmp_path, 1, 1, camera), camera, args, "record", str(tmp_path))
    assert made.camera.masks == (*camera.masks, *what.masks)
