"""Real cameras over RTSP are recorded by their own processes, whatever becomes of these."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from edge.config import CameraConfig, RecordConfig, RecordingsConfig
from edge.crew import open_source
from edge.record.check import check
from edge.record.cut import cut
from edge.record.keeper import Keeper, Ways
from tests.edge.camera import film as films
from tests.edge.camera import street
from tests.edge.record.roll import BEGAN, Deck
from wire.message import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from edge.camera.ring import Packet
    from edge.rule.change import Change
    from wire.message import Up


class Hub:
    """Hears what a keeper says."""

    def __init__(self) -> None:
        self.said: list[Up] = []
        self.changes: list[Change] = []
        self.is_away = False

    def promise(self, body: Up) -> None:
        if self.is_away:
            raise OSError("the outbox is full")
        self.said.append(body)

    @property
    def ways(self) -> Ways:
        return Ways(self.promise, lambda: 0, lambda change, _: self.changes.append(change), lambda _: True)

    @property
    def segments(self) -> list[Segment]:
        return [body for body in self.said if isinstance(body, Segment)]


@pytest.fixture(scope="module")
def street_camera(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The film as an RTSP camera."""
    with street.served(tmp_path_factory.mktemp("cache"), gate=film) as cameras:
        yield cameras["gate"]


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Callable[[Hub], Keeper]]:
    """Keepers of the same recordings, one after the other."""
    made: list[Keeper] = []

    def one(hub: Hub) -> Keeper:
        for old in made:
            old.stop()
        made[:] = [Keeper(tmp_path / "record", RecordingsConfig(seconds=10), hub.ways)]
        return made[0]

    yield one
    for keeper in made:
        keeper.stop()


def camera_of(url: str, **more: object) -> CameraConfig:
    return CameraConfig(id="gate", url=url, record=RecordConfig(), **more)  # type: ignore[arg-type]


def written(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("gate/*/*.open"))


def test_kill_9_in_the_middle_of_a_piece_loses_a_second_and_says_so(
    street_camera: str, keeper: Callable[[Hub], Keeper], tmp_path: Path
) -> None:
    hub = Hub()
    first = keeper(hub)
    (tmp_path / "clips").mkdir()
    with open_source(camera_of(street_camera), tmp_path / "clips", first) as source:
        assert street.until(lambda: written(tmp_path / "record") > 6_000, 30)
        killed_at = time.time()
        os.kill(source.pid() or 0, signal.SIGKILL)
        assert street.until(lambda: len(first.archive.untold()) == 1, 30)
        (torn,) = first.archive.untold()
        assert torn.tail.torn
        assert killed_at - torn.tail.ended < 3.0, "a fragment is a second, and the camera's delay"
        assert street.until(lambda: written(tmp_path / "record") > 3_000, 30)
        lately = cut(first.archive, "gate", torn.head.began, torn.tail.ended, tmp_path / "torn.mp4")
        assert len(list(films.read(lately.path))) >= torn.tail.pictures - 1
    second = keeper(hub)
    second.archive.catch_up("gate")
    second.once(time.time())
    torn_told, next_told = hub.segments[:2]
    assert (torn_told.torn, next_told.torn) == (True, False)
    assert next_told.before == torn_told.sha256
    assert next_told.hole is not None
    assert next_told.hole.reason == "start"
    assert next_told.hole.since == torn_told.ended
    assert list(check(tmp_path / "record", lambda *_: None)) == []


def test_no_masked_pixel_reaches_a_recording_or_a_clip_of_it(
    film: Path, keeper: Callable[[Hub], Keeper], tmp_path: Path
) -> None:
    hub = Hub()
    kept = keeper(hub)
    masked = camera_of(str(film), main=str(film), masks=(films.SECRET_MASK,))
    (tmp_path / "clips").mkdir()
    with open_source(masked, tmp_path / "clips", kept):
        assert street.until(lambda: written(tmp_path / "record") > 6_000, 30)
    again = keeper(hub)
    again.archive.catch_up("gate")
    again.once(time.time())
    pieces = again.archive.span("gate", 0, time.time() + 60)
    files = [tmp_path / "record" / piece.name for piece in pieces]
    made = cut(again.archive, "gate", pieces[0].head.began, pieces[-1].tail.ended, tmp_path / "clip.mp4")
    seen = [picture for path in (*files, made.path) for picture in films.read(path)]
    assert len(seen) > 20
    assert max(films.secret(picture) for picture in seen) < 2.0
    assert len({films.number(picture) for picture in seen}) > 10, "all else can still be seen"
    assert all(told.masked and told.cores > 0 for told in hub.segments)


def test_what_the_outbox_does_not_take_is_told_later(
    packets: list[Packet],
    keeper: Callable[[Hub], Keeper],
    tmp_path: Path,
) -> None:
    hub = Hub()
    kept = keeper(hub)
    deck = Deck(tmp_path / "record")
    deck.play(packets)
    deck.recorder.finish()
    for piece in deck.pieces:
        kept.archive.take(piece)
    hub.is_away = True
    with pytest.raises(OSError, match="outbox"):
        kept.once(BEGAN + 60)
    hub.is_away = False
    kept.once(BEGAN + 61)
    kept.once(BEGAN + 62)
    assert [told.sha256 for told in hub.segments] == [piece.sha256 for piece in deck.pieces]
