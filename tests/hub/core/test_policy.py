"""Who may do what: the whole table, and how far a right reaches."""

from __future__ import annotations

import itertools
import re

import pytest

from hub.core import glossary
from hub.core.case import Act
from hub.core.glossary import Pair
from hub.core.policy import TABLE, Actor, Grant, Reach, Role, Target, allowed, authorize, scope, within
from hub.core.refuse import Refused

EAST, WEST = "yunda/east", "yunda/west"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def somebody(role: Role, node: str = "yunda", person: str = "qiu") -> Actor:
    return Actor(person, "yunda", Pair("邱止水", "Qiu Zhishui"), "0331", (Grant(role, node),))


def may(role: Role, action: str, node: str = "yunda", at: str = EAST, **more: object) -> bool:
    return allowed(somebody(role, node), action, Target(at, **more)).allowed  # type: ignore[arg-type]


def test_the_table_answers_for_every_action_and_every_role() -> None:
    assert {f"case.{act}" for act in Act} <= set(TABLE)
    assert all(set(row) == set(Role) for row in TABLE.values())
    assert set(glossary.ROLE) >= set(Role)


def test_an_action_that_is_in_no_row_is_allowed_to_nobody() -> None:
    assert not any(may(role, "case.shred") for role in Role)


def test_a_person_without_a_grant_may_do_nothing() -> None:
    nobody = Actor("x", "yunda", Pair("无", "None"), None, ())
    assert not any(allowed(nobody, action, Target("yunda", frozenset({"x"}))).allowed for action in TABLE)


@pytest.mark.parametrize(
    ("action", "roles"),
    [
        ("case.accept", {Role.DESK}),
        ("case.reject", {Role.DESK}),
        ("case.merge", {Role.DISPATCHER, Role.DESK}),
        ("case.dispatch", {Role.DISPATCHER, Role.LEADER, Role.DISTRICT}),
        ("case.return_decide", {Role.DISPATCHER}),
        ("case.verify_close", {Role.DESK, Role.DISTRICT}),
        ("case.cancel", {Role.MANAGER, Role.DISTRICT}),
        ("case.reopen", {Role.DESK, Role.MANAGER, Role.DISTRICT}),
        ("alert.confirm", {Role.GUARD, Role.MONITOR, Role.DISPATCHER, Role.LEADER}),
        ("report", set(Role) - {Role.AUDITOR, Role.ADMIN, Role.DISPLAY}),
    ],
)
def test_only_these_roles_may(action: str, roles: set[Role]) -> None:
    assert {role for role in Role if may(role, action)} == roles


def test_the_acceptance_desk_never_handles() -> None:
    for act in (Act.ACKNOWLEDGE, Act.ON_SCENE, Act.HANDLE):
        assert not may(Role.DESK, f"case.{act}", unit=frozenset({"qiu"}))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PUBLIC, Role.VOLUNTEER])
def test_these_see_no_alert_no_case_and_no_picture(role: Role) -> None:
    seeing = ("alert.see", "case.see", "wall.see", "video.live", "video.play")
    assert not any(may(role, action) for action in seeing)


def test_a_guard_handles_only_what_was_given_to_the_own_crew() -> None:
    assert not may(Role.GUARD, "case.handle", EAST)
    assert may(Role.GUARD, "case.handle", EAST, unit=frozenset({"qiu"}))


def test_a_guard_sees_the_own_grid_and_no_other() -> None:
    assert may(Role.GUARD, "alert.see", EAST, EAST)
    assert may(Role.GUARD, "alert.see", EAST, f"{EAST}/east-1")
    assert not may(Role.GUARD, "alert.see", EAST, WEST)
    assert not may(Role.GUARD, "alert.see", EAST, "yunda")


def test_a_case_of_the_own_crew_in_another_grid_may_be_seen() -> None:
    assert may(Role.GUARD, "case.see", EAST, WEST, unit=frozenset({"qiu"}))


def test_a_dispatcher_only_raises_a_priority() -> None:
    assert may(Role.DISPATCHER, "case.priority", raises=True)
    assert not may(Role.DISPATCHER, "case.priority", raises=False)
    assert may(Role.DESK, "case.priority", raises=False)


@pytest.mark.parametrize(
    ("node", "above", "yes"),
    [
        ("yunda/east", "yunda", True),
        ("yunda/east/g-1", "yunda/east", True),
        ("yunda", "yunda", True),
        ("yunda/east2", "yunda/east", False),
        ("yunda2", "yunda", False),
        ("yunda", "yunda/east", False),
    ],
)
def test_a_node_lies_below_whole_names_only(node: str, above: str, yes: bool) -> None:
    assert within(node, above) is yes


def test_whoever_sees_something_reports_it_also_in_another_grid() -> None:
    assert may(Role.GUARD, "report", EAST, WEST)
    assert not may(Role.GUARD, "report", EAST, "minsheng/east")


def test_a_right_in_one_market_is_none_in_another() -> None:
    assert not may(Role.MANAGER, "case.cancel", "yunda", "minsheng/east")


def test_a_denial_says_in_both_languages_who_decides() -> None:
    denied = [pair for pair in itertools.product(Role, TABLE) if not may(*pair)]
    for role, action in denied:
        with pytest.raises(Refused) as caught:
            authorize(somebody(role), action, Target(EAST))
        assert caught.value.kind == "right", (role, action)
        assert caught.value.en.endswith("."), (role, action)
        assert CHINESE.search(caught.value.zh), (role, action)
    assert len(denied) > len(TABLE)


def test_whoever_may_ask_is_told_whom() -> None:
    verdict = allowed(somebody(Role.GUARD, EAST), "case.priority", Target(EAST))
    assert "You may ask" in verdict.en
    assert "dispatcher" in verdict.en


def test_the_scope_of_a_list_is_where_the_rights_reach() -> None:
    both = Actor(
        "qiu", "yunda", Pair("邱", "Qiu"), None, (Grant(Role.GUARD, EAST), Grant(Role.VOLUNTEER, WEST))
    )
    assert scope(both, "alert.see") == (EAST,)
    assert scope(somebody(Role.AGENCY), "case.see") == ()


def test_whoever_keeps_the_system_sees_no_content_and_whoever_audits_changes_nothing() -> None:
    assert may(Role.ADMIN, "admin.change", at="yunda")
    assert TABLE["ledger"][Role.ADMIN] is Reach.NO
    changing = [action for action in TABLE if not action.endswith(".see")]
    assert [action for action in changing if may(Role.AUDITOR, action)] == ["ledger", "register"]
