"""A camera says in its sender reports what time it thinks it is; that is held against our clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
import pytest

from edge.camera.feed import Feed, made_at
from edge.camera.source import Source
from tests.edge.camera.street import until

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600.0
NEAR = 60.0
"""Seconds by which a busy machine may be late."""


@pytest.mark.parametrize("ahead", [0.0, HOUR])
def test_a_camera_is_known_by_how_much_its_clock_is_off(camera: str, ahead: float, tmp_path: Path) -> None:
    with Source("gate", f"{camera}?clock_ahead={ahead}", spool=tmp_path) as source:
        assert until(lambda: source.health().clock_off is not None)
        off = source.health().clock_off
        assert off is not None
        assert abs(off - ahead) < NEAR


def test_a_file_has_no_clock(film: Path) -> None:
    feed = Feed(str(film))
    for _, shot in zip(range(12), feed.shots(), strict=False):
        assert shot
    assert feed.clock_off is None


@pytest.mark.parametrize(
    ("micros", "made"), [(1_000_000_500_000, 1_000_000.5), (0, 0.0), (-2_208_988_700_000_000, None)]
)
def test_a_camera_that_counts_from_its_start_tells_no_time(micros: int, made: float | None) -> None:
    class Told:
        """A packet with what FFmpeg hangs on it."""

        def has_sidedata(self, kind: str) -> bool:
            return kind == "prft"

        def get_sidedata(self, _: str) -> bytes:
            return micros.to_bytes(8, "little", signed=True) + bytes(8)

    assert made_at(Told()) == made  # type: ignore[arg-type]
    assert made_at(av.Packet(b"bare")) is None  # type: ignore[arg-type]
