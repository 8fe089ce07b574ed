"""For tests only: Chromium and a Chinese typeface, from Debian."""

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

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_FONTS = Path("/usr/share/fonts")
_WANTED = ("chromium", "fonts-noto-cjk")


def step(place: Place) -> Step:
    """Done while a browser stands on the PATH."""
    return Step(
        "browser",
        "Chromium and a Chinese typeface",
        lambda: (stamp.digest([_found()]),),
        partial(make, place),
    )


def _found() -> str | None:
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def make(place: Place, work: Work) -> tuple[Path, ...]:
    """Install what is missing where we may; otherwise the tests that drive a page are left out."""
    if not (_found() and any(_FONTS.rglob("NotoSansCJK*"))):
        if not apt.may_install():
            raise Skipped(
                f"tests that drive a page are skipped: `sudo apt-get install {' '.join(_WANTED)}` brings them"
            )
        try:
            apt.install(work, place.root, *_WANTED)
        except Broken as broken:
            raise Skipped(f"tests that drive a page are skipped: {shorten(str(broken))}") from broken
    browser = _found()
    assert browser is not None
    return (Path(browser),)
