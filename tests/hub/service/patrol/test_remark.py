"""What a guard adds to a round is seen by the guard, the grid's leader and the market office, nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import media
from hub.service.patrol import view
from hub.store.evidence import Media
from hub.store.patrol import RoundPhoto
from tests.hub.service.patrol.beat import MINUTE, hang, planned, rounds, say, scan, sign
from tests.hub.service.phone.test_said import SHA, photo_body
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_reasons_and_photos_of_a_round_are_shown_to_those_concerned(s: Session) -> None:
    points = hang(s, 2)
    planned(s, points)
    (row,) = rounds(s)
    photo = photo_body(s, row.id, points[0].id)
    skip = {"round": row.id, "checkpoint": points[1].id, "reason": "other", "note": "漏水", "photo": SHA}
    assert say(s, "photo", photo, NOON).state == "taken"
    assert say(s, "skip", skip, NOON + MINUTE).state == "taken"
    assert scan(s, sign(s, points[0]), NOON + 2 * MINUTE, photo=SHA).state == "taken"
    s.flush()
    page = view.one(s, row, NOON + 3 * MINUTE)
    first, second = page["remarks"]
    assert (first["point"]["id"], first["reason"], first["person"]["id"]) == (points[0].id, None, "qiu")
    assert (second["note"], second["reason"]["id"], second["point"]["number"]) == ("漏水", "other", 2)
    shots = [first["photo"], second["photo"], page["visits"][0]["photo"]]
    assert len(set(shots)) == 3
    for shot in shots:
        for who in ("qiu", "zhou"):
            assert media.show(s, actor(s, who), shot, "session", NOON).sha256 == SHA
        with pytest.raises(Refused):
            media.show(s, actor(s, "tao"), shot, "session", NOON)


def test_a_photo_that_names_no_place_is_for_those_who_see_the_whole_market(s: Session) -> None:
    assert say(s, "photo", photo_body(s, None, None)).state == "taken"
    s.flush()
    row = s.scalars(select(Media)).one()
    assert s.scalars(select(RoundPhoto.media)).one() == row.id
    with pytest.raises(Refused):
        media.show(s, actor(s, "qiu"), row.id, "session", NOON)
