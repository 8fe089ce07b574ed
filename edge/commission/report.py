"""A camera's report: lines for whoever stands before it, JSON for the file of the house."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from edge.commission.judge import Finding, Looked, judge
from edge.commission.measure import Stream, look
from edge.config.onvif import where

if TYPE_CHECKING:
    from edge.config import CameraConfig

SIGN = {"good": "good  ", "mind": "mind  ", "change": "CHANGE"}


class Report(msgspec.Struct, frozen=True):
    """One camera at one moment."""

    camera: str
    at: datetime
    sub: Stream
    main: Stream | None
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether nothing has to be changed."""
        return all(finding.level != "change" for finding in self.findings)


def report(camera: CameraConfig, seconds: float, network: tuple[int, int]) -> Report:
    """Look at a camera's streams for so many seconds each, and ask it for its time."""
    sub = look(camera.url, seconds, decode=True)
    main = None if camera.main is None else look(camera.main, seconds, decode=False)
    off, trouble = _asked(camera) if camera.onvif else (None, "")
    looked = Looked(camera, sub, main, network, off, trouble)
    return Report(camera.id, datetime.now(UTC), sub, main, judge(looked))


def text(made: Report) -> str:
    """Lines for a terminal."""
    lines = [f"{SIGN[one.level]}  {one.about}: {one.words}" for one in made.findings]
    changes = sum(one.level == "change" for one in made.findings)
    end = "good" if made.good else f"{changes} to change"
    return "\n".join([f"camera {made.camera}", *lines, f"camera {made.camera}: {end}"]) + "\n"


def _asked(camera: CameraConfig) -> tuple[float | None, str]:
    """Its clock by ONVIF, or why it does not tell."""
    from edge.bridge.onvif.bounds import Mute  # noqa: PLC0415 - an extra that only cameras with onvif need
    from edge.bridge.onvif.camera import camera as speak  # noqa: PLC0415

    async def go() -> float:
        async with speak(where(camera)) as one:
            return await one.clock_off()

    try:
        return asyncio.run(go()), ""
    except Mute as mute:
        return None, str(mute)
