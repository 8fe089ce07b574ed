"""A port of this machine for the app on a real server."""

from __future__ import annotations

import socket


def listening(port: int = 0) -> socket.socket:
    """Bound there, or to a free one; answers are sent at once, as the hub sends them."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    made.bind(("127.0.0.1", port))
    return made
