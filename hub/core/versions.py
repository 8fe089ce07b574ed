"""The life of a plan, and what can be said of grids and groups without walking them: the pure rules.

A plan is drawn up, submitted by one, approved by another, and applied on its day. What is not in MOVES is
refused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hub.core.ground import Shop


class State(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    UNDONE = "undone"


class Act(StrEnum):
    """What can be done to a plan."""

    CHANGE = "change"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    APPLY = "apply"
    UNDO = "undo"
    DISCARD = "discard"


MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.CHANGE): State.DRAFT,
    (State.DRAFT, Act.DISCARD): State.DRAFT,
    (State.DRAFT, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Act.APPROVE): State.APPROVED,
    (State.SUBMITTED, Act.REJECT): State.REJECTED,
    (State.APPROVED, Act.WITHDRAW): State.WITHDRAWN,
    (State.APPROVED, Act.APPLY): State.APPLIED,
    (State.APPROVED, Act.UNDO): State.UNDONE,
    (State.APPLIED, Act.UNDO): State.UNDONE,
}
WITHDRAW_WITHIN = timedelta(hours=24)
"""After it was submitted."""
BY: dict[Act, str] = {
    **dict.fromkeys((Act.CHANGE, Act.SUBMIT, Act.WITHDRAW, Act.DISCARD), "plan.change"),
    **dict.fromkeys((Act.APPROVE, Act.REJECT, Act.UNDO), "plan.approve"),
}
"""The right that each act of a person asks for."""

STATE: dict[str, Pair] = {
    "draft": Pair("草稿", "Draft"),
    "submitted": Pair("待批准", "Waits for approval"),
    "approved": Pair("已批准，待生效", "Approved, not yet in force"),
    "applied": Pair("已生效", "In force"),
    "withdrawn": Pair("已撤回", "Withdrawn"),
    "rejected": Pair("已驳回", "Rejected"),
    "undone": Pair("已撤销", "Undone"),
}
KIND: dict[str, Pair] = {
    "grids": Pair("重新划格", "Grids and groups anew"),
    "groups": Pair("重编十户组", "Groups anew"),
    "hand": Pair("人工调整", "By hand"),
}
REASON: dict[str, Pair] = {
    "relief": Pair("原网格任务偏重，减量", "Its grid has more work than the others"),
    "balance": Pair("新网格任务偏轻，补量", "The other grid has less work than the others"),
    "border": Pair(
        "整段并入，边界沿街巷", "Goes with its stretch of aisle, so that the border follows a street"
    ),
    "regrid": Pair("随网格调整重编小组", "Its group follows the new grid"),
    "fill": Pair("补齐十户组", "Fills a group of ten"),
    "split": Pair("原小组拆分", "Its group is divided"),
    "gone": Pair("原小组并入邻组", "Its group goes to its neighbours"),
    "hand": Pair("人工调整", "Moved by hand"),
}
FIGURE: dict[str, tuple[Pair, str]] = {
    "moved_grid": (Pair("换网格的户", "Shops with another grid"), "count"),
    "work_deviation": (Pair("工作量最大偏差", "Largest deviation of work"), "share"),
    "apart": (Pair("网格不连片", "Grids that do not hang together"), "count"),
    "halls_cut": (Pair("被切开的厅", "Halls that are cut"), "count"),
    "runs_cut": (Pair("被切开的通道段", "Runs of an aisle that are cut"), "count"),
    "walk_m": (Pair("走到网格中心合计", "Walks to the grids' centres, in sum"), "metres"),
    "moved_group": (Pair("换组的户", "Shops with another group"), "count"),
    "groups": (Pair("十户组数", "Groups"), "count"),
    "odd_sizes": (Pair("户数不合的组", "Groups of too few or too many"), "count"),
    "broken": (Pair("不连片的组", "Groups that do not hang together"), "count"),
    "elect": (Pair("要重选中心商户的组", "Groups that choose a centre shop anew"), "count"),
}
"""What is said of a plan before and after it, in this order: its words and its unit; less is better."""
ODDITY: dict[str, Pair] = {
    "size": Pair(
        "这一段通道只能编成 {count} 户的小组", "This run of an aisle leaves a group of {count} shops"
    ),
    "size-kept": Pair(
        "不动其他小组，只能编成 {count} 户", "With the other groups kept, a group of {count} shops"
    ),
    "work_band": Pair("任务量为 {count}，超出允许范围", "Its work is {count}, outside the band"),
    "shops_band": Pair("营业商铺 {count} 户，超出允许范围", "It has {count} open shops, outside the band"),
    "run_cut": Pair("这一段通道分属 {count} 个网格", "This run of an aisle is in {count} grids"),
}
"""What no plan can avoid; a rule that is not in it is shown by its name."""
ANEW = "new"
"""Asks for a group that is not there yet."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a shop belongs; no group while a market has not been cut into any."""

    grid: str
    group: str | None


Seats = dict[str, Seat]
"""Shop → where it belongs."""


def moved(state: State, act: Act) -> State:
    """Where the plan stands after `act`.

    Raises:
        Refused: this cannot be done to it now.
    """
    if (state, act) not in MOVES:
        words = STATE[state]
        en = f"This plan is in another state ({words.en.lower()}): look at it anew."
        raise Refused("stage", "plan.state", en, f"方案当前为“{words.zh}”，不能这样操作，请刷新后查看。")
    return MOVES[state, act]


def deviation(work: Mapping[str, float]) -> float | None:
    """Largest share by which one grid's work differs from the mean; None without grids."""
    mean = sum(work.values()) / len(work) if work else 0.0
    return max(abs(one - mean) for one in work.values()) / mean if mean else None


def sums(of: Mapping[str, str], weights: Mapping[str, float]) -> dict[str, float]:
    """Grid or group → what its shops weigh together."""
    found: defaultdict[str, float] = defaultdict(float)
    for shop, where in of.items():
        found[where] += weights[shop]
    return dict(found)


def load(shop: Shop) -> float:
    """What caring for it takes; a closed one takes nothing."""
    return shop.work if shop.open else 0.0


def sizes(seats: Mapping[str, Seat]) -> Counter[str]:
    """Group → how many shops are in it."""
    return Counter(seat.group for seat in seats.values() if seat.group)


def apart(seats: Mapping[str, Seat]) -> list[str]:
    """Groups whose shops are not all in one grid."""
    grids: defaultdict[str, set[str]] = defaultdict(set)
    for seat in seats.values():
        if seat.group:
            grids[seat.group].add(seat.grid)
    return sorted(group for group, found in grids.items() if len(found) > 1)


def labelled(names: Iterable[str]) -> str:
    """A stretch of neighbours in a few words: `C-101 … C-108`, `C-055、C-056`, or one name."""
    ordered = list(names)
    pair = 2
    return "、".join(ordered) if len(ordered) <= pair else f"{ordered[0]} … {ordered[-1]}"
