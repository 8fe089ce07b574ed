"""One market for the tests that look at it, until the last of them; what breaks things starts its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.system.night import Night, night

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="package")
def market(tmp_path_factory: pytest.TempPathFactory, vtest: Path) -> Iterator[Night]:
    """The reference market with four cameras that play real footage."""
    assert vtest.exists()
    with night(tmp_path_factory.mktemp("market")) as running:
        yield running
