"""The virtual environment, and a pip that is quick."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Refused
from launch.step import Step
from launch.steps import apt

if TYPE_CHECKING:
    from launch.place import Place
    from launch.step import Work

_SOUND = "import sys, pip; sys.exit(sys.version_info < (3, 11))"


def step(place: Place) -> Step:
    """Done while `.venv` stands where it was made; any later Python may run the rest of set-up."""
    keys = (stamp.digest([str(place.root)]),)
    return Step("environment", ".venv", lambda: keys, partial(make, place), doubt=place.venv / "unfinished")


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Keep a sound environment, make one otherwise; then the newest pip."""
    bundled = None
    if not _is_sound(place, work):
        _need_venv(place, work)
        bundled = _bundled()
        work.say("making .venv")
        how = ("--clear", "--without-pip") if bundled else ("--clear",)
        work.run(sys.executable, "-m", "venv", *how, place.venv, cwd=place.root)
    # The pip that Python brings is run from its wheel: to install it first, only to replace it, takes 3 s.
    env = {"PYTHONPATH": str(bundled)} if bundled else {}
    work.say("bringing pip up to date")
    with work.download():
        words = ("-m", "pip", "install", "--retries", "1", "--no-compile", "--upgrade", "pip")
        work.again("pip", lambda: work.run(place.python, *words, cwd=place.root, env=env))
    return (place.venv / "pyvenv.cfg",)


def _bundled() -> Path | None:
    """The wheel of the pip that Python brings: in its own folder, or where the distribution keeps wheels."""
    import ensurepip  # noqa: PLC0415 - a system without it gets this far and no further

    own = Path(ensurepip.__file__).parent / "_bundled"
    named = sysconfig.get_config_var("WHEEL_PKG_DIR")
    folders = [own, *([Path(named)] if named else [])]
    return next((wheel for folder in folders for wheel in folder.glob("pip-*.whl")), None)


def _is_sound(place: Place, work: Work) -> bool:
    if (place.venv / "unfinished").exists() or not place.python.exists():
        return False
    try:
        work.run(place.python, "-c", _SOUND, cwd=place.root)
    except Broken:
        return False
    return True


def _need_venv(place: Place, work: Work) -> None:
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is not None:
        return
    if apt.may_install():
        apt.install(work, place.root, "python3-venv")
        return
    tool = "`sudo apt-get install python3-venv`" if apt.is_here() else "your system's package tool"
    raise Refused(
        f"This Python ({sys.executable}) lacks its venv module: install it with {tool} and run again."
    )
