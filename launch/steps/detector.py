"""The detector: built from the weights by our own tool, then asked whether it sees what it should."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Refused
from launch.step import Step, tail

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work


def step(place: Place) -> Step:
    """Done while the builder, its ranges and the card are the same."""
    return Step("detector", "built and tried", lambda: (_key(place.detector),), partial(make, place))


def _key(folder: Path) -> str:
    written = [folder / "card.toml", *folder.glob("*.json"), *folder.glob("*.py")]
    return stamp.digest(sorted(written))


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Build, then keep the quicker of the files that are right on this machine."""
    work.after("weights")
    work.after("packages")
    folder = place.detector
    _tool(place, work, "building", "models.nanodet_g", folder / "source", folder)
    _tool(place, work, "trying", "edge.see.selftest", folder)
    card = tomllib.loads((folder / "card.toml").read_text())
    return (*(folder / name for name in card["built"]), folder / "chosen.toml")


def _tool(place: Place, work: Work, what: str, module: str, *words: Path) -> None:
    work.say(what)
    env = {"PYTHONDONTWRITEBYTECODE": ""}
    try:
        work.run(place.python, "-m", module, *words, cwd=place.root, env=env, hear=_show(work, what))
    except Broken as broken:
        raise Refused(f"The detector failed at {what}:\n{tail(str(broken))}") from broken


def _show(work: Work, what: str) -> Callable[[str], None]:
    return lambda line: work.say(f"{what} {line[:70]}")
