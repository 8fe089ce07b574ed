"""For tests only: mosquitto from Debian, the other broker that a house may have."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from launch import stamp
from launch.refuse import Broken, Skipped
from launch.step import Step, shorten
from launch.steps import apt

if TYPE_CHECKING:
    from launch.place import Place
    from launch.step import Work

_PLACE = Path("/usr/sbin/mosquitto")
"""Outside the PATH of most people."""


def step(place: Place) -> Step:
    """Done while mosquitto stands where Debian puts it."""
    return Step(
        "mosquitto", "a second MQTT broker", lambda: (stamp.digest([_found()]),), partial(make, place)
    )


def _found() -> str | None:
    return shutil.which(_PLACE)


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Install it where we may; otherwise the tests on a broker of the house's own are left out."""
    if not _found():
        if not apt.may_install():
            raise Skipped("tests on mosquitto are skipped: `sudo apt-get install mosquitto` brings it")
        try:
            apt.install(work, place.root, "mosquitto")
        except Broken as broken:
            raise Skipped(f"tests on mosquitto are skipped: {shorten(str(broken))}") from broken
    return (_PLACE,)
