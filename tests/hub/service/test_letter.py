"""A message that could not be taken waits for somebody who tries it again or puts it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import inbox, letter
from hub.store.base import sessions
from hub.store.device import DeadLetter
from hub.store.evidence import Line
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

WHERE = f"lf/v1/{MARKET}/edge-1/event"


@pytest.fixture
def s(database: Engine) -> Iterator[Session]:
    with sessions(database)() as session:
        yield session


def bad(s: Session, *payloads: bytes, market: str = MARKET) -> list[str]:
    inbox.set_aside(s, [(market, "edge-1", WHERE, "no sense", payload) for payload in payloads], NOON)
    return list(s.scalars(select(DeadLetter.id).where(DeadLetter.market == market).order_by(DeadLetter.id)))


def test_the_list_is_newest_first_and_goes_on_where_a_page_ends(s: Session) -> None:
    ids = bad(s, b"1", b"2", b"3")
    bad(s, b"theirs", market="qingyun")
    admin = actor(s, "ji")
    first = letter.listing(s, admin, None, None, 2)
    assert [one["id"] for one in first["letters"]] == [ids[2], ids[1]]
    assert [one["id"] for one in letter.listing(s, admin, "open", ids[1], 2)["letters"]] == [ids[0]]
    assert first["counts"] == {"open": 3, "again": 0, "taken": 0, "dropped": 0}
    assert letter.listing(s, admin, "dropped", None, 2)["letters"] == []


def test_its_bytes_are_shown_as_text_whatever_they_are(s: Session) -> None:
    (id_,) = bad(s, b"<script>\xff\x00" + b"x" * 10_000)
    shown = letter.detail(s, actor(s, "ji"), id_)
    assert shown["payload"].startswith("<script>\\xff\x00xxx")
    assert (shown["cut"], shown["size"], shown["acts"]) == (True, 10_010, ["retry", "drop"])


def test_a_decision_is_kept_with_who_made_it_and_made_once(s: Session) -> None:
    again, away = bad(s, b"1", b"2")
    admin = actor(s, "ji")
    assert letter.decide(s, admin, again, "retry", NOON).state == "again"
    assert letter.decide(s, admin, away, "drop", NOON).state == "dropped"
    assert letter.detail(s, admin, away)["person"]["en"] == "Ji Ming"
    acts = s.scalars(select(Line.act).order_by(Line.id)).all()
    assert acts == ["letter.retry", "letter.drop"]
    with pytest.raises(Refused, match="decided about this letter already"):
        letter.decide(s, admin, away, "retry", NOON)


def test_what_was_not_kept_whole_can_only_be_put_away(s: Session) -> None:
    (id_,) = bad(s, b"x" * 70_000)
    admin = actor(s, "ji")
    with pytest.raises(Refused, match="too long to be kept whole"):
        letter.decide(s, admin, id_, "retry", NOON)
    assert letter.detail(s, admin, id_)["acts"] == ["drop"]


def test_others_see_none_and_an_auditor_decides_nothing(s: Session) -> None:
    (id_,) = bad(s, b"1")
    with pytest.raises(Refused):
        letter.listing(s, actor(s, "lin"), None, None, 9)
    auditor = actor(s, "zhu")
    assert letter.detail(s, auditor, id_)["acts"] == []
    with pytest.raises(Refused):
        letter.decide(s, auditor, id_, "drop", NOON)
    (theirs,) = bad(s, b"theirs", market="qingyun")
    with pytest.raises(Refused, match="no such message"):
        letter.detail(s, auditor, theirs)
