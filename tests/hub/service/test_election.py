"""A shop group elects its centre shop: one shop, one vote; counts are kept, and what they do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core import election as rules
from hub.core.election import Count
from hub.core.refuse import Refused
from hub.service import election, group, limit
from hub.service.election import call, decide
from hub.store.election import Candidate, Election
from hub.store.evidence import Line
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from hub.store.placement import Centre
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
TODAY = date(2026, 11, 22)
GROUP = "east-1"
SHOPS = ("c-10", "c-11", "c-12")


def called(s: Session, who: str = "wu", shops: tuple[str, ...] = SHOPS[:2], way: str = "secret") -> Election:
    made = call(s, actor(s, who), GROUP, way, shops, NOON)
    s.flush()
    return made


def decided(
    s: Session, row: Election, *votes: int, who: str = "shen", blank: int = 0, lot: tuple[str, ...] = ()
) -> Election:
    counted = dict(zip(SHOPS, votes, strict=False))
    made = decide(s, actor(s, who), row.id, counted, blank, lot, NOON)
    s.flush()
    return made


def page(s: Session, who: str = "shen", later: timedelta = 0 * DAY) -> dict[str, Any]:
    s.flush()
    return group.page(s, actor(s, who), GROUP, NOON + later)


def test_the_winner_coordinates_from_today_and_the_next_is_its_deputy(s: Session) -> None:
    row = decided(s, called(s), 1, 2)
    assert (row.centre, row.deputy, row.begins, row.ends) == ("c-11", "c-10", TODAY, date(2028, 11, 21))
    assert s.get_one(ShopGroup, GROUP).centre == "c-11"
    spans = [(one["shop"]["id"], one["ends"]) for one in page(s)["centres"]]
    assert spans[0] == ("c-11", None)
    (told,) = page(s)["elections"]
    assert [(one["id"], one["votes"]) for one in told["candidates"]] == [("c-11", 2), ("c-10", 1)]


def test_the_centre_before_ends_on_the_day_and_one_is_there_on_every_day(s: Session) -> None:
    s.get_one(ShopGroup, GROUP).centre = "c-10"
    for one in s.scalars(select(Centre).where(Centre.group == GROUP)):
        s.delete(one)
    s.flush()
    s.add(Centre(group=GROUP, begins=TODAY - 300 * DAY, ends=None, shop="c-10", version=None))
    s.flush()
    decided(s, called(s), 0, 2)
    rows = s.scalars(select(Centre).where(Centre.group == GROUP).order_by(Centre.begins)).all()
    assert [(row.shop, row.ends) for row in rows] == [("c-10", TODAY), ("c-11", None)]


def test_a_term_that_is_over_is_said_and_an_elected_shop_that_was_replaced_is_not_in_office(
    s: Session,
) -> None:
    limit.put(s, actor(s, "zhou"), limit.of(s, MARKET).__class__(90, 30, 1), NOON)
    row = decided(s, called(s), 2, 0)
    assert row.ends == date(2026, 12, 21)
    terms = [page(s, later=days * DAY)["term"]["id"] for days in (0, 29, 30)]
    assert terms == ["soon", "soon", "over"]
    listed = {one["id"]: one["term"]["id"] for one in group.listing(s, actor(s, "li"), NOON + 30 * DAY)}
    assert listed == {"east-1": "over", "east-2": "none", "west-3": "none", "west-4": "none"}
    s.get_one(ShopGroup, GROUP).centre = "c-12"
    assert page(s)["term"]["id"] == "none"


def test_equal_votes_are_decided_by_lot_and_by_nothing_else(s: Session) -> None:
    row = called(s, shops=SHOPS)
    with pytest.raises(Refused, match="Draw lots"):
        decided(s, row, 1, 1, 1)
    found = decided(s, row, 1, 1, 1, lot=("c-12", "c-10", "c-11"))
    assert (found.centre, found.deputy, found.by_lot) == ("c-12", "c-10", True)


@pytest.mark.parametrize(
    ("votes", "blank", "why"),
    [((3, 1), 0, "each shop has one vote"), ((1, 0), 0, "Fewer than half"), ((0, 0), 3, "No candidate got")],
)
def test_a_count_that_elects_nobody_is_refused_and_the_election_stays_open(
    s: Session, votes: tuple[int, int], blank: int, why: str
) -> None:
    row = called(s)
    with pytest.raises(Refused, match=why):
        decided(s, row, *votes, blank=blank)
    assert row.state == "called"


def test_whoever_speaks_for_a_candidate_does_not_count(s: Session) -> None:
    s.get_one(Grant, "li-shop").node = f"{MARKET}/east/{GROUP}/c-10"
    row = called(s, "li")
    assert page(s, "li")["own"] == ["c-10"]
    with pytest.raises(Refused, match="somebody else of the group"):
        decided(s, row, 1, 2, who="li")
    assert decided(s, row, 1, 2, who="wu").decided_by == "wu"


@pytest.mark.parametrize(
    ("way", "shops", "why"),
    [
        ("telepathy", ("c-10",), "Choose one of"),
        ("open", (), "at least one"),
        ("open", ("c-10", "c-10"), "each once"),
        ("open", ("c-30",), "shops of this group"),
    ],
)
def test_who_cannot_stand_and_how_is_not_voted(
    s: Session, way: str, shops: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        called(s, shops=shops, way=way)


def test_one_election_at_a_time_in_the_service_and_in_the_database(s: Session) -> None:
    called(s)
    with pytest.raises(Refused, match="is open"):
        called(s)
    s.add(
        Election(
            id="x",
            market=MARKET,
            group=GROUP,
            way="open",
            state="called",
            electors=3,
            blank=0,
            by_lot=False,
            called_at=NOON,
        )
    )
    with pytest.raises(IntegrityError):
        s.flush()


def test_one_that_is_called_off_leaves_all_as_it_was(s: Session) -> None:
    before = s.get_one(ShopGroup, GROUP).centre
    row = called(s)
    election.cancel(s, actor(s, "shen"), row.id, "改期", NOON)
    assert s.get_one(ShopGroup, GROUP).centre == before
    with pytest.raises(Refused, match="is over"):
        decided(s, row, 2, 0)
    acts = s.scalars(select(Line.act).where(Line.act.startswith("election")).order_by(Line.id)).all()
    assert acts == ["election.call", "election.cancel"]


def test_a_winner_who_was_moved_to_another_group_does_not_coordinate_this_one(s: Session) -> None:
    row = called(s)
    s.get_one(Shop, "c-11").group = "east-2"
    s.flush()
    with pytest.raises(Refused, match="c-11 is not of this group any more"):
        decided(s, row, 1, 2)
    assert row.state == "called"
    assert decided(s, row, 2, 1).deputy is None


def test_when_a_group_ends_its_open_election_is_called_off_and_leaves_a_line(s: Session) -> None:
    row = called(s)
    s.get_one(ShopGroup, GROUP).ends = TODAY + DAY
    s.flush()
    assert [election.keep(s, NOON), row.state] == [0, "called"]
    assert [election.keep(s, NOON + DAY), row.state] == [1, "cancelled"]
    s.flush()
    line = s.scalars(select(Line).where(Line.act == "election.cancel")).one()
    assert (line.actor, line.role, line.public["group"]) == (None, "system", GROUP)
    assert election.keep(s, NOON + DAY) == 0


@pytest.mark.parametrize("who", ["qiu", "tao", "lin", "han", "jia", "ji"])
def test_others_hold_no_election_of_the_group(s: Session, who: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        called(s, who)
    assert page(s, who)["may"] is False


def test_what_is_kept_are_counts_and_nobodys_vote() -> None:
    columns = {column.name for table in (Election, Candidate) for column in table.__table__.columns}
    assert not columns & {"voter", "vote", "ballot", "shop_voted"}
    assert {"votes", "blank", "electors"} <= columns


def test_members_of_a_group_are_told_with_their_days(s: Session) -> None:
    s.get_one(Shop, "c-10").group = "east-2"
    found = page(s)
    assert [one["id"] for one in found["members"]] == ["c-11", "c-12"]
    assert {one["shop"]["id"] for one in found["history"]} == set(SHOPS)


def test_premises_that_are_no_more_have_no_vote(s: Session) -> None:
    s.get_one(Shop, "c-12").ends = TODAY
    s.flush()
    assert [one["id"] for one in page(s)["members"]] == ["c-10", "c-11"]
    assert called(s).electors == 2


@pytest.mark.parametrize(
    ("begins", "months", "last"),
    [
        (date(2026, 11, 22), 24, date(2028, 11, 21)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 12, 1), 1, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
    ],
)
def test_the_last_day_of_a_term(begins: date, months: int, last: date) -> None:
    assert rules.last_day(begins, months) == last


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=5), st.integers(0, 3), st.integers(1, 12), st.booleans()
)
def test_nobody_with_fewer_votes_is_ever_elected(
    votes: list[int], blank: int, electors: int, drawn: bool
) -> None:
    shops = [f"c-{number}" for number in range(len(votes))]
    count = Count(dict(zip(shops, votes, strict=True)), blank, electors, shops if drawn else ())
    try:
        found = rules.order(count)
    except Refused:
        return
    assert count.votes[found[0]] == max(votes) > 0
    assert sorted(found) == sorted(shops)
    assert [count.votes[shop] for shop in found] == sorted(votes, reverse=True)
    assert electors / 2 <= count.cast <= electors
    assert drawn or votes.count(max(votes)) == 1
