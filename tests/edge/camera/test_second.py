"""A camera with two streams is looked at in the small one; clips are cut from the large one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import av
import pytest

from edge.camera.clip import NoClip
from edge.camera.keep import Keep
from edge.camera.source import Source
from tests.edge.camera import film as films
from tests.edge.camera import street

if TYPE_CHECKING:
    from edge.camera.clip import Clip


def cut(source: Source, seconds: float) -> Clip:
    """A clip of the next seconds, once the large stream has something."""
    for _ in range(20):
        now = time.time()
        try:
            return source.clip(now, now + seconds, Path("main.mp4"))
        except NoClip:
            time.sleep(0.5)
    pytest.fail("the large stream never came")


def test_clips_are_cut_from_the_large_stream(film: Path, tmp_path: Path) -> None:
    large = films.write(tmp_path / "large.mp4", 60, scale=2)
    with street.served(tmp_path / "cache", sub=film, main=large) as cameras:
        keep = Keep(main=cameras["main"])
        with Source("gate", cameras["sub"], fps=5, spool=tmp_path, keep=keep) as source:
            assert source.next(15.0) is not None
            made = cut(source, 1.5)
            assert source.health().width == films.WIDTH
            assert source.next(5.0) is not None
    with av.open(str(made.path)) as file:
        assert file.streams.video[0].width == films.WIDTH * 2
        assert sum(1 for _ in file.decode(video=0)) >= 10


def test_a_masked_camera_gives_no_pixel_of_its_large_stream_away(film: Path, tmp_path: Path) -> None:
    masks = [films.SECRET_MASK]
    keep = Keep(main=str(film))
    with Source("gate", str(film), fps=5, masks=masks, spool=tmp_path, keep=keep) as source:
        assert source.next(15.0) is not None
        made = cut(source, 1.5)
    pictures = list(films.read(made.path))
    assert len(pictures) >= 10
    assert max(films.secret(seen) for seen in pictures) < 2.0


def test_the_large_stream_may_be_away_and_the_small_one_is_still_looked_at(
    film: Path, tmp_path: Path
) -> None:
    keep = Keep(main=str(tmp_path / "away.mp4"))
    with Source("gate", str(film), fps=5, spool=tmp_path, keep=keep) as source:
        first = source.next(15.0)
        assert first is not None
        with pytest.raises(NoClip):
            source.clip(first.at - 1, first.at, Path("none.mp4"))
        assert source.next(5.0) is not None
        assert source.health().state == "live"
