from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from edge.spool import Spool
from wire.message import MediaRef

if TYPE_CHECKING:
    from pathlib import Path

STILL, CLIP = b"\xff\xd8\xff still", b"....ftyp clip"


def names(spool: Spool) -> list[str]:
    return [path.name for path in spool.waiting()]


def aged(spool: Spool, *order: bytes) -> None:
    """Give the files the ages in which they are named, oldest first."""
    for age, data in enumerate(order):
        sha256 = hashlib.sha256(data).hexdigest()
        (path,) = [path for path in spool.waiting() if path.stem == sha256]
        os.utime(path, (1000 + age, 1000 + age))


def test_what_is_kept_is_known_by_its_hash(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    sha256 = hashlib.sha256(STILL).hexdigest()
    assert spool.keep("still", STILL) == MediaRef("still", sha256, len(STILL), "image/jpeg")
    (path,) = spool.waiting()
    assert (path.name, path.read_bytes()) == (f"{sha256}.jpg", STILL)


def test_a_clip_that_was_written_beside_is_taken_in(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    part = spool.parts / "clip.mp4"
    part.write_bytes(CLIP)
    ref = spool.adopt("clip", part, hashlib.sha256(CLIP).hexdigest())
    assert (ref.role, ref.type, ref.size) == ("clip", "video/mp4", len(CLIP))
    assert not part.exists()


def test_stills_go_before_clips_and_the_oldest_first(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    later = spool.keep("still", b"later")
    clip = spool.keep("clip", CLIP)
    still = spool.keep("still", STILL)
    aged(spool, CLIP, STILL, b"later")
    assert [path.stem for path in spool.waiting()] == [still.sha256, later.sha256, clip.sha256]


def test_after_a_restart_it_is_all_there_and_half_written_files_are_not(tmp_path: Path) -> None:
    before = Spool(tmp_path / "spool")
    before.keep("still", STILL)
    (before.parts / "half.mp4").write_bytes(b"half")
    after = Spool(tmp_path / "spool")
    assert names(after) == names(before) != []
    assert list(after.parts.iterdir()) == []


def test_a_full_spool_gives_up_the_oldest_clip_and_says_how_many(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool", most_bytes=60)
    still = spool.keep("still", b"s" * 20)
    spool.keep("clip", b"old clip" + b"." * 12)
    young = spool.keep("clip", b"young clip" + b"." * 10)
    aged(spool, b"s" * 20, b"old clip" + b"." * 12, b"young clip" + b"." * 10)
    new = spool.keep("still", b"n" * 20)
    assert {path.stem for path in spool.waiting()} == {still.sha256, young.sha256, new.sha256}
    assert spool.dropped == 1


def test_the_same_picture_twice_is_one_file(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.keep("still", STILL)
    spool.keep("still", STILL)
    assert len(spool.waiting()) == 1


def test_what_nobody_takes_is_set_aside_and_not_sent_again(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.keep("still", STILL)
    (path,) = spool.waiting()
    spool.set_aside(path)
    assert spool.waiting() == []
    assert path.with_name(f"{path.name}.refused").read_bytes() == STILL


def test_a_disk_that_refuses_leaves_nothing_behind(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "spool")
    spool.parts.rmdir()
    spool.parts.symlink_to("/dev/full/none")
    with pytest.raises(OSError, match="Not a directory"):
        spool.keep("still", STILL)
    assert spool.waiting() == []
