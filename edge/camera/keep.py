"""What a camera's process keeps of what it reads, and who writes down what it records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from edge.camera import talk


class Scribe(Protocol):
    """Writes down what a camera's process records; edge.record.scribe.Scribe is one."""

    @property
    def mode(self) -> talk.Mode:
        """Which stream is to be recorded now."""

    def begin(self) -> talk.Record | None:
        """What a new process is told; None: nothing is recorded."""

    def heard(self, report: talk.Wrote | talk.Recording) -> None:
        """A piece was written, or a hole began or ended."""


@dataclass(frozen=True, slots=True)
class Keep:
    """What a camera's process keeps of what it reads."""

    seconds: float = 30.0
    """How far back a clip may begin, and how long it may be."""
    main: str | int | None = None
    """Address of the stream that is kept; None: the one that is looked at."""
    scribe: Scribe | None = None
    """Who writes down what is recorded; None: nothing is."""


PLAIN = Keep()
