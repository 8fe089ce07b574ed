"""The pages that the hub serves, built from hub/web."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Refused
from launch.step import Step, tail
from launch.steps import node

if TYPE_CHECKING:
    from pathlib import Path

    from launch.place import Place
    from launch.step import Work


def step(place: Place, *, dev: bool) -> Step:
    """Done while the sources are the same; what was built for tests serves a run as well."""
    extras = ["dev"] if dev else ["", "dev"]
    return Step("pages", "hub/web/dist", lambda: _keys(place, extras), partial(make, place, dev=dev))


def _keys(place: Place, extras: list[str]) -> tuple[str, ...]:
    sources = stamp.digest([place.web])
    return tuple(stamp.digest([sources, extra]) for extra in extras)


def make(place: Place, work: Work, *, dev: bool) -> tuple[Path, ...]:
    """Install the page tools, then build."""
    work.after("node")
    tool, modules = node.read(place), place.web / "node_modules"
    words = ("ci", "--no-progress", *(() if dev else ("--omit=dev",)))
    work.say("installing the page tools", lambda: f"{len(list(modules.glob('*')))} so far")
    with work.download():
        work.again("The page tools", lambda: work.run(*tool.npm, *words, cwd=place.web, env=tool.env))
    work.say("building")
    try:
        work.run(*tool.npm, "run", "build", cwd=place.web, env=tool.env)
    except Broken as broken:
        raise Refused(f"The pages could not be built:\n{tail(str(broken))}") from broken
    return _whole(place.web / "dist")


def _whole(dist: Path) -> tuple[Path, ...]:
    index = dist / "index.html"
    if not index.is_file():
        raise Refused("The pages were built without an index.html; remove hub/web/dist and run again.")
    linked = [dist / path for path in re.findall(r'(?:src|href)="/?([^":]+\.(?:js|css))"', index.read_text())]
    missing = [path.name for path in linked if not path.is_file()]
    if missing:
        raise Refused(
            f"The pages were built without {', '.join(missing)}; remove hub/web/dist and run again."
        )
    return (index, *linked)
