"""Orders are told the same on both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.store.base import sessions

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker


@pytest.fixture
def store(database: Engine) -> sessionmaker[Session]:
    return sessions(database)
