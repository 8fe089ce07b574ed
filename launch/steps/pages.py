"""The pages that the hub serves, built from hub/web, and the tools that build them."""

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

_NEEDS = ("package.json", "package-lock.json")


def tools(place: Place, *, dev: bool) -> Step:
    """Done while the two files that name them are the same; what was installed for tests serves a run too."""
    extras = ("dev",) if dev else ("", "dev")
    named = [place.web / name for name in _NEEDS]

    def keys() -> tuple[str, ...]:
        return tuple(stamp.digest([*named, extra]) for extra in extras)

    return Step("page tools", "hub/web/node_modules", keys, partial(install, place, dev=dev))


def install(place: Place, work: Work, *, dev: bool) -> tuple[Path, ...]:
    """What package-lock.json names, from the registry that npm is set up for."""
    work.after("node")
    tool, modules = node.read(place), place.web / "node_modules"
    words = ("ci", "--no-progress", *(() if dev else ("--omit=dev",)))
    work.say("installing", lambda: f"{len(list(modules.glob('*')))} packages")
    with work.download():
        work.again("The page tools", lambda: work.run(*tool.npm, *words, cwd=place.web, env=tool.env))
    return (modules / ".package-lock.json",)


def step(place: Place) -> Step:
    """Done while the sources are the same."""
    return Step("pages", "hub/web/dist", lambda: (stamp.digest([place.web]),), partial(make, place))


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Build, and see that what the first page names is there."""
    work.after("page tools")
    tool = node.read(place)
    work.say("building")
    try:
        work.run(*tool.npm, "run", "build", cwd=place.web, env=tool.env)
    except Broken as broken:
        raise Refused(f"The pages could not be built:\n{tail(str(broken))}") from broken
    return whole(place.web / "dist")


def whole(dist: Path) -> tuple[Path, ...]:
    """The first page, and the scripts and styles that it names.

    Raises:
        Refused: one is missing.
    """
    index = dist / "index.html"
    text = index.read_text() if index.is_file() else ""
    linked = [dist / path for path in re.findall(r'(?:src|href)="/?([^":]+\.(?:js|css))"', text)]
    missing = [path.name for path in (index, *linked) if not path.is_file()]
    if missing:
        raise Refused(
            f"The pages were built without {', '.join(missing)}; remove hub/web/dist and run again."
        )
    return (index, *linked)
