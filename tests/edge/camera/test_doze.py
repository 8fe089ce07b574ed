"""A quiet camera is decoded by its keyframes alone, and nobody who needs more has to wait for one."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.camera.source import Source
from tests.edge.camera import film as films
from tests.edge.camera import street

if TYPE_CHECKING:
    from edge.camera.frame import Frame


def is_key(frame: Frame) -> bool:
    return films.number(frame.picture) % films.KEY_EVERY == 0


def taken(source: Source) -> Frame:
    frame = source.next(60.0)
    assert frame is not None, source.health()
    return frame


def dozing(source: Source) -> Frame:
    """A picture of a camera that only shows keyframes by now: two of them came with nothing between."""
    before = taken(source)
    for _ in range(300):
        source.sleep(asleep=True)
        frame = taken(source)
        if is_key(before) and is_key(frame) and frame.seq == before.seq + 1:
            return frame
        before = frame
    pytest.fail("it never dozed")


@pytest.fixture
def gate(camera: str, tmp_path: Path) -> Source:
    return Source("gate", camera, fps=30, spool=tmp_path)


def test_asleep_it_shows_keyframes_only_and_keeps_every_packet(gate: Source) -> None:
    with gate:
        begun = dozing(gate)
        shown = [begun, *(taken(gate) for _ in range(3))]
        assert all(map(is_key, shown))
        assert all(later.at - sooner.at >= 0.5 for sooner, later in pairwise(shown))
        assert gate.health().state == "live"
        assert gate.health().fps == pytest.approx(films.RATE, rel=0.3), "what it sends, not what is decoded"
        made = gate.clip(begun.at, begun.at + 1.5, Path("asleep.mp4"))
    numbers = [films.number(seen) for seen in films.read(made.path)]
    assert len(numbers) >= 8, "keyframes alone would be two"
    assert all((later - sooner) % 120 == 1 for sooner, later in pairwise(numbers))


def test_awake_again_it_shows_what_is_now_without_waiting_for_a_keyframe(gate: Source) -> None:
    with gate:
        asleep = dozing(gate)
        time.sleep(0.35)
        gate.sleep(asleep=False)
        woken = taken(gate)
        while is_key(woken):
            woken = taken(gate)
        steps = round((woken.at - asleep.at) * films.RATE)
        shown = films.number(woken.picture) - films.number(asleep.picture)
        assert (shown - steps) % 120 in {119, 0, 1}, "moments are rounded"
        assert woken.seq > asleep.seq


@pytest.mark.long
def test_where_keyframes_are_rare_all_is_decoded_since_somebody_could_pass_between(tmp_path: Path) -> None:
    film = films.write(tmp_path / "rare.mp4", 120, keys_every=30)
    with (
        street.served(tmp_path / "cache", rare=film) as cameras,
        Source("rare", cameras["rare"], fps=30, spool=tmp_path) as source,
    ):
        begun = taken(source).at
        source.sleep(asleep=True)
        while (frame := taken(source)).at < begun + 7:
            pass
        assert frame.seq > 20, "two keyframes and more came, and each picture between them was shown"


@pytest.mark.long
def test_a_masked_camera_does_not_sleep_for_its_pictures_are_coded_anew(camera: str, tmp_path: Path) -> None:
    with Source("gate", camera, fps=30, spool=tmp_path, masks=[films.SECRET_MASK]) as source:
        begun = taken(source)
        source.sleep(asleep=True)
        while (frame := taken(source)).at < begun.at + 4:
            pass
        assert frame.seq - begun.seq > 15
        made = source.clip(begun.at + 1, begun.at + 3, Path("masked.mp4"))
    assert sum(1 for _ in films.read(made.path)) >= 10
