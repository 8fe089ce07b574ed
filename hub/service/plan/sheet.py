"""The change list as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import policy
from hub.core.policy import Target
from hub.core.versions import REASON
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.plan import right
from hub.service.plan.cut import changes_of
from hub.service.plan.page import in_reach, shops_of
from hub.service.plan.row import label_of
from hub.store.market import Grid, ShopGroup

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.plan import Plan

View = dict[str, Any]
HEAD = (
    "编号 id",
    "铺位 shop",
    "现网格 grid",
    "改为 to",
    "现小组 group",
    "改为 to",
    "原因 why",
    "走 walk m",
    "改为 to",
)
BOM = "\ufeff"
"""Spreadsheets take a file without it for another encoding."""


def sheet(s: Session, actor: Actor, plan: str, now: datetime) -> bytes:
    """The change list as CSV in both languages; leaves a line.

    Raises:
        Refused: there is no such plan, or the actor may not see it.
    """
    row = right.seen(s, actor, plan)
    changes = in_reach(actor, row, changes_of(s, row))
    shops, grids = shops_of(s, changes), _called(s, row)
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(HEAD)
    for one in changes:
        words = REASON[one.reason]
        where = (one.grid_from, one.grid_to, one.group_from, one.group_to)
        places = (_safe(grids.get(part or "", part or "")) for part in where)
        walks = ("" if walk is None else f"{walk:.0f}" for walk in (one.walk_from, one.walk_to))
        label = _safe(label_of(shops[one.shop]))
        out.writerow((one.shop, label, *places, f"{words.zh} {words.en}", *walks))
    role = policy.authorize(actor, "plan.see", Target(next(iter(policy.scope(actor, "plan.see")))))
    public = {"plan": row.id, "number": row.number, "rows": len(changes)}
    evidence.append(s, row.market, Entry("plan.export", actor, role, public=public), now)
    return (BOM + text.getvalue()).encode()


def _called(s: Session, row: Plan) -> dict[str, str]:
    """Grids and groups as people call them, those of the plan too."""
    figures: View = row.figures
    found = {one["id"]: one["name"]["zh"] for one in figures.get("grids", [])}
    found |= {one["id"]: str(one["number"]) for one in figures.get("groups", [])}
    found |= {one.id: one.name_zh for one in s.scalars(select(Grid).where(Grid.market == row.market))}
    groups = s.scalars(select(ShopGroup).where(ShopGroup.market == row.market))
    return found | {one.id: str(one.number) for one in groups}


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
