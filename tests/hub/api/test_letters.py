from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.service import inbox
from hub.store.device import DeadLetter
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone


@pytest.fixture
def letters(store: sessionmaker[Session]) -> list[str]:
    with store.begin() as s:
        rows = [
            (MARKET, "edge-1", "lf/v1/yunda/edge-1/event", "no sense", payload) for payload in (b"1", b"2")
        ]
        inbox.set_aside(s, rows, NOON)
        return list(s.scalars(select(DeadLetter.id).order_by(DeadLetter.id)))


def test_whoever_runs_the_hub_sees_letters_and_decides(
    as_: Callable[[str], Someone], letters: list[str]
) -> None:
    admin = as_("ji")
    page = admin.get("/api/letters?limit=1").json()
    assert [one["id"] for one in page["letters"]] == letters[1:]
    assert page["counts"]["open"] == 2
    rest = admin.get(f"/api/letters?before={letters[1]}").json()
    assert [one["id"] for one in rest["letters"]] == letters[:1]
    shown = admin.get(f"/api/letters/{letters[0]}").json()
    assert (shown["payload"], shown["acts"]) == ("1", ["retry", "drop"])
    again = admin.post(f"/api/letters/{letters[0]}/retry")
    assert (again.status_code, again.json()["state"]) == (202, "again")
    assert admin.post(f"/api/letters/{letters[0]}/drop").status_code == 409
    assert admin.post(f"/api/letters/{letters[1]}/drop").json()["state"] == "dropped"
    assert admin.get("/api/letters?state=dropped").json()["counts"]["again"] == 1
    assert admin.get("/api/letters/0-0").status_code == 404


def test_others_do_not(as_: Callable[[str], Someone], letters: list[str]) -> None:
    assert as_("lin").get("/api/letters").status_code == 403
    assert as_("zhu").get("/api/letters").status_code == 200
    assert as_("zhu").post(f"/api/letters/{letters[0]}/drop").status_code == 403
