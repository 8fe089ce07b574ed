"""Equipment of workrooms and tasks of the staff, in words, and when a task is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from datetime import date

KIND: dict[str, Pair] = {
    "vehicle": Pair("巡逻车", "Patrol vehicle"),
    "radio": Pair("对讲机", "Radio"),
    "lamp": Pair("手电", "Torch"),
    "vest": Pair("防护背心", "Vest"),
    "aid": Pair("急救包", "First aid kit"),
    "extinguisher": Pair("灭火器", "Extinguisher"),
    "key": Pair("钥匙", "Keys"),
    "other": Pair("其他装备", "Other"),
}
STATE: dict[str, Pair] = {
    "in": Pair("在库", "In"),
    "out": Pair("借出", "Out"),
    "repair": Pair("维修", "Being mended"),
    "retired": Pair("停用", "Used no more"),
}
MOVES: dict[str, frozenset[str]] = {
    "in": frozenset({"out", "repair", "retired"}),
    "out": frozenset({"in", "repair"}),
    "repair": frozenset({"in", "retired"}),
    "retired": frozenset(),
}
"""State → the states that may follow it; everything else is refused."""
TASK: dict[str, Pair] = {
    "drill": Pair("应急演练", "Drill"),
    "training": Pair("培训", "Training"),
    "certificate": Pair("证书到期", "Certificate ends"),
    "other": Pair("其他任务", "Other"),
}
STANDING: dict[str, Pair] = {
    "overdue": Pair("已超期", "Overdue"),
    "soon": Pair("快到期", "Due soon"),
    "open": Pair("待办", "Open"),
    "done": Pair("已完成", "Done"),
}
SOON_DAYS = 7


def standing(due: date, today: date, *, done: bool) -> str:
    """done, overdue, soon or open."""
    if done:
        return "done"
    if due < today:
        return "overdue"
    return "soon" if (due - today).days < SOON_DAYS else "open"
