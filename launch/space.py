"""Room on the disk, and the parts of the system that cannot be done without."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from launch.refuse import Refused

SETUP = 3_000_000_000
"""Bytes that a set-up from nothing needs at its fullest moment."""
DATA = 1_000_000_000
"""Bytes that a demo market may write in a day."""


def enough(folder: Path, need: int, what: str) -> None:
    """Check that `need` bytes are free where `folder` is or will be.

    Raises:
        Refused: they are not.
    """
    standing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(standing).free
    if free < need:
        raise Refused(
            f"The disk under {standing} is too full for {what}: {free / 1e9:.1f} GB are free and "
            f"{need / 1e9:.0f} GB are needed. Free some room, or use another disk, and run again."
        )


def linux(proc: Path = Path("/proc")) -> None:
    """Check that this is a Linux with /proc.

    Raises:
        Refused: it is not.
    """
    if sys.platform != "linux":
        raise Refused(
            "This runs on Linux only; on another system use a virtual machine or docker-compose.yml."
        )
    if not (proc / "self" / "stat").exists():
        raise Refused(
            f"{proc} is missing, and programs cannot be watched without it. "
            "Mount it with `mount -t proc proc /proc` (a container: start it with /proc) and run again."
        )
