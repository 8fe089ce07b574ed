"""One bad thing that a phone says stops nothing else, however it is bad; and two phones hinder neither."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from hub.service.patrol import code
from hub.service.phone import said
from hub.store.base import engine, sessions
from hub.store.evidence import Blob
from hub.store.patrol import RoundPhoto, Said, Skip, Visit
from tests.hub.service.patrol.beat import KEY, MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.phone.item import Item

SHA = hashlib.sha256(b"photo").hexdigest()
DANGER = {"items": {"exits": "good"}, "note": "", "photo": None}
SCANS = 12


def photo_body(s: Session, round_: str | None, checkpoint: str | None) -> dict[str, Any]:
    """What names a photo whose bytes are there."""
    if s.get(Blob, SHA) is None:
        s.add(Blob(sha256=SHA, size=5, type="image/jpeg", stored_at=NOON))
        s.flush()
    return {"sha256": SHA, "round": round_, "checkpoint": checkpoint, "note": ""}


def test_a_photo_of_a_good_round_and_no_checkpoint_of_the_market_is_refused_by_itself(s: Session) -> None:
    points = hang(s, 2)
    planned(s, points)
    (row,) = rounds(s)
    assert say(s, "photo", photo_body(s, row.id, "cp-none")).state == "refused"
    assert say(s, "photo", photo_body(s, "none", points[0].id)).state == "refused"
    assert say(s, "photo", photo_body(s, row.id, points[0].id)).state == "taken"
    assert s.scalar(select(func.count()).select_from(RoundPhoto)) == 1


def test_what_the_database_will_not_take_is_refused_once_and_for_all(
    s: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(s: Session, actor: Actor, item: Item, _now: datetime) -> None:
        body = {"round": "none", "checkpoint": "none", "reason": "locked", "note": "", "media": None}
        s.add(Skip(id=item.id, person=actor.person, at=item.at, received_at=item.at, **body))

    monkeypatch.setitem(said.ACTS, "skip", spoilt)
    first = say(s, "skip", {})
    assert (first.state, "not there" in first.words.en) == ("refused", True)
    assert say(s, "skip", {}, id_=first.id) == first
    assert scan(s, sign(s, hang(s, 1)[0])).state == "taken"
    assert s.scalar(select(func.count()).select_from(Said)) == 2


def test_a_danger_check_of_the_own_round_does_not_reach_a_point_of_another_grid(s: Session) -> None:
    own, other = hang(s, 1), hang(s, 1, "west")
    planned(s, own, kind="danger")
    (row,) = rounds(s)
    answer = say(s, "danger", DANGER | {"round": row.id, "checkpoint": other[0].id})
    assert (answer.state, "another grid" in answer.words.en) == ("refused", True)
    assert say(s, "danger", DANGER | {"round": row.id, "checkpoint": own[0].id}).state == "taken"


@pytest.mark.postgres
def test_two_guards_who_scan_one_round_at_once_are_both_heard(postgres: Callable[[], str]) -> None:
    on = engine(postgres())
    store = sessions(on)
    store.configure(info={code.KEY: KEY})
    with store.begin() as s:
        points = hang(s, 2)
        planned(s, points)
        rounds(s)
        texts = [sign(s, one) for one in points]
    together, failed = threading.Barrier(2), list[BaseException]()

    def walk(who: str, text: str) -> None:
        try:
            for n in range(SCANS):
                together.wait(60)
                with store.begin() as s:
                    assert scan(s, text, NOON + n * MINUTE, who=who).state == "taken"
        except BaseException as why:  # noqa: BLE001 - said by the test, not by the thread
            failed.append(why)
            together.abort()

    threads = [threading.Thread(target=walk, args=both) for both in zip(("qiu", "jiang"), texts, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Visit)) == 2 * SCANS
    on.dispose()
