"""A camera is recorded piece by piece; what is missing is a hole with its reason."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from edge.camera import segment, talk
from edge.camera.piece import Hole
from edge.camera.piece import read as piece_of
from tests.edge.camera import film as films
from tests.edge.record.roll import BEGAN, Deck
from tests.edge.record.roll import packets as read

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.piece import HoleReason
    from edge.camera.ring import Packet


def hole(since: float, reason: HoleReason, detail: str = "") -> Hole:
    return Hole(round(since, 4), reason, detail)


def moved(packets: list[Packet], seconds: float) -> list[Packet]:
    return [replace(packet, at=packet.at + seconds) for packet in packets]


def test_pieces_follow_one_another_without_a_missing_picture(packets: list[Packet], tmp_path: Path) -> None:
    deck = Deck(tmp_path)
    deck.play(packets)
    deck.recorder.finish()
    pieces = deck.pieces
    assert [(p.head.began - BEGAN, round(p.tail.ended - BEGAN, 3)) for p in pieces] == [
        (0.0, 3.0), (3.0, 6.0), (6.0, 9.0), (9.0, 12.0)
    ]  # fmt: skip
    assert [p.head.before for p in pieces] == [None, *(p.sha256 for p in pieces[:-1])]
    assert all(p.head.hole is None for p in pieces)
    numbers = [films.number(seen) for p in pieces for seen in films.read(tmp_path / p.name)]
    assert numbers == list(range(120))


def test_what_lies_on_the_disk_is_what_was_said(packets: list[Packet], tmp_path: Path) -> None:
    deck = Deck(tmp_path)
    deck.play(packets)
    deck.recorder.finish()
    for piece in deck.pieces:
        assert piece_of(tmp_path, tmp_path / piece.name) == piece


def test_nothing_is_coded_anew(packets: list[Packet], tmp_path: Path) -> None:
    deck = Deck(tmp_path)
    deck.play(packets)
    deck.recorder.finish()
    kept = b"".join((tmp_path / piece.name).read_bytes() for piece in deck.pieces)
    assert sum(packet.data[-40:] in kept for packet in packets) > 100


def test_pictures_that_are_coded_out_of_turn_are_kept_in_theirs(tmp_path: Path) -> None:
    import av  # noqa: PLC0415

    path = tmp_path / "b.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = films.WIDTH, films.HEIGHT, "yuv420p"
        stream.options = {"x264-params": "keyint=10:bframes=3:b-adapt=0:scenecut=0:log-level=none"}
        for index in range(100):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(films.picture(index), format="bgr24")))
        file.mux(stream.encode())
    reordered = read(path)
    assert any(later.at < sooner.at for sooner, later in pairwise(reordered))
    deck = Deck(tmp_path / "record")
    deck.play(reordered)
    deck.recorder.finish()
    numbers = [films.number(seen) for p in deck.pieces for seen in films.read(tmp_path / "record" / p.name)]
    assert numbers == list(range(100))


@pytest.mark.parametrize(
    ("away", "lost", "reason", "detail"),
    [
        (30.0, "", "camera", ""),
        (30.0, "refused-login: 401", "camera", "refused-login: 401"),
        (-3600.0, "", "clock", ""),
    ],
)
def test_a_gap_is_a_hole_with_its_reason(
    packets: list[Packet], tmp_path: Path, away: float, lost: str, reason: HoleReason, detail: str
) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:20])
    deck.main.lost = lost
    deck.play(moved(packets[20:], away))
    deck.recorder.finish()
    assert deck.pieces[1].head.hole == hole(BEGAN + 2.0, reason, detail)


def test_a_camera_that_falls_silent_leaves_a_whole_piece_and_says_so(
    packets: list[Packet], tmp_path: Path
) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:20], now=1.0)
    assert deck.said[-1] == talk.Recording("main", None)
    deck.recorder.once(now=7.0)
    assert len(deck.pieces) == 1
    assert deck.said[-1] == talk.Recording("main", hole(BEGAN + 2.0, "camera", "nothing comes"))
    deck.play(moved(packets[20:], 60.0), now=8.0)
    assert deck.said[-1] == talk.Recording("main", None)
    deck.recorder.finish()


def test_a_disk_that_is_too_slow_is_a_hole(packets: list[Packet], tmp_path: Path) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:20])
    assert deck.recorder._tap
    deck.recorder._tap._most = 4000
    for packet in packets[20:]:
        deck.main.taps.push(packet)
    deck.recorder.once(1.0)
    deck.recorder.finish()
    assert deck.pieces[1].head.hole == hole(BEGAN + 2.0, "late", "")


def test_the_small_stream_or_none_is_recorded_when_room_is_short(
    packets: list[Packet], tmp_path: Path
) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:30])
    deck.recorder.turn("sub")
    deck.play([])
    for packet in packets[30:60]:
        deck.sub.taps.push(packet)
    deck.recorder.once(1.0)
    deck.recorder.turn("none")
    deck.play(packets[60:90])
    assert [(p.head.stream, p.head.hole) for p in deck.pieces] == [("main", None), ("sub", None)]
    assert deck.said[-1] == talk.Recording("none", hole(BEGAN + 6.0, "quota", ""))
    deck.recorder.turn("main")
    deck.play([])
    deck.play(packets[90:])
    deck.recorder.finish()
    assert deck.pieces[2].head.hole == hole(BEGAN + 6.0, "quota", "")


def test_a_full_disk_is_a_hole_and_recording_goes_on_after_it(
    packets: list[Packet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:55])

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(segment._Written, "add", full)
        with pytest.raises(OSError, match="No space") as error:
            deck.play(packets[55:80])
    deck.recorder._failed(error.value)
    assert deck.said[-1] == talk.Recording("main", hole(BEGAN + 5.0, "disk", "No space left on device"))
    deck.recorder._not_before = 0.0
    deck.play([])
    deck.play(packets[90:])
    deck.recorder.finish()
    assert [p.tail.torn for p in deck.pieces] == [False, True, False]
    assert deck.pieces[2].head.hole == hole(BEGAN + 5.0, "disk", "No space left on device")
    assert deck.pieces[2].head.before == deck.pieces[1].sha256


def test_a_piece_that_was_cut_off_is_closed_by_the_next_process(
    packets: list[Packet], tmp_path: Path
) -> None:
    deck = Deck(tmp_path, length=60)
    deck.play(packets[:75])
    deck.die()
    left = next(tmp_path.glob("gate/*/*.open"))
    with left.open("r+b") as file:
        file.truncate(left.stat().st_size - 50)
    later = Deck(tmp_path)
    later.recorder._recover()
    (torn,) = later.pieces
    assert torn.tail.torn
    assert BEGAN + 6.0 <= torn.tail.ended < BEGAN + 7.5
    assert piece_of(tmp_path, tmp_path / torn.name) == torn
    later.play(moved(packets, 60.0))
    later.recorder.finish()
    assert later.pieces[1].head.before == torn.sha256
    assert later.pieces[1].head.hole == Hole(torn.tail.ended, "start")


def test_a_piece_that_holds_nothing_yet_leaves_nothing(packets: list[Packet], tmp_path: Path) -> None:
    deck = Deck(tmp_path)
    deck.play(packets[:3])
    deck.die()
    later = Deck(tmp_path)
    later.recorder._recover()
    assert later.pieces == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_two_pieces_of_the_same_moment_have_two_names(packets: list[Packet], tmp_path: Path) -> None:
    first = Deck(tmp_path)
    first.play(packets[:20])
    first.recorder.finish()
    second = Deck(tmp_path)
    second.play(packets[:20])
    second.recorder.finish()
    assert len({piece.name for piece in first.pieces + second.pieces}) == 2
