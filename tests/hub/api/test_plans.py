"""Plans over HTTP: solved on a thread of their own, drawn at by hand, decided by another, shown by day."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hub.api.planning import Planning
from hub.core.planned import Broken, EditMade, GridsMade, GroupMade, GroupsMade, Progress, Proof, WaysMade
from hub.core.refuse import Refused
from hub.ports import UnsolvedError
from hub.service.plan import job
from hub.store.plan import Plan
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands, Someone

TODAY, TOMORROW = "2026-11-22", "2026-11-23"
PROOF = Proof(12.0, 11.5, 0.1)
TO_WEST = {"moves": [{"shops": ["c-20", "c-21", "c-22"], "grid": "west"}]}


@dataclass
class Mover:
    """Port Solver: gives the second group of the east to the west, once it may."""

    goes_on: threading.Event = field(default_factory=threading.Event)
    asked: list[Any] = field(default_factory=list)
    walked: list[Any] = field(default_factory=list)
    fault: Exception | None = None
    stopped: bool = False

    def work(self, ask: Any, asked: Any, heard: Callable[[Progress], bool]) -> Any:
        self.asked.append(asked)
        if self.fault:
            raise self.fault
        while not self.goes_on.wait(0.01):
            if not heard(Progress(ask.name, 1.0, 12.0, 11.5)):
                self.stopped = True
                break
        return self.grids(asked) if ask.name == "grids" else self.groups(asked)

    def grids(self, asked: Any) -> GridsMade:
        grid_of = {shop.id: "west" if shop.id >= "c-20" else "east" for shop in asked.ground.shops}
        moved = ("c-20", "c-21", "c-22")
        centres = {"east": "c-11", "west": "c-31"}
        return GridsMade(grid_of, centres, PROOF, moved, 3, {}, {}, 0, 0, 0, 99.0)

    def groups(self, asked: Any) -> GroupsMade:
        names = {"c-1": "east-1", "c-2": "new-1", "c-3": "west-3", "c-4": "west-4"}
        made = tuple(
            GroupMade(name, asked.grid_of[f"{at}0"], (f"{at}0", f"{at}1", f"{at}2"), f"{at}0", 10.0)
            for at, name in names.items()
        )
        return GroupsMade(made, replace(PROOF, stopped=self.stopped), 9.0, (), 0)

    def quick(self, ask: Any, asked: Any) -> Any:
        self.walked.append(asked)
        if ask.name == "edit":
            torn = [shop for shop, group in asked.group_of.items() if group == "east-1" and shop > "c-12"]
            return EditMade((Broken("group.apart", "east-1", 2.0, tuple(torn)),) if torn else ())
        return WaysMade(tuple(7.0 for _ in asked.pairs))


@pytest.fixture
def mover() -> Mover:
    return Mover()


@pytest.fixture
def parts(parts: Parts, mover: Mover) -> Iterator[Parts]:
    planning = Planning()
    yield replace(parts, solver=mover, planning=planning)
    mover.goes_on.set()
    planning.close()


def begun(who: Someone, kind: str = "hand", effective: str = TODAY, **more: Any) -> str:
    answer = who.post("/api/plans", {"kind": kind, "title": "第四季度", "effective": effective, **more})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def state_of(who: Someone, plan: str) -> str:
    found: str = who.get(f"/api/plans/{plan}/job").json()["state"]
    return found


def moved(who: Someone, plan: str, body: dict[str, Any] = TO_WEST) -> Any:
    revision = who.get(f"/api/plans/{plan}").json()["revision"]
    return matching(who, "POST", plan, revision, body)


def matching(who: Someone, method: str, plan: str, revision: int, body: dict[str, Any] | None = None) -> Any:
    headers = {"X-CSRF": who.csrf, "If-Match": f'"{revision}"'}
    return who.request(method, f"/api/plans/{plan}/moves", headers, json=body)


def test_a_plan_is_solved_read_approved_and_in_force(as_: Callable[[str], Someone], mover: Mover) -> None:
    zhou, jia = as_("zhou"), as_("jia")
    plan = begun(zhou, "grids", grid_wish={"cut_price": 30})
    assert eventually(lambda: state_of(zhou, plan) == "running")
    assert zhou.post(f"/api/plans/{plan}/submit", {}).json()["code"] == "plan.busy"
    mover.goes_on.set()
    assert eventually(lambda: state_of(zhou, plan) == "done")
    grids, groups = mover.asked
    assert (grids.rule.cut_price, grids.grids, len(grids.held)) == (30, ("east", "west"), 12)
    assert groups.only == {"c-20", "c-21", "c-22"}
    shown = zhou.get(f"/api/plans/{plan}").json()
    figures = {one["id"]: one["after"] for one in shown["figures"]}
    assert (figures["moved_grid"], figures["apart"]) == (3, 0)
    assert [proof["least_moved"] for proof in shown["proofs"]] == [3, None]
    assert shown["rows"][0]["walk_to"] == 7.0
    (new,) = [group for group in shown["groups"] if group["new"]]
    assert (new["grid"], new["shops"], new["elect"]) == ("west", 3, True)
    assert zhou.post(f"/api/plans/{plan}/submit", {}).json()["state"] == "submitted"
    assert jia.post(f"/api/plans/{plan}/approve", {}).json()["state"] == "applied"
    market = zhou.get(f"/api/market?day={TOMORROW}").json()
    grid = dict(zip(market["shops"]["id"], market["shops"]["grid"], strict=True))
    assert market["grids"][grid["c-20"]]["id"] == "west"
    before = zhou.get("/api/market?day=2026-11-21").json()
    grid = dict(zip(before["shops"]["id"], before["shops"]["grid"], strict=True))
    assert before["grids"][grid["c-20"]]["id"] == "east"
    assert [one["begins"] for one in zhou.get("/api/versions").json()] == [TODAY, "1970-01-01"]


def test_a_solver_is_stopped_and_the_best_is_kept(as_: Callable[[str], Someone], mover: Mover) -> None:
    zhou = as_("zhou")
    plan = begun(zhou, "grids")
    assert eventually(lambda: state_of(zhou, plan) == "running")
    zhou.delete(f"/api/plans/{plan}/job")
    assert eventually(lambda: state_of(zhou, plan) == "stopped")
    assert mover.stopped
    assert zhou.get(f"/api/plans/{plan}").json()["moved_grid"] == 3


@pytest.mark.parametrize(
    "fault",
    [
        Refused("input", "plan.grids_count", "Ask for fewer.", "请减少。"),
        UnsolvedError("it ended"),
        ValueError("?"),
    ],
)
def test_why_there_is_no_plan_is_said_and_it_can_be_solved_again(
    as_: Callable[[str], Someone], mover: Mover, fault: Exception
) -> None:
    zhou = as_("zhou")
    mover.fault = fault
    plan = begun(zhou, "grids")
    assert eventually(lambda: state_of(zhou, plan) == "failed")
    assert zhou.get(f"/api/plans/{plan}/job").json()["reason"]["zh"]
    mover.fault = None
    mover.goes_on.set()
    assert zhou.post(f"/api/plans/{plan}/job", {}).status_code == 202
    assert eventually(lambda: state_of(zhou, plan) == "done")


def test_a_job_whose_process_ended_is_given_up(
    as_: Callable[[str], Someone], parts: Parts, clock: Hands
) -> None:
    zhou = as_("zhou")
    plan = begun(zhou, "grids")
    assert eventually(lambda: state_of(zhou, plan) == "running")
    with parts.sessions.begin() as session:
        row = session.get_one(Plan, plan)
        row.job = (row.job or {}) | {"at": (clock.now() - timedelta(minutes=4)).isoformat()}
        assert job.sweep(session, clock.now()) == 1
    assert state_of(zhou, plan) == "failed"


def test_moves_say_what_they_break_and_are_only_tried_if_so_asked(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    tried = moved(zhou, plan, TO_WEST | {"keep": False}).json()
    assert (tried["kept"], len(tried["changes"])) == (False, 3)
    assert zhou.get(f"/api/plans/{plan}").json()["changes"] == []
    kept = moved(zhou, plan).json()
    assert kept["revision"] > tried["revision"]
    new = {(one["rule"], one["subject"]) for one in kept["broken"] if one["new"]}
    assert new == {(rule, grid) for rule in ("grid.shops", "grid.work") for grid in ("east", "west")}
    old = {one["rule"] for one in kept["broken"] if not one["new"]}
    assert old == {"group.size"}, "groups of three were there before"
    revision = kept["revision"]
    dropped = matching(zhou, "DELETE", plan, revision).json()
    assert dropped["changes"] == []


def test_a_group_that_a_move_tears_apart_is_told_with_a_shop_to_look_at(
    as_: Callable[[str], Someone],
) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    told = moved(zhou, plan, {"moves": [{"shops": ["c-20"], "group": "east-1"}]}).json()["broken"]
    (torn,) = [one for one in told if one["rule"] == "group.apart"]
    assert (torn["subject"], torn["new"]) == ("east-1", True)
    assert torn["en"] == "Shop group 1 is in 2 parts (as c-20); its shops should be neighbours."


def test_moves_that_cannot_be_are_refused_with_a_sentence(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    for move, code in (
        ({"shops": ["c-99"], "grid": "west"}, "plan.shop"),
        ({"shops": ["c-10"], "grid": "north"}, "plan.grid"),
        ({"shops": ["c-10"], "group": "west-9"}, "plan.group"),
        ({"shops": ["c-10"], "group": "west-3", "grid": "east"}, "plan.other_grid"),
        ({"shops": ["c-10"], "grid": "north", "group": "new"}, "plan.grid"),
        ({"shops": ["c-10"]}, "plan.nowhere"),
        ({"shops": ["c-10", "c-30"], "group": "new"}, "plan.two_grids"),
    ):
        answer = moved(zhou, plan, {"moves": [move]})
        assert answer.json()["code"] == code
    assert zhou.post(f"/api/plans/{plan}/moves", TO_WEST).status_code == 428


def test_the_change_list_is_a_file_for_spreadsheets(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    plan = begun(zhou)
    moved(zhou, plan)
    answer = zhou.get(f"/api/plans/{plan}/changes.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("c-20,C-3,东格,西格,2,2,人工调整 Moved by hand,7,7")


def test_a_leader_sees_the_plans_that_touch_their_grid(as_: Callable[[str], Someone]) -> None:
    zhou, shen = as_("zhou"), as_("shen")
    east, west = begun(zhou), begun(zhou)
    moved(zhou, east, {"moves": [{"shops": ["c-10"], "group": "east-2"}]})
    moved(zhou, west, {"moves": [{"shops": ["c-30"], "group": "west-4"}]})
    assert [one["id"] for one in shen.get("/api/plans").json()] == [east]
    assert shen.get(f"/api/plans/{west}").status_code == 404


def test_premises_are_divided_and_joined_over_http(as_: Callable[[str], Someone]) -> None:
    zhou = as_("zhou")
    part = {"name_zh": "甲", "name_en": "A", "ring": [[0, 10], [2, 10], [2, 18], [0, 18]], "door": [1, 18]}
    made = zhou.post("/api/shops/c-10/parts", {"parts": [part | {"id": "c-10a"}, part | {"id": "c-10b"}]})
    assert made.json() == {"shops": ["c-10a", "c-10b"]}
    joined = zhou.post("/api/shops/joined", {"shops": ["c-10a", "c-10b"], "into": part | {"id": "c-10c"}})
    assert joined.json() == {"shops": ["c-10c"]}
    assert zhou.request("PUT", "/api/shops/c-10c/open", json={"open": False}).status_code == 204
    market = zhou.get("/api/market").json()["shops"]
    assert dict(zip(market["id"], market["open"], strict=True))["c-10c"] is False
