"""What became of one camera's pictures: looked at, or skipped because the box had no time for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edge.camera.frame import Frame

MINUTE = 60.0


class Tally:
    """Counts from its making; written by the thread that looks, read by any."""

    def __init__(self, after: Tally | None = None) -> None:
        """Begin at nothing; `after` is that of another watch over the same camera, whose pictures go on."""
        self.looked = self.skipped = self.detected = self.stumbles = 0
        """Pictures that were looked at, that were not, that the detector was shown, at which it stumbled."""
        self._seq: int = after._seq if after else 0  # noqa: SLF001 - its own kind
        self._minute = 0
        self._began = self._before = (0, 0)
        """Looked at and skipped when this minute and the one before began."""

    def take(self, frame: Frame) -> None:
        """One picture is looked at; those between it and the one before have been skipped."""
        minute = int(frame.at // MINUTE)
        if minute != self._minute:
            self._before = self._began if minute == self._minute + 1 else (self.looked, self.skipped)
            self._minute, self._began = minute, (self.looked, self.skipped)
        self.looked += 1
        self.skipped += max(0, frame.seq - self._seq - 1) if self._seq else 0
        self._seq = frame.seq

    @property
    def sentence(self) -> str | None:
        """What was skipped in the last minute or two and what would help; None: nothing was."""
        looked, skipped = self.looked - self._before[0], self.skipped - self._before[1]
        if not skipped:
            return None
        return (
            f"{skipped} of the last {looked + skipped} pictures were not looked at for want of time: "
            "give this box fewer cameras, fewer pictures a second (fps) or more cores (detector threads)"
        )
