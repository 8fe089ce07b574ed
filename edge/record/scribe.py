"""Writes down what one camera's process has recorded, and tells a new process where the last one ended."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from edge.camera import talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.camera.piece import Hole
    from edge.record.archive import Archive

log = logging.getLogger(__name__)


class Scribe:
    """Of one camera; used by the thread that supervises its process, and read by the keeper."""

    def __init__(
        self, camera: str, archive: Archive, length: float, *, masked: bool, wake: Callable[[], None]
    ) -> None:
        self.camera = camera
        self.mode: talk.Mode = "main"
        """Which stream is to be recorded; set by the keeper."""
        self.hole: Hole | None = None
        """Why there is no recording now; None while there is, or nothing is known."""
        self.cores = 0.0
        """CPU seconds a second that recording takes, by the last piece."""
        self._archive, self._length, self._masked, self._wake = archive, length, masked, wake

    def begin(self) -> talk.Record | None:
        """What a new process of the camera is told; None where the disk does not let it record."""
        try:
            self._archive.catch_up(self.camera)
            before, until = self._archive.last(self.camera)
        except OSError as error:
            log.error("camera %s is not recorded: %s", self.camera, error)  # noqa: TRY400 - a sentence
            return None
        folder = str(self._archive.folder.resolve())
        return talk.Record(self.camera, folder, self._length, self.mode, self._masked, before, until)

    def heard(self, report: talk.Wrote | talk.Recording) -> None:
        """The process has written a piece, or a hole has begun or ended."""
        if isinstance(report, talk.Recording):
            self.hole = report.hole
        else:
            self.cores = report.piece.tail.cores
            try:
                self._archive.take(report.piece)
            except OSError as error:
                # The file stands; it gets its row when the process or the edge starts again.
                log.warning("camera %s: no row for %s: %s", self.camera, report.piece.name, error)
        self._wake()
