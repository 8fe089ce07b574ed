"""A clip is what the camera sent, playable, frame for frame."""

from __future__ import annotations

import hashlib
import resource
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import pytest

from edge.camera import clip
from edge.camera.encode import Encoder, Size, fitted
from edge.camera.mask import Mask
from edge.camera.passing import Copier
from tests.edge.camera import film as films

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.ring import Packet

START = 1_700_000_000.0


def copied(path: Path) -> list[Packet]:
    """A film's packets as a camera's reader keeps them."""
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        copier = Copier(stream)
        return [kept for packet in file.demux(stream) for kept in copier.copied(packet, START)]


def reordered(path: Path) -> Path:
    """A film with pictures that refer to later ones, as some cameras send."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = films.WIDTH, films.HEIGHT, "yuv420p"
        stream.options = {"x264-params": "keyint=10:scenecut=0:bframes=3:b-adapt=0"}
        for number in range(40):
            frame = av.VideoFrame.from_ndarray(films.picture(number), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, 10)
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def test_it_holds_every_picture_and_says_its_hash(film: Path, tmp_path: Path) -> None:
    made = clip.write(copied(film)[20:45], tmp_path / "a.mp4")
    assert [films.number(seen) for seen in films.read(made.path)] == list(range(20, 45))
    assert made.began == pytest.approx(START + 2.0)
    assert made.ended == pytest.approx(START + 4.5)
    data = made.path.read_bytes()
    assert made.size == len(data)
    assert made.sha256 == hashlib.sha256(data).hexdigest()


def test_a_browser_can_start_it_before_it_has_it_all(film: Path, tmp_path: Path) -> None:
    data = clip.write(copied(film), tmp_path / "a.mp4").path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_pictures_that_refer_to_later_ones_keep_their_order(tmp_path: Path) -> None:
    made = clip.write(copied(reordered(tmp_path / "film.mp4")), tmp_path / "a.mp4")
    assert [films.number(seen) for seen in films.read(made.path)] == list(range(40))


def test_a_camera_of_h265_is_copied_too(tmp_path: Path) -> None:
    packets = copied(films.write(tmp_path / "film.mp4", 30, "libx265"))
    made = clip.write(packets, tmp_path / "a.mp4")
    assert packets[0].film.codec == "hevc"
    assert [films.number(seen) for seen in films.read(made.path)] == list(range(30))


def test_a_full_disk_is_said_and_leaves_nothing_behind(film: Path, tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: the system refuses the write alike."""
    packets = copied(film)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            clip.write(packets, tmp_path / "a.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert not list(tmp_path.iterdir())


def test_it_lasts_as_long_as_what_it_shows(film: Path, tmp_path: Path) -> None:
    made = clip.write(copied(film)[:30], tmp_path / "a.mp4")
    with av.open(str(made.path)) as file:
        assert file.duration is not None
        assert file.duration / 1e6 == pytest.approx(made.ended - made.began, abs=0.01)


def test_two_pictures_of_one_moment_do_not_break_it(film: Path, tmp_path: Path) -> None:
    packets = copied(film)[:10]
    twins = [packet if index != 5 else packets[4] for index, packet in enumerate(packets)]
    assert sum(1 for _ in films.read(clip.write(twins, tmp_path / "a.mp4").path)) == 10


def test_without_packets_there_is_no_clip_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(clip.NoClip, match="holds nothing of this time"):
        clip.write([], tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_leaves_nothing_behind(film: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        clip.write(copied(film)[:10], tmp_path / "missing" / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_pictures_coded_anew_have_a_keyframe_every_two_seconds() -> None:
    encoder = Encoder(Size(films.WIDTH, films.HEIGHT), 10, Mask())
    packets = [
        packet
        for number in range(60)
        for packet in encoder.encode(
            av.VideoFrame.from_ndarray(films.picture(number), format="bgr24"), START + number / 10
        )
    ]
    assert [index for index, packet in enumerate(packets) if packet.key] == [0, 20, 40]
    assert [packet.at for packet in packets] == [START + number / 10 for number in range(60)]


def test_pictures_are_made_smaller_but_never_larger() -> None:
    assert fitted(1920, 1080, 768) == Size(768, 432)
    assert fitted(640, 481, 768) == Size(640, 480)
    assert fitted(768, 576, None) == Size(768, 576)
    assert fitted(7680, 4320, None) == Size(3840, 2160)
