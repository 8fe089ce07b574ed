"""Every camera gets its turn, however much another sends; what there is no time for is counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from edge.agent import Agent
from tests.edge.market import KEY, config
from tests.edge.scene import BEGIN, Pointer, StillEye, frame, watched

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.frame import Frame


class Hasty(StillEye):
    """A camera that has sent so many pictures more whenever somebody comes to look."""

    def __init__(self, camera: str, more: int) -> None:
        super().__init__(camera)
        self.more, self.sent = more, 0

    def next(self, timeout: float) -> Frame | None:  # noqa: ARG002 - never waits
        self.sent += self.more
        return replace(frame(BEGIN + self.sent / 25), camera=self.camera, seq=self.sent)


def test_where_there_is_no_time_for_all_each_camera_skips_its_own_and_none_is_passed_over(
    tmp_path: Path,
) -> None:
    eyes = {"c-1": Hasty("c-1", 1), "c-2": Hasty("c-2", 5), "c-3": Hasty("c-3", 2)}
    cameras = [msgspec.structs.replace(watched(), id=name) for name in eyes]
    told = config(tmp_path, 1, 1, *cameras)
    agent = Agent(told, KEY, Pointer(), open_eye=lambda camera, _: eyes[camera.id])
    try:
        for _ in range(3 * 60):
            assert agent.turns.once()
        tallies = [watch.tally for watch in agent.watches]
        assert [tally.looked for tally in tallies] == [60, 60, 60]
        assert [tally.skipped for tally in tallies] == [0, 4 * 59, 1 * 59]
        assert tallies[0].sentence is None
        assert "236 of the last 296 pictures" in (tallies[1].sentence or "")
    finally:
        agent.stop()
