"""Rows of the table for a camera's own sight: each fault of the tampered clip, and none on any other film.

The clip's faults last four to six seconds, so its camera tells of what has lasted for two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.config.values import SightConfig
from tests.events.film import FOOTAGE, VTEST, Film, clip
from tests.events.row import Named, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wire.message import Blind

QUICK = SightConfig(seconds=2.0, frozen=2.0)
LATEST = 5.0
"""Seconds after a fault has lasted long enough, in which it is told."""
TAMPERED = Film("tampered square", FOOTAGE / "synth_tamper_vtest.mp4", clip, sight=QUICK)
CLEAN = Film("the same untouched", VTEST, clip, long=True, sight=QUICK)
FAULTS: tuple[tuple[Blind, float], ...] = (
    ("covered", 10.0),
    ("defocused", 22.0),
    ("moved", 34.0),
    ("dazzled", 46.0),
    ("frozen", 56.0),
)
"""When each begins: the clip's ground truth, in seconds."""

SIGHT_ROWS = (
    Row(
        TAMPERED,
        "covered, defocused, moved, dazzled and frozen are told within five seconds",
        None,
        tuple(Named(kind, begin + 2.0 + LATEST / 2, LATEST / 2) for kind, begin in FAULTS),
    ),
    Row(CLEAN, "and who only walks through blinds no camera", None),
)


def seeing(rows: Iterable[Row]) -> tuple[Row, ...]:
    """A row for each other film: whatever happens there, the camera sees it."""
    told = {row.film.name for row in SIGHT_ROWS}
    films = {row.film.name: row.film for row in rows if row.film.name not in told}
    return tuple(Row(film, "and the camera sees all the while", None) for film in films.values())
