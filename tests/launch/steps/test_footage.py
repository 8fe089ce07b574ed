"""The sample clip comes whole out of a package, or is not taken."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from launch.refuse import Broken
from launch.steps import footage

if TYPE_CHECKING:
    from pathlib import Path

VIDEO = b"RIFF" + bytes(500_000)
CONTROL = """Package: clip
Version: 1
Architecture: all
Maintainer: nobody <nobody@example.org>
Description: a clip
"""

needs_dpkg = pytest.mark.skipif(
    shutil.which("dpkg-deb") is None, reason="dpkg-deb is not here; Debian has it"
)


def package(folder: Path, content: bytes) -> Path:
    tree = folder / "tree"
    clip = tree / "usr/share/doc/examples" / footage.CLIPS[0]
    for place in (clip.parent, tree / "DEBIAN"):
        place.mkdir(parents=True)
    clip.write_bytes(content)
    (tree / "DEBIAN" / "control").write_text(CONTROL)
    subprocess.run(
        ["dpkg-deb", "--build", "-Zgzip", str(tree), str(folder / "clip.deb")],
        check=True,
        capture_output=True,
    )
    return folder / "clip.deb"


@needs_dpkg
def test_the_clip_is_taken_out_of_a_debian_package(tmp_path: Path) -> None:
    clip = tmp_path / footage.CLIPS[0]
    assert footage.take(package(tmp_path, VIDEO), clip) == clip
    assert clip.read_bytes() == VIDEO


@needs_dpkg
def test_a_package_cut_short_is_broken_and_leaves_no_clip(tmp_path: Path) -> None:
    whole = package(tmp_path, VIDEO)
    whole.write_bytes(whole.read_bytes()[:-200])
    with pytest.raises(Broken):
        footage.take(whole, tmp_path / footage.CLIPS[0])
    assert not (tmp_path / footage.CLIPS[0]).exists()


@needs_dpkg
def test_a_package_without_the_clip_is_broken(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"clip\.deb holds no other\.avi"):
        footage.take(package(tmp_path, VIDEO), tmp_path / "other.avi")


@pytest.mark.parametrize("content", [b"", b"RIFF", b"<html>" + bytes(500_000)])
def test_what_is_no_video_is_not_taken_for_one(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(Broken, match="is damaged"):
        footage.settle(content, tmp_path / "a.avi")
    assert list(tmp_path.iterdir()) == []


def test_a_video_is_written_whole(tmp_path: Path) -> None:
    content = bytes(4) + b"ftyp" + bytes(500_000)
    assert footage.settle(content, tmp_path / "a.mp4").read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]
