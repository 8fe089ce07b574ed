"""One run at a time on one folder of data."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from launch.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def take(file: Path) -> int | None:
    """Lock `file` and write our process id into it; its descriptor, or None when another holds it.

    The lock goes when the last holder of the descriptor is gone, so children that still end keep the next
    run out.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(held)
        return None
    os.ftruncate(held, 0)
    os.write(held, f"{os.getpid()}\n".encode())
    return held


def data(folder: Path) -> int:
    """Lock the data for a run.

    Raises:
        Refused: another run uses them.
    """
    held = take(folder / "lock")
    if held is None:
        pid = (folder / "lock").read_text().strip() or "unknown"
        raise Refused(
            f"Another `make run` (process {pid}) works on {folder}. Stop it with Ctrl-C, wait until it "
            "has ended, and run again; a second market on this machine needs LIANFANG_DATA=… and "
            "LIANFANG_PORT=… of its own."
        )
    return held


def wait(file: Path, pause: Callable[[], None], say: Callable[[str], None]) -> int:
    """Lock `file`, waiting (by `pause`) while another has it; `say` is told once."""
    told = False
    while (held := take(file)) is None:
        if not told:
            say(f"another set-up works in this clone (process {file.read_text().strip()}); waiting for it")
        told = True
        pause()
    return held


def release(held: int) -> None:
    """Let the next one in."""
    os.close(held)
