"""Log-ins: the same answer to every stranger, and rights that fall at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event

from hub.core.policy import Role
from hub.core.refuse import Refused
from hub.service import people
from hub.store.base import sessions
from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from tests.hub import town
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

RIGHT = "hash of lin"


def test_whoever_knows_the_password_comes_in_with_roles_and_node(s: Session) -> None:
    found = people.login(s, "lin", lambda known: known == RIGHT)
    assert (found.person, found.roles, found.nodes) == ("lin", (Role.MONITOR,), ("yunda",))
    assert (found.name.zh, found.armband) == ("林晓", "0204")


@pytest.mark.parametrize("name", ["lin", "nobody", "xin"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer_and_the_same_work(
    s: Session, name: str
) -> None:
    asked: list[str] = []

    def verify(known: str) -> bool:
        asked.append(known)
        return False

    with pytest.raises(Refused) as caught:
        people.login(s, name, verify)
    assert caught.value.code == "session.login"
    assert len(asked) == 1


def test_the_hash_that_stands_for_nobody_opens_nothing(s: Session) -> None:
    with pytest.raises(Refused):
        people.login(s, "nobody", lambda _: True)


def test_roles_are_found_by_their_holders(s: Session) -> None:
    assert people.with_role(s, town.MARKET, "monitor") == ["lin", "ren"]
    assert people.with_role(s, town.MARKET, "guard", "yunda/west") == ["tao"]


def test_somebody_who_left_does_not_come_in(s: Session) -> None:
    s.get_one(Person, "lin").active = False
    s.flush()
    with pytest.raises(Refused):
        people.login(s, "lin", lambda known: known == RIGHT)


@pytest.fixture
def markets(database: Engine) -> Iterator[Session]:
    """Yunda and Xinda in one street, Hengda in another street of the district, Anda in another district."""
    with sessions(database).begin() as s:
        for area, parent in (
            ("yuhua", None),
            ("east-street", "yuhua"),
            ("west-street", "yuhua"),
            ("luohu", None),
        ):
            kind = "street" if parent else "district"
            s.add(Area(id=area, kind=kind, parent=parent, name_zh=area, name_en=area))
            s.flush()
        for name, area in (("xinda", "east-street"), ("hengda", "west-street"), ("anda", "luohu")):
            s.add(Market(id=name, name_zh=name, name_en=name, x0=0, y0=0, x1=1, y1=1, zone="UTC", area=area))
        s.get_one(Market, MARKET).area = "east-street"
        s.flush()
        yield s
        s.rollback()


def grant(s: Session, person: str, role: str, node: str) -> Person:
    s.execute(delete(Grant).where(Grant.person == person))
    s.add(Grant(id=f"{person}-{node}", person=person, role=role, node=node))
    s.flush()
    return s.get_one(Person, person)


@pytest.mark.parametrize(
    ("node", "reached"),
    [
        (MARKET, {MARKET}),
        ("@east-street", {MARKET, "xinda"}),
        ("@yuhua", {MARKET, "xinda", "hengda"}),
        ("@luohu", {"anda"}),
        ("@nowhere", set()),
    ],
)
def test_a_grant_reaches_the_markets_below_its_node(markets: Session, node: str, reached: set[str]) -> None:
    officer = grant(markets, "jia", "district", node)
    held = {
        market
        for market in (MARKET, "xinda", "hengda", "anda")
        if [one.node for one in people.actor_of(markets, officer, market).grants] == [market]
    }
    assert held == reached == set(people.markets(markets, "jia"))


def test_a_market_whose_name_only_begins_alike_is_another(markets: Session) -> None:
    guard = grant(markets, "qiu", "guard", f"{MARKET}-two/east")
    assert people.actor_of(markets, guard).grants == ()


def test_in_a_market_where_somebody_holds_nothing_they_hold_nothing(markets: Session) -> None:
    guard = grant(markets, "qiu", "guard", f"{MARKET}/east")
    abroad = people.actor_of(markets, guard, "xinda")
    assert (abroad.market, abroad.grants) == ("xinda", ())


def test_grants_are_one_query(markets: Session) -> None:
    officer = grant(markets, "jia", "district", "@yuhua")
    asked: list[str] = []
    bind = markets.get_bind()
    event.listen(bind, "before_cursor_execute", lambda *said: asked.append(said[2]))
    people.actor_of(markets, officer, MARKET)
    assert len(asked) == 1
