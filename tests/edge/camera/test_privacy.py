"""What is masked leaves the camera's process nowhere: not in a picture, not in a clip, not on the disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from edge.camera.source import Source
from tests.edge.camera import film as films

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PICTURES = 12
SHOWN = 50.0
"""Spread of lights of a checkerboard that can be seen, whatever the codec does to it."""


@dataclass(frozen=True)
class Given:
    """What a camera gave away."""

    pictures: list[NDArray[np.uint8]]
    """Those for the detector and those of a clip."""
    clip: bytes


def looked(url: str, spool: Path, masks: list[films.Polygon]) -> Given:
    """Look through a camera for a second and a bit."""
    spool.mkdir(exist_ok=True)
    with Source("gate", url, fps=30, width=None, masks=masks, spool=spool) as source:
        frames = [frame for _ in range(PICTURES) if (frame := source.next(60.0))]
        made = source.clip(frames[0].at - 1, frames[-1].at, Path("clip.mp4"))
    assert len(frames) == PICTURES
    assert [path.name for path in spool.iterdir()] == ["clip.mp4"]
    return Given([frame.picture for frame in frames] + list(films.read(made.path)), made.path.read_bytes())


@pytest.fixture(scope="module")
def clear(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Given:
    return looked(str(film), tmp_path_factory.mktemp("clear"), [])


@pytest.fixture(scope="module")
def masked(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Given:
    return looked(str(film), tmp_path_factory.mktemp("masked"), [films.SECRET_MASK])


def hides(given: Given) -> None:
    assert len(given.pictures) > PICTURES + 10
    for seen in given.pictures:
        assert films.secret(seen) < 2.0
        assert seen[films.SECRET].max() < 12
    assert len({films.number(seen) for seen in given.pictures}) > 10, "all else can still be seen"


def test_without_a_mask_the_window_can_be_seen(clear: Given) -> None:
    assert min(films.secret(seen) for seen in clear.pictures) > SHOWN


def test_no_masked_pixel_reaches_a_picture_or_a_clip(masked: Given) -> None:
    hides(masked)


def test_no_masked_pixel_of_a_network_camera_does(camera: str, tmp_path: Path) -> None:
    hides(looked(camera, tmp_path, [films.SECRET_MASK]))


def test_no_masked_pixel_of_a_camera_of_another_codec_does(tmp_path: Path) -> None:
    old = films.write(tmp_path / "old.avi", 60, "mpeg4")
    hides(looked(str(old), tmp_path / "spool", [films.SECRET_MASK]))


def test_no_packet_of_a_masked_camera_is_copied(film: Path, clear: Given, masked: Given) -> None:
    copied = sent(film)
    assert sum(packet in clear.clip for packet in copied) > 5
    assert not any(packet in masked.clip for packet in copied)


def sent(film: Path) -> list[bytes]:
    """The end of each coded picture, which a copy would repeat byte for byte."""
    with av.open(str(film)) as file:
        return [data[-40:] for packet in file.demux(video=0) if len(data := bytes(packet)) > 100]
