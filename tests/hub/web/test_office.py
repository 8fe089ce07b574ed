"""The pages about people, as an administrator, a manager and a coordinator use them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from hub.service import armband, grants, staff
from hub.store.people import Person
from tests.hub import town
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

pytestmark = pytest.mark.screen

TODAY = date(2026, 11, 22)


@pytest.fixture
def filled(store: sessionmaker[Session]) -> None:
    """Staff with certificates, armbands in every state, and a grant that waits."""
    with store.begin() as s:
        ji = town.actor(s, "ji")
        for who, post, ends in (
            ("lin", "monitor", TODAY + timedelta(days=400)),
            ("ren", "monitor", TODAY - timedelta(days=1)),
            ("qiu", "guard", TODAY + timedelta(days=9)),
        ):
            staff.put(s, ji, who, post, "运达物业", (date(2025, 1, 1), None), NOON)
            staff.certify(s, ji, who, "cctv", (date(2025, 1, 1), ends), NOON)
        s.get_one(Person, "tao").armband = None
        armband.add(s, ji, ["0301", "0302", "0303", "0304"], NOON)
        armband.issue(s, ji, "0301", "tao", NOON)
        armband.turn(s, ji, "0302", "lose", NOON)
        grants.propose(s, ji, "tao", "monitor", MARKET, NOON)
