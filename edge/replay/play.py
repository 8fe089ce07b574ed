"""Pictures of a recorded time in order, looked at as a camera's are: the same senses, the same rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from edge.camera.clip import NoClip
from edge.camera.encode import fitted
from edge.camera.frame import Frame
from edge.camera.mask import Mask
from edge.camera.pace import Pace
from edge.clock import moment
from edge.record.cut import cut
from edge.watch import Watch
from wire.replay import MOST_FIRED, Fired

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.record.archive import Archive
    from edge.replay.job import Job
    from edge.rule.change import Change
    from edge.watch import Eye, Sees

LEAD = 10.0
"""Seconds before the asked time that are looked at too: a camera that is watched knows its background."""
PIECE = 30.0
"""Seconds that are cut out at once."""


class _Past:
    """What is over obeys nobody."""

    def sleep(self, *, asleep: bool) -> None:
        """Every picture is there."""


@dataclass(slots=True)
class Score:
    """What would have fired so far, by event, in the order in which it did."""

    begin: float
    """Stream second from which on it is asked for; what was over before does not count."""
    events: dict[str, Fired] = field(default_factory=dict)

    def note(self, change: Change) -> None:
        """Take one step in the life of an event; what a camera's own sight says is none of a rule's."""
        if change.zone is None:
            return
        facts = change.facts
        known = self.events.get(change.event)
        self.events[change.event] = Fired(
            kind=change.kind,
            zone=change.zone,
            began=moment(change.began),
            at=known.at if known else moment(change.at),
            ended=moment(change.at) if change.phase == "end" else None,
            score=min(1.0, max(facts.score, known.score if known else 0.0)),
            count=facts.count,
            seconds=None if facts.seconds is None else round(facts.seconds, 1),
            reason=facts.reason,
        )

    def told(self) -> tuple[tuple[Fired, ...], bool]:
        """What is told, and whether there is more."""
        begin = moment(self.begin)
        asked = [one for one in self.events.values() if one.ended is None or one.ended >= begin]
        return tuple(asked[:MOST_FIRED]), len(asked) > MOST_FIRED


def play(job: Job, archive: Archive, scratch: Path, detector: Sees, score: Score) -> Iterator[float]:
    """Look at every picture of the asked time; yields the stream second of each that was looked at.

    Raises:
        NoClip: nothing of it is recorded, or it cannot be read.
        OSError: the disk is full or cannot be read.
    """
    watch = Watch(job.camera, job.edge, cast("Eye", _Past()))
    for frame in frames(job, archive, scratch):
        for change in watch.look(frame, detector):
            score.note(change)
        yield frame.at


def frames(job: Job, archive: Archive, scratch: Path) -> Iterator[Frame]:
    """The pictures that would be looked at, masks burnt in; raises as `play` does."""
    pace, mask = Pace(job.camera.fps), Mask(job.camera.masks)
    seq, last = 0, float("-inf")
    for at, frame in _decoded(job, archive, scratch):
        if at > last and pace.lets(at):
            seq, last = seq + 1, at
            size = fitted(frame.width, frame.height, job.camera.width)
            scaled = frame.reformat(size.width, size.height, "bgr24", interpolation="AREA")
            picture = np.asarray(scaled.to_ndarray(), np.uint8)
            mask.burn(picture)
            yield Frame(job.camera.id, at, seq, picture)
    if not seq:
        raise NoClip(f"nothing is recorded of {job.camera.id} at that time")


def _decoded(job: Job, archive: Archive, scratch: Path) -> Iterator[tuple[float, av.VideoFrame]]:
    """Stream time and picture, piece by piece; a hole is left out."""
    at, end, path = job.begin - LEAD, job.begin + job.seconds, scratch / "piece.mp4"
    while at < end:
        until = min(end, at + PIECE)
        try:
            began = cut(archive, job.camera.id, at, until, path).began
        except NoClip:
            at = until
            continue
        with av.open(str(path)) as file:
            stream = file.streams.video[0]
            stream.codec_context.thread_count = 1
            for frame in file.decode(stream):
                yield began + float(frame.time or 0.0), frame
        path.unlink(missing_ok=True)
        at = until
