from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.ingest import Ingest
from hub.store.base import sessions
from tests.hub.ingest.ear import Ear, Noon
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def ingest(ear: Ear, store: sessionmaker[Session]) -> Ingest:
    return Ingest([MARKET], ear, store, Noon())


@pytest.fixture
def both(database: Engine) -> sessionmaker[Session]:
    """Sessions on SQLite, then on PostgreSQL: a broken statement spoils a transaction only there."""
    return sessions(database)
