"""The lines of a change list: stretches of neighbours with one change, as people read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hub.core.versions import labelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hub.store.market import Shop
    from hub.store.plan import PlanChange

DIGITS = re.compile(r"(\d+)")


def rows_of(changes: Sequence[PlanChange], shops: Mapping[str, Shop]) -> list[dict[str, Any]]:
    """One line for each stretch on one street that changes alike: those of grids first, largest first."""
    alike: dict[tuple[Any, ...], list[PlanChange]] = {}
    for one in changes:
        groups = () if one.grid_from != one.grid_to else (one.group_from, one.group_to)
        key = (one.grid_from, one.grid_to, *groups, one.reason, shops[one.shop].street)
        alike.setdefault(key, []).append(one)
    found = [_row(some, shops) for some in alike.values()]
    return sorted(found, key=lambda row: (row["grid_from"] == row["grid_to"], -row["count"], row["label"]))


def label_of(shop: Shop) -> str:
    """What a shop is called on a list."""
    return shop.name_zh


def natural(text: str) -> list[tuple[int, str]]:
    """A key by which C-9 comes before C-10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in DIGITS.split(text)]


def _row(some: list[PlanChange], shops: Mapping[str, Shop]) -> dict[str, Any]:
    some = sorted(some, key=lambda one: natural(label_of(shops[one.shop])))
    first = some[0]
    one_group = len({(one.group_from, one.group_to) for one in some}) == 1
    return {
        "shops": [one.shop for one in some],
        "label": labelled(label_of(shops[one.shop]) for one in some),
        "count": len(some),
        "grid_from": first.grid_from,
        "grid_to": first.grid_to,
        "group_from": first.group_from if one_group else None,
        "group_to": first.group_to if one_group else None,
        "reason": first.reason,
        "walk_from": _mean([one.walk_from for one in some]),
        "walk_to": _mean([one.walk_to for one in some]),
    }


def _mean(walks: list[float | None]) -> float | None:
    known = [walk for walk in walks if walk is not None]
    return round(sum(known) / len(known), 1) if known else None
