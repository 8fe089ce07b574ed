"""What grids and groups are to keep to, as a plan says it; what it does not say is as usual."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hub.core.planned import GridRule, GroupRule
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from hub.store.plan import Plan

SECONDS = 120.0


def grid_rule(row: Plan) -> GridRule:
    """Of the plan's grids."""
    return replace(GridRule(), **_said(row, "grid", GridRule.__slots__))


def group_rule(row: Plan) -> GroupRule:
    """Of the plan's groups."""
    return replace(GroupRule(), **_said(row, "group", GroupRule.__slots__))


def is_anew(row: Plan, what: str) -> bool:
    """Whether `what` (grid or group) is cut as if it had never been cut."""
    return bool(row.asked.get(what, {}).get("anew"))


def count_of(row: Plan) -> int | None:
    """How many grids are wanted; None: as many as there are."""
    wanted: int | None = row.asked.get("grid", {}).get("grids")
    return wanted


def seconds_of(row: Plan) -> float:
    """How long the solver may take."""
    return float(row.asked.get("seconds", SECONDS))


def refuse_odd(asked: dict[str, Any]) -> None:
    """Let no rule contradict itself.

    Raises:
        Refused: the least is more than the usual, or that more than the most.
    """
    said = {name: value for name, value in asked.get("group", {}).items() if value is not None}
    rule = replace(GroupRule(), **{name: said[name] for name in GroupRule.__slots__ if name in said})
    if not rule.least <= rule.usual <= rule.most:
        en = "The usual size of a group lies between the least and the most."
        raise Refused("input", "plan.sizes", en, "小组常用户数须在最少与最多之间。")


def _said(row: Plan, what: str, names: tuple[str, ...]) -> dict[str, Any]:
    said = row.asked.get(what, {})
    return {name: said[name] for name in names if said.get(name) is not None}
