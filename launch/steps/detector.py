"""The detector: built from the weights by our own tool, then asked whether it sees what it should."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Refused
from launch.step import Step, tail

if TYPE_CHECKING:
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work


def step(place: Place) -> Step:
    """Done while the builder, its ranges and the card are the same."""
    return Step("detector", "built and tried", lambda: (_key(place.detector),), partial(make, place))


def _key(folder: Path) -> str:
    return stamp.digest(file for file in sorted(folder.iterdir()) if file.suffix in {".py", ".toml", ".json"})


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Build and try."""
    work.after("weights")
    work.after("packages")
    work.say("building")
    env = {"PYTHONDONTWRITEBYTECODE": ""}
    tool = (place.python, "-m", "models.nanodet_g", place.detector / "source", place.detector)
    try:
        work.run(*tool, cwd=place.root, env=env, hear=lambda line: work.say(f"building {line[:60]}"))
    except Broken as broken:
        raise Refused(f"The detector could not be built:\n{tail(str(broken))}") from broken
    card = tomllib.loads((place.detector / "card.toml").read_text())
    return tuple(place.detector / name for name in card["built"])
