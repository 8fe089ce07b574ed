"""By which key devices know their hub."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hub.service import order as orders
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker


def test_the_first_hubs_key_is_the_one_that_devices_know(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        assert orders.pinned(s) is None
        assert orders.pin(s, "first", NOON)
    with store.begin() as s:
        assert orders.pin(s, "first", NOON)
        assert not orders.pin(s, "second", NOON)
        assert orders.pinned(s) == "first"


def test_of_two_hubs_that_begin_at_once_one_has_the_key(store: sessionmaker[Session]) -> None:
    known: list[bool] = []

    def begin(key: str) -> None:
        with store.begin() as s:
            known.append(orders.pin(s, key, NOON))

    hubs = [threading.Thread(target=begin, args=(key,)) for key in ("first", "second")]
    for one in hubs:
        one.start()
    for one in hubs:
        one.join()
    assert sorted(known) == [False, True]
