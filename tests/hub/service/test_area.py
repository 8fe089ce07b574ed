"""Rights at a street or district: whoever gives one gives it in every market below, and may in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core.policy import Role
from hub.core.refuse import Refused
from hub.service import area, grants, people, person
from hub.service.session.password import Fresh
from hub.store.evidence import Line
from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from hub.store.staff import Proposal
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

STREET, DISTRICT = "@east-street", "@yuhua"


@pytest.fixture
def s(s: Session) -> Session:
    """Yunda and Xinda in one street of Yuhua, Anda in another district."""
    for one, parent in (("yuhua", None), ("east-street", "yuhua"), ("luohu", None)):
        kind = "street" if parent else "district"
        s.add(Area(id=one, kind=kind, parent=parent, name_zh=f"{one} 区", name_en=one))
        s.flush()
    for name, at in (("xinda", "east-street"), ("anda", "luohu")):
        s.add(Market(id=name, name_zh=name, name_en=name, x0=0, y0=0, x1=1, y1=1, zone="UTC", area=at))
    s.get_one(Market, MARKET).area = "east-street"
    s.flush()
    return s


def hold(s: Session, person_id: str, role: str, *nodes: str) -> None:
    for node in nodes:
        s.add(Grant(id=f"{person_id}-{role}-{node}", person=person_id, role=role, node=node))
    s.flush()


def test_who_administers_one_market_of_a_street_gives_nothing_at_the_street(s: Session) -> None:
    with pytest.raises(Refused, match="every market below"):
        grants.propose(s, actor(s, "ji"), "xin", "admin", STREET, NOON)
    assert s.scalars(select(Proposal)).all() == []


def test_who_administers_every_market_below_does_and_the_first_one_holds_at_once(s: Session) -> None:
    hold(s, "ji", "admin", "xinda")
    made = grants.propose(s, actor(s, "ji"), "xin", "district", STREET, NOON)
    assert isinstance(made, Grant)
    s.flush()
    assert set(people.markets(s, "xin")) == {MARKET, "xinda"}


def test_then_whoever_may_approve_in_every_market_below_approves_and_one_market_s_manager_does_not(
    s: Session,
) -> None:
    hold(s, "ji", "admin", DISTRICT)
    hold(s, "jia", "district", DISTRICT)
    made = grants.propose(s, actor(s, "ji"), "xin", "auditor", STREET, NOON)
    assert isinstance(made, Proposal)
    s.flush()
    assert [row["decides"] for row in grants.proposals(s, actor(s, "zhou"))] == [False]
    with pytest.raises(Refused, match="every market below"):
        grants.decide(s, actor(s, "zhou"), made.id, approve=True, now=NOON)
    assert [row["decides"] for row in grants.proposals(s, actor(s, "jia"))] == [True]
    grants.decide(s, actor(s, "jia"), made.id, approve=True, now=NOON)
    s.flush()
    assert Role.AUDITOR in people.actor_of(s, s.get_one(Person, "xin"), "xinda").roles
    assert s.scalars(select(Line.act).order_by(Line.id)).all()[-2:] == ["grant.propose", "grant.give"]


def test_one_market_s_administrator_takes_no_right_that_reaches_into_another(s: Session) -> None:
    hold(s, "xin", "auditor", STREET, "xinda")
    for node in (STREET, "xinda"):
        with pytest.raises(Refused, match="every market below"):
            grants.take(s, actor(s, "ji"), f"xin-auditor-{node}", NOON)
    hold(s, "ji", "admin", DISTRICT)
    grants.take(s, actor(s, "ji"), f"xin-auditor-{STREET}", NOON)


@pytest.mark.parametrize(
    "act",
    [
        lambda s, ji: person.give_password(s, ji, "jia", Fresh("three green lanterns", "hash"), NOON),
        lambda s, ji: person.link(s, ji, "jia", "sub-of-somebody", NOON),
        lambda s, ji: person.dismiss(s, ji, "jia", NOON),
    ],
    ids=["password", "link", "dismiss"],
)
def test_nobody_becomes_an_officer_of_the_district_by_a_new_password(
    s: Session, act: Callable[[Session, Actor], object]
) -> None:
    hold(s, "jia", "district", DISTRICT)
    ji = actor(s, "ji")
    with pytest.raises(Refused, match="other markets"):
        act(s, ji)


def test_the_places_that_are_offered_are_those_at_which_one_may_give(s: Session) -> None:
    def offered() -> list[str]:
        return [row["id"] for row in area.nodes(s, actor(s, "ji")) if row["kind"] not in ("grid", "group")]

    assert offered() == [MARKET]
    hold(s, "ji", "admin", "xinda")
    assert offered() == [DISTRICT, STREET, MARKET]
    inside = [(row["id"], row["kind"]) for row in area.nodes(s, actor(s, "ji"))][3:]
    assert (f"{MARKET}/east", "grid") in inside
    assert (f"{MARKET}/east/east-1", "group") in inside


@pytest.mark.parametrize("who", ["zhou", "lin", "shen", "jia", "han"])
def test_who_gives_no_rights_is_offered_no_place(s: Session, who: str) -> None:
    with pytest.raises(Refused):
        area.nodes(s, actor(s, who))


def test_a_place_of_another_district_is_none(s: Session) -> None:
    hold(s, "ji", "admin", DISTRICT, "anda")
    with pytest.raises(Refused, match="no such place"):
        grants.propose(s, actor(s, "ji"), "xin", "guard", "@luohu", NOON)
