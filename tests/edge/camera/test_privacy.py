"""What is masked leaves the camera's process nowhere: not in a picture, not in a clip, not on the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.camera.source import Source
from tests.edge.camera import film as films

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PICTURES = 12
SHOWN = 50.0
"""Spread of lights of a checkerboard that can be seen, whatever the codec does to it."""


def looked(url: str, spool: Path, masks: list[films.Polygon]) -> tuple[list[NDArray[np.uint8]], bytes]:
    """What a camera gave away: pictures and the pictures of its clip; and the clip's bytes."""
    with Source("gate", url, fps=30, width=None, masks=masks, spool=spool) as source:
        frames = [frame for _ in range(PICTURES) if (frame := source.latest(10.0))]
        made = source.clip(frames[0].at - 1, frames[-1].at, Path("clip.mp4"))
    pictures = [frame.picture for frame in frames]
    assert len(pictures) == PICTURES
    assert [path.name for path in spool.iterdir()] == ["clip.mp4"]
    return pictures + list(films.read(made.path)), made.path.read_bytes()


def test_without_a_mask_the_window_can_be_seen(camera: str, tmp_path: Path) -> None:
    pictures, _ = looked(camera, tmp_path, [])
    assert min(films.secret(seen) for seen in pictures) > SHOWN


@pytest.mark.parametrize("kind", ["stream", "file", "old"])
def test_no_masked_pixel_reaches_a_picture_or_a_clip(
    camera: str, film: Path, tmp_path: Path, kind: str
) -> None:
    urls = {"stream": camera, "file": str(film)}
    url = urls.get(kind) or str(films.write(tmp_path / "old.avi", 60, "mpeg4"))
    spool = tmp_path / "spool"
    spool.mkdir()
    pictures, _ = looked(url, spool, [films.SECRET_MASK])
    assert len(pictures) > PICTURES + 10
    for seen in pictures:
        assert films.secret(seen) < 2.0
        assert seen[films.SECRET].max() < 12
    assert len({films.number(seen) for seen in pictures}) > 10, "the rest of the picture is still there"


def test_no_packet_of_a_masked_camera_is_copied(film: Path, tmp_path: Path) -> None:
    copied = sent(film)
    (tmp_path / "open").mkdir()
    (tmp_path / "masked").mkdir()
    _, clear = looked(str(film), tmp_path / "open", [])
    _, masked = looked(str(film), tmp_path / "masked", [films.SECRET_MASK])
    assert sum(packet in clear for packet in copied) > 5
    assert not any(packet in masked for packet in copied)


def sent(film: Path) -> list[bytes]:
    """The middle of each coded picture, which a copy would repeat byte for byte."""
    import av  # noqa: PLC0415

    with av.open(str(film)) as file:
        return [data[-40:] for packet in file.demux(video=0) if len(data := bytes(packet)) > 100]
