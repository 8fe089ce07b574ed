"""A small film and cameras that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.edge.camera import film as films
from tests.edge.camera import street

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of H.264 with a keyframe every second."""
    return films.write(tmp_path_factory.mktemp("film") / "film.mp4", 120)


@pytest.fixture(scope="session")
def camera(film: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The film as an RTSP camera behind a log-in."""
    with street.served(tmp_path_factory.mktemp("cache"), gate=film) as cameras:
        yield cameras["gate"]
