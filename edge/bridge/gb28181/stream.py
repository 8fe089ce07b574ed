"""Messages out of a TCP stream, in which Content-Length alone says where each ends (RFC 3261, 18.3)."""

from __future__ import annotations

import re

from edge.bridge.gb28181.sip import MOST_BYTES, MOST_HEAD, Malformed

_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,7})[ \t]*(?=\r\n)", re.IGNORECASE)


class Cutter:
    """Takes what comes and gives whole messages; holds no more than one."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole with `data`.

        Raises:
            Malformed: where the next one ends cannot be known; the connection is of no use any more.
        """
        self._held += data
        found = []
        while message := self._next():
            found.append(message)
        return found

    def _next(self) -> bytes | None:
        while self._held[:2] == b"\r\n":  # RFC 5626: an empty line says that somebody is still there
            del self._held[:2]
        end = self._held.find(b"\r\n\r\n", 0, MOST_HEAD + 4)
        if end < 0:
            if len(self._held) > MOST_HEAD:
                raise Malformed(f"the headers are longer than {MOST_HEAD} bytes")
            return None
        lengths = _LENGTH.findall(bytes(self._held[: end + 2]))
        if len(lengths) != 1:
            raise Malformed("a message in a stream must say its Content-Length, once")
        whole = end + 4 + int(lengths[0])
        if whole > MOST_BYTES:
            raise Malformed(f"{whole} bytes are more than {MOST_BYTES}")
        if len(self._held) < whole:
            return None
        message = bytes(self._held[:whole])
        del self._held[:whole]
        return message
