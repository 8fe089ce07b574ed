"""Who can see camera 12, and why: the answer agrees with what the policy lets each person do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.core import policy
from hub.core.action import ACTION, REACH
from hub.core.policy import TABLE, Reach, Target
from hub.core.refuse import Refused
from hub.service import people, rights
from hub.store.market import Area, Market
from hub.store.people import Grant, Person
from tests.hub.town import MARKET, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NODES = (MARKET, f"{MARKET}/east", f"{MARKET}/east/east-1", f"{MARKET}/west")


def test_every_action_and_every_reach_has_its_words() -> None:
    assert set(ACTION) == set(TABLE)
    assert set(REACH) == set(Reach)


@pytest.mark.parametrize("action", sorted(TABLE))
def test_who_may_is_whoever_the_policy_lets(s: Session, action: str) -> None:
    zhou = actor(s, "zhou")
    for node in NODES:
        told = {one["person"]["id"] for one in rights.who(s, zhou, action, node)["people"] if one["always"]}
        everybody = [people.actor_of(s, one) for one in s.scalars(select(Person))]
        lets = {one.person for one in everybody if policy.allowed(one, action, Target(node)).allowed}
        assert told == lets, node


def test_the_answer_says_why(s: Session) -> None:
    zhou = actor(s, "zhou")
    told = rights.who(s, zhou, "video.live", rights.of_camera(s, zhou, "c-3-1"))
    (shen,) = [one for one in told["people"] if one["person"]["id"] == "shen"]
    assert (shen["role"], shen["node"]["id"], shen["reach"]) == ("leader", f"{MARKET}/east", "own")
    assert told["action"]["zh"] == "看实时画面"


def test_a_district_officer_is_found_in_every_market_of_the_district(s: Session) -> None:
    s.add(Area(id="yuhua", kind="district", parent=None, name_zh="雨花区", name_en="Yuhua"))
    s.flush()
    s.get_one(Market, MARKET).area = "yuhua"
    s.get_one(Grant, "jia-district").node = "@yuhua"
    s.flush()
    told = rights.who(s, actor(s, "zhou"), "video.live", MARKET)["people"]
    (jia,) = [one for one in told if one["person"]["id"] == "jia"]
    assert jia["node"]["name"]["zh"] == "雨花区"


def test_somebody_who_left_may_nothing(s: Session) -> None:
    s.get_one(Person, "lin").active = False
    s.flush()
    zhou = actor(s, "zhou")
    assert rights.what(s, zhou, "lin")["rights"] == []
    assert "lin" not in {one["person"]["id"] for one in rights.who(s, zhou, "video.live", MARKET)["people"]}


def test_what_a_person_may_do_is_their_rows_of_the_table(s: Session) -> None:
    told = rights.what(s, actor(s, "ji"), "he")["rights"]
    row = {action for action, cells in TABLE.items() if cells[policy.Role.DESK] is not Reach.NO}
    assert {one["action"]["id"] for one in told} == row


@pytest.mark.parametrize("person", ["lin", "qiu", "he", "wu", "han", "xin"])
def test_only_who_answers_for_rights_may_ask(s: Session, person: str) -> None:
    with pytest.raises(Refused, match="This is for"):
        rights.who(s, actor(s, person), "video.live", MARKET)
    with pytest.raises(Refused, match="This is for"):
        rights.what(s, actor(s, person), "lin")


def test_nobody_by_that_name_and_no_such_action_are_said(s: Session) -> None:
    zhou = actor(s, "zhou")
    with pytest.raises(Refused, match="no such person"):
        rights.what(s, zhou, "nobody")
    with pytest.raises(Refused, match="no action"):
        rights.who(s, zhou, "case.shred", MARKET)
    with pytest.raises(Refused, match="no such camera"):
        rights.of_camera(s, zhou, "c-9-9")
