"""The small film for every test of recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.edge.camera import film as films
from tests.edge.record import roll

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.ring import Packet


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of H.264 with a keyframe every second."""
    return films.write(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture(scope="session")
def packets(film: Path) -> list[Packet]:
    """The film as packets."""
    return roll.packets(film)
