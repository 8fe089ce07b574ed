"""What both programs say to the machine that keeps them running: systemd's notification socket.

Each word is one datagram (sd_notify(3)). Where nobody listens nothing is said, so a program need not ask.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

READY, STOPPING, ALIVE = "READY=1", "STOPPING=1", "WATCHDOG=1"
SHARE = 3
"""So many times within the watchdog's patience a program says that it lives: one word may come late."""


class Supervisor:
    """Whoever started us, as the environment names it."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        patience = environment.get("WATCHDOG_USEC", "")
        ours = environment.get("WATCHDOG_PID", "") in {"", str(os.getpid())}
        self.every = int(patience) / 1e6 / SHARE if ours and patience.isdecimal() else None
        """Seconds between two ALIVE; None where nobody watches."""

    def say(self, *words: str) -> None:
        """Say READY, STOPPING, ALIVE or `STATUS=…`; one that nobody takes is lost."""
        if not self._address:
            return
        # A name that begins with @ has no file: it lies in Linux's abstract space.
        where = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.setblocking(False)
            way.sendto("\n".join(words).encode(), where)
