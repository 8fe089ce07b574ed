"""What a camera is doing, and how each report of its process changes that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from edge.camera import talk


@dataclass(frozen=True, slots=True)
class Health:
    """What a camera is doing."""

    camera: str
    state: Literal["opening", "live", "lost"]
    """`opening` only until the first picture or the first loss; a lost camera is lost until it is live."""
    since: float
    """Wall time, seconds of UNIX epoch."""
    reason: talk.Reason | None = None
    """Why it is lost; None in any other state."""
    detail: str = ""
    """A short English sentence without secrets, beside `reason`."""
    fps: float = 0.0
    """Pictures a second that the camera sends, before the limit."""
    delay: float = 0.0
    """Seconds from stream time to the arrival of the last picture here."""
    codec: str = ""
    width: int = 0
    height: int = 0
    """The camera's own picture, pixels."""
    clock_off: float | None = None
    """The camera's clock minus this machine's, seconds; None: it does not tell."""

    def after(self, report: talk.Report, now: float) -> Health:
        """This health once `report` has been heard at wall time `now`."""
        match report:
            case talk.Live(codec, width, height):
                return Health(self.camera, "live", now, codec=codec, width=width, height=height)
            case talk.Lost(reason, detail):
                since = self.since if self.state == "lost" else now
                return replace(
                    self,
                    state="lost",
                    since=since,
                    reason=reason,
                    detail=detail,
                    fps=0.0,
                    delay=0.0,
                    clock_off=None,
                )
            case talk.Pulse(fps, clock_off):
                return replace(self, fps=fps, clock_off=clock_off)
            case talk.Shown(_, at):
                return replace(self, delay=max(0.0, now - at))
            case _:
                return self
