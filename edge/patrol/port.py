"""A reader on a serial line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import serial

from edge.patrol.lines import Lines
from edge.patrol.part import TICK, Part, missing

if TYPE_CHECKING:
    from collections.abc import Callable

WHAT, GROUP = "serial reader", "dialout"
MOST = 4096
"""Bytes that are taken at once."""


class Port(Part):
    """One serial line, 8N1."""

    def __init__(self, node: str, baud: int, heard: Callable[[str], None]) -> None:
        """Prepare.

        Args:
            node: its file, such as /dev/ttyUSB0.
            baud: bits a second.
            heard: takes each code.
        """
        super().__init__(f"{WHAT} {node}")
        self._node, self._baud, self._heard = node, baud, heard

    def live(self) -> None:
        """Hear it; see Part."""
        try:
            with serial.Serial(self._node, self._baud, timeout=TICK, exclusive=True) as port:
                self.there()
                self._hear(port)
        except OSError as error:
            raise missing(WHAT, self._node, GROUP, error) from error

    def _hear(self, port: serial.Serial) -> None:
        lines = Lines()
        while not self.is_stopping:
            data = port.read(min(max(1, port.in_waiting), MOST))
            for text in lines.feed(data) if data else lines.flush():
                self._heard(text)
