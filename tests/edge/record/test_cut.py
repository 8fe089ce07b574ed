"""Any time that is kept comes as a clip, exactly from its first picture, copied packet by packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.camera.clip import NoClip
from edge.record.archive import Archive
from edge.record.cut import codec_of, cut, recoded
from tests.edge.camera import film as films
from tests.edge.record.roll import BEGAN, Deck
from tests.edge.record.roll import packets as read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.camera.ring import Packet


@pytest.fixture(scope="module")
def archive(packets: list[Packet], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Nine seconds in three pieces, and one that is being written."""
    folder = tmp_path_factory.mktemp("record")
    deck = Deck(folder)
    deck.play(packets[:118])
    made = Archive(folder)
    for piece in deck.pieces:
        made.take(piece)
    yield made
    deck.recorder.finish()
    made.close()


def numbers(path: Path) -> list[int]:
    return [films.number(seen) for seen in films.read(path)]


@pytest.mark.parametrize(
    ("begin", "end", "first", "last"),
    [
        (1.0, 2.0, 10, 20),
        (1.5, 2.4, 15, 24),
        (2.5, 7.3, 25, 73),
        (0.0, 9.0, 0, 90),
        (8.5, 10.5, 85, 105),
        (-20.0, 0.5, 0, 5),
    ],
)
def test_a_clip_begins_with_the_very_picture_and_spans_pieces(
    archive: Archive, tmp_path: Path, begin: float, end: float, first: int, last: int
) -> None:
    made = cut(archive, "gate", BEGAN + begin, BEGAN + end, tmp_path / "clip.mp4")
    assert numbers(made.path) == list(range(first, last + 1))
    assert made.began == pytest.approx(BEGAN + first / 10)
    assert made.ended == pytest.approx(BEGAN + (last + 1) / 10)


@pytest.mark.parametrize(
    ("begin", "end", "words"),
    [
        (100, 110, "nothing is recorded"),
        (-200, -190, "nothing is recorded"),
        (0, 61, "between 0 and 60 s"),
        (1, 1, "between 0 and 60 s"),
    ],
)
def test_what_is_not_kept_is_refused_in_words(
    archive: Archive, tmp_path: Path, begin: float, end: float, words: str
) -> None:
    with pytest.raises(NoClip, match=words):
        cut(archive, "gate", BEGAN + begin, BEGAN + end, tmp_path / "clip.mp4")


def test_another_camera_has_nothing(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(NoClip, match="nothing is recorded of hall"):
        cut(archive, "hall", BEGAN, BEGAN + 1, tmp_path / "clip.mp4")


def test_hevc_is_copied_and_coded_anew_only_for_a_browser_with_its_cost(tmp_path: Path) -> None:
    hevc = read(films.write(tmp_path / "hevc.mp4", 60, "libx265"))
    deck = Deck(tmp_path / "record")
    deck.play(hevc)
    deck.recorder.finish()
    archive = Archive(tmp_path / "record")
    for piece in deck.pieces:
        assert piece.head.codec == "hevc"
        archive.take(piece)
    copied = cut(archive, "gate", BEGAN + 1.3, BEGAN + 4.0, tmp_path / "copied.mp4")
    assert codec_of(copied.path) == "hevc"
    anew = recoded(copied, tmp_path / "anew.mp4")
    assert codec_of(anew.clip.path) == "h264"
    assert numbers(anew.clip.path) == list(range(13, 41))
    assert anew.clip.began == pytest.approx(BEGAN + 1.3)
    assert anew.cpu > 0
    assert not copied.path.exists()
    archive.close()
