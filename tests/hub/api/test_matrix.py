"""Every route, every role, four places: whoever may comes in, whoever may not learns nothing.

What is expected is computed from the policy's table; what happens is asked over HTTP. A place is the own
grid, the grid beside it, another market of the same street, or a market of another district; those two are
asked for by the market's name and without it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.api.build import build
from hub.api.change import Reader
from hub.api.guard import Signed, every_route
from hub.api.stills import Still
from hub.core.policy import Actor, Role, Target, allowed
from hub.store import people as rows
from hub.store.base import engine, sessions
from hub.store.staff import Proposal
from tests.hub.api import (
    coverage_cells,
    ground_cells,
    notices_cells,
    patrol_cells,
    plans_cells,
    premises,
    premises_cells,
    rosters_cells,
    turns_cells,
    world,
)
from tests.hub.api.asker import Asker
from tests.hub.api.cells import ONES as FIRST
from tests.hub.api.cells import One, at
from tests.hub.api.world import CASES, FILES, OWN, PLACES, SHA
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

    from hub.api.parts import Parts
    from tests.hub.api.world import Spot4

ONES = [
    *notices_cells.ONES,
    *FIRST,
    *coverage_cells.ONES,
    *ground_cells.ONES,
    *premises_cells.ONES,
    *plans_cells.ONES,
    *patrol_cells.ONES,
    *rosters_cells.ONES,
    *turns_cells.ONES,
]
TURNED = {401, 403, 404}
UNKNOWN = '{"code":"field.grid"'
"""A grid of another market is none that could be chosen."""
ROLES = [role for role in Role if role not in (Role.PUBLIC, Role.DISPLAY)]
LISTS = {
    "/api/alerts?state=all": ("alert.see", "alert-{tag}", False),
    "/api/wall": ("wall.see", "camera-{tag}", False),
    "/api/cases": ("case.see", "{case}", False),
    "/api/devices": ("device.see", "device-{tag}", True),
    "/api/recordings": ("video.play", '"camera-{tag}"', False),
    "/api/scenes": ("device.see", '"camera-{tag}"', True),
    "/api/letters": ("admin.see", "{letter}", True),
    "/api/people": ("person.see", "guard-{tag}", False),
    "/api/proposals": ("person.see grant.approve", "proposal-{tag}", True),
    "/api/grants/nodes": ("person.change", '"{node}"', True),
    "/api/staff": ("staff.see", "guard-{tag}", False),
    "/api/armbands": ("armband.see", "guard-{tag}", False),
    "/api/exports/staff.csv": ("staff.change", "guard-{tag}", True),
    "/api/exports/shops.csv": ("market.change", "shop-{tag}", True),
    "/api/care": ("care.see", "care-{tag}", False),
    "/api/displays": ("display.make", "display-{tag}", False),
    "/api/phones": ("enrol", "shop-{tag}", False),
    **coverage_cells.LISTS,
    **ground_cells.LISTS,
    **premises_cells.LISTS,
    **plans_cells.LISTS,
    **patrol_cells.LISTS,
    **rosters_cells.LISTS,
    **notices_cells.LISTS,
    **turns_cells.LISTS,
}
"""Route of a list → the right, or rights; what shows a place's row; whether the whole market counts."""
ELSEWHERE = {
    **coverage_cells.ELSEWHERE,
    **plans_cells.ELSEWHERE,
    **patrol_cells.ELSEWHERE,
    **rosters_cells.ELSEWHERE,
    **notices_cells.ELSEWHERE,
    **turns_cells.ELSEWHERE,
    ("POST", "/api/alerts/{alert_id}/undo"): "takes back what the same person just did; test_alerts",
    ("GET", "/api/replays/{number}"): "only whoever asked for it; test_tries",
    ("DELETE", "/api/replays/{number}"): "only whoever asked for it; test_tries",
    ("GET", "/api/scenes/{camera}/test"): "404 where nobody tries; test_trials",
    ("GET", "/api/rulebook"): "holds kinds of rules, not things; test_scenes",
    ("GET", "/api/market"): "the plan is everybody's of the market; below",
    ("GET", "/api/feed"): "below: what each role is told",
    ("GET", "/api/register"): "holds looks, not things; test_registers",
    ("GET", "/api/recordings/pieces/{number}"): "only whoever asked for it; test_recordings",
    ("POST", "/api/displays"): "ends the session that asks; test_display",
    ("GET", "/api/devices/{device}/commands/{number}"): "as the list above it",
    ("DELETE", "/api/areas/{area}"): "an empty one is nobody's; test_areas",
    **dict.fromkeys(
        (
            ("POST", "/api/session/code"),
            ("POST", "/api/session/password"),
            ("POST", "/api/session/pin"),
            ("POST", "/api/session/factor"),
            ("POST", "/api/session/factor/confirm"),
            ("POST", "/api/session/factor/remove"),
            ("GET", "/api/session"),
            ("DELETE", "/api/session"),
            ("GET", "/api/sessions"),
            ("DELETE", "/api/sessions"),
            ("DELETE", "/api/sessions/{session_id}"),
            ("POST", "/api/display/person"),
        ),
        "the session's own; test_second_factor, test_display",
    ),
}
"""Routes that stand in no cell, and where they are held."""


QUICK = {Role.GUARD, Role.MANAGER, Role.LIAISON}
CELLS = [
    pytest.param(role, kind, marks=() if kind == "looks" and role in QUICK else pytest.mark.long)
    for role in ROLES
    for kind in ("looks", "acts")
]
SOME = [pytest.param(role, marks=() if role in QUICK else pytest.mark.long) for role in ROLES]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """The town's file with the world in it."""
    file = tmp_path_factory.mktemp("world") / "world.db"
    shutil.copy(template, file)
    on = engine(f"sqlite:///{file}")
    with sessions(on).begin() as s:
        world.build(s)
        for one in PLACES:
            premises.fill(s, one)
            plans_cells.fill(s, one)
            patrol_cells.fill(s, one)
            rosters_cells.fill(s, one)
            notices_cells.fill(s, one)
            turns_cells.fill(s, one)
    on.dispose()
    return file


@pytest.fixture
def asker(built: FastAPI, parts: Parts, template: Path, tmp_path: Path) -> Iterator[Asker]:
    made = Asker(built, parts, template, tmp_path)
    for role, data in FILES.items():
        parts.files.put(SHA[role], [data])
    for one in PLACES:
        parts.stills.put(f"camera-{one.tag}", Still(b"\xff\xd8", NOON))
    yield made
    made.close()


def expected(who: Actor, one: One, place: Spot4) -> bool:
    node = (
        place.market
        if one.whole
        else (place.group if "alert" in one.action or "case" in one.action else place.node)
    )
    return who.market == place.market and allowed(who, one.action, Target(node, raises=one.raises)).allowed


def wrong_cells(asker: Asker, role: Role, ones: list[One]) -> tuple[int, list[tuple[object, ...]]]:
    """How many cells were asked, and those that are not as the table says."""
    wrong: list[tuple[object, ...]] = []
    cells = 0
    for one in ones:
        asker.become(role, MARKET if one.whole else OWN.node)
        for place in reversed(PLACES):
            ways = [""] if place.market == MARKET else ["", place.market]
            for market in ways if one.names(place) else ways[-1:]:
                who = asker.actor(market or MARKET)
                body = one.body(place) if one.body else None
                answer = asker.ask(one.method, one.url(place), body, market)
                lets = expected(who, one, place)
                turned = answer.status_code in TURNED or answer.text.startswith(UNKNOWN)
                cells += 1
                if turned is lets or answer.status_code >= 500:
                    wrong.append((one.method, one.url(place), market, lets, answer.text[:90]))
    return cells, wrong


@pytest.mark.parametrize(("role", "kind"), CELLS)
def test_every_cell_is_as_the_table_says(
    asker: Asker, role: Role, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ones = [one for one in ONES if (one.method == "GET") is (kind == "looks")]
    cells, wrong = wrong_cells(asker, role, ones)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{role} {kind}: {cells} cells of {len(ones)} routes, {len(wrong)} leaks or locks "
        )
    assert wrong == []


@pytest.mark.parametrize("role", SOME)
def test_every_list_holds_what_may_be_seen_and_nothing_else(asker: Asker, role: Role) -> None:
    for url, (action, mark, whole) in LISTS.items():
        asker.become(role, MARKET if whole else OWN.node)
        for market in (MARKET, "xinda", "anda"):
            who = asker.actor(market)
            answer = asker.ask("GET", url, None, market)
            shown = {one.tag for one in PLACES if at(mark)(one) in answer.text}
            may = {
                one.tag
                for one in PLACES
                if one.market == market
                and any(
                    allowed(who, each, Target(one.market if whole else one.node)).allowed
                    for each in action.split()
                )
            }
            assert shown <= may, (url, market, "leaks", shown - may)
            assert may <= shown or answer.status_code == 403, (url, market, "hides", may - shown)


@pytest.mark.parametrize("role", SOME)
def test_a_right_at_a_street_is_given_by_who_may_in_each_of_its_markets(asker: Asker, role: Role) -> None:
    below = {"@first-street": (MARKET, "xinda"), "@yuhua": (MARKET, "xinda")}
    for held in (MARKET, "@first-street", "@yuhua"):
        asker.become(role, held)
        for node, markets in below.items():
            lets = all(
                allowed(asker.actor(one), action, Target(one)).allowed
                for one in markets
                for action in ("area.grant", "person.change")
            )
            url = "/api/people/guard-own/grants"
            answer = asker.ask("POST", url, {"role": "volunteer", "node": node}, MARKET)
            assert (answer.status_code == 201) is lets, (held, node, answer.text)
            with asker.parts.sessions.begin() as s:
                s.query(rows.Grant).filter(rows.Grant.role == "volunteer").delete()
                s.query(Proposal).filter(Proposal.role == "volunteer").delete()


@pytest.mark.parametrize("role", SOME)
def test_a_feed_tells_each_role_what_it_may_see_and_nothing_else(asker: Asker, role: Role) -> None:
    asker.become(role, OWN.node)
    told: dict[str, bool] = {}
    for market in (MARKET, "xinda", "anda"):
        read = Reader(asker.parts.readings, market, asker.parts.clock, asker.parts.stills).read(0)
        who = asker.actor(market)
        told |= {change.data: change.sees(who) for change in read.changes if change.event == "case"}
    seen = {one.tag: told[data] for data in told for one in PLACES if CASES[one.tag] in data}
    may = {
        one.tag: one.market == MARKET and allowed(asker.actor(MARKET), "case.see", Target(one.group)).allowed
        for one in PLACES
    }
    assert seen == may


def test_the_sweep_every_route_has_a_policy_and_stands_in_the_matrix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    routes = [
        (method, path, guards)
        for path, methods, guards in every_route(build(None, Path("nowhere")))
        for method in sorted(methods)
    ]
    without = [(method, path) for method, path, guards in routes if not guards]
    known = {(one.method, one.route) for one in ONES} | set(ELSEWHERE)
    known |= {("GET", url.split("?")[0]) for url in LISTS}
    people_s = {(method, path) for method, path, guards in routes if isinstance(guards[0], Signed)}
    with capsys.disabled():
        told = f"{len(routes)} routes, {len(without)} without a policy; {len(people_s)} for people"
        sys.stdout.write(f"\n{told}, all in the matrix or held elsewhere ")
    assert without == []
    assert people_s - known == set()
    assert known - people_s == set()
