"""Debian's packages, where there are any."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from launch.refuse import Broken

if TYPE_CHECKING:
    from pathlib import Path

    from launch.step import Work

_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}


def is_here() -> bool:
    """Whether this system has apt-get and dpkg-deb."""
    return all(shutil.which(tool) for tool in ("apt-get", "dpkg-deb"))


def may_install() -> bool:
    """Whether we may change the system: apt is here and we are root."""
    return is_here() and os.geteuid() == 0


def ask(work: Work, folder: Path, *words: str) -> str:
    """Run apt-get; when it fails for want of package lists and we are root, fetch the lists and run it again.

    Raises:
        Broken: it failed.
    """
    try:
        return work.run("apt-get", *words, cwd=folder, env=_QUIET)
    except Broken:
        if not may_install():
            raise
    work.say("fetching Debian's package lists")
    work.run("apt-get", "update", cwd=folder, env=_QUIET)
    return work.run("apt-get", *words, cwd=folder, env=_QUIET)


def install(work: Work, folder: Path, *packages: str) -> None:
    """Install Debian packages.

    Raises:
        Broken: apt-get failed.
    """
    work.say(f"installing {' '.join(packages)} with apt-get")
    with work.download():
        ask(work, folder, "install", "-y", "--no-install-recommends", *packages)
