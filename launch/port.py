"""Ports on loopback: who has one, and which are free."""

from __future__ import annotations

import re
import socket
from pathlib import Path

from launch.refuse import Refused

_LISTEN = "0A"
_LAST = 65_535
_REACH = 200


def read(text: str, name: str) -> int:
    """The port number in `text`, the value of setting `name`.

    Raises:
        Refused: it is no port.
    """
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) <= _LAST:
        raise Refused(f"{name}={text} is no port; give a number from 1 to {_LAST}, for example {name}=8081.")
    return int(text)


def is_free(port: int) -> bool:
    """Whether a server could listen there on 127.0.0.1."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_from(port: int) -> int:
    """`port`, or the next one above that is free.

    Not one that the system picks: those are its outgoing connections', and it may give ours to one of them.

    Raises:
        Refused: there is none.
    """
    for number in range(port, min(port + _REACH, _LAST + 1)):
        if is_free(number):
            return number
    raise Refused(
        f"None of the ports {port} to {port + _REACH - 1} is free on this machine; end what holds them."
    )


def holder(port: int) -> str | None:
    """`process 123 (name)` that listens on `port`, where /proc lets us see it."""
    sockets = set()
    for table in ("tcp", "tcp6"):
        try:
            rows = Path("/proc/net", table).read_text().splitlines()[1:]
        except OSError:
            continue
        columns = [row.split() for row in rows]
        sockets |= {c[9] for c in columns if c[3] == _LISTEN and int(c[1].rpartition(":")[2], 16) == port}
    wanted = {f"socket:[{inode}]" for inode in sockets}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in wanted:
                words = (
                    (link.parents[1] / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                )
                return f"process {link.parents[1].name} ({words.strip()[:80]})"
        except OSError:  # another user's, or gone meanwhile
            continue
    return None


def claim(port: int) -> int:
    """`port` itself, when it is free.

    Raises:
        Refused: it is taken.
    """
    if is_free(port):
        return port
    raise Refused(
        f"Port {port} is taken by {holder(port) or 'another program'}. Stop it, or take another port: "
        f"`LIANFANG_PORT={free_from(port)} make run`."
    )
