"""The four levels from the grid to the district, and what each has to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hub.core.glossary import Pair

Level = Literal["grid", "market", "street", "district"]
LEVEL: dict[Level, Pair] = {
    "grid": Pair("网格", "Grid"),
    "market": Pair("市场", "Market"),
    "street": Pair("街道", "Street"),
    "district": Pair("区", "District"),
}
LEADS: dict[Level, Pair] = {
    "grid": Pair("网格长", "Grid leader"),
    "market": Pair("市场经理", "Market manager"),
    "street": Pair("街道负责人", "Street officer"),
    "district": Pair("区负责人", "District officer"),
}
EVERY: dict[str, Pair] = {
    "shift": Pair("每班", "every shift"),
    "day": Pair("每天", "every day"),
    "week": Pair("每周", "every week"),
    "month": Pair("每月", "every month"),
    "quarter": Pair("每季度", "every quarter"),
    "need": Pair("有事就做", "when it is needed"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a level does, and how often."""

    words: Pair
    every: str


TASKS: dict[Level, tuple[Task, ...]] = {
    "grid": (
        Task(Pair("巡逻至少两轮，营业时每两小时巡一次火", "two rounds; a fire round every two hours"), "day"),
        Task(Pair("关门后清场，邻里互查", "a closing sweep; neighbours check each other"), "day"),
        Task(Pair("接告警、到现场、先处置、再上报", "take alerts, go there, act, then report"), "need"),
        Task(Pair("走访商铺，核查部件和联系人", "survey shops, check components and contacts"), "month"),
        Task(Pair("带好十户联防小组，轮值不断档", "lead the shop groups; no turn is left out"), "week"),
    ),
    "market": (
        Task(
            Pair("机房值守不断人，交接写清楚", "the control room is never empty; handovers in writing"),
            "shift",
        ),
        Task(
            Pair("受理、派遣、核查案件，超时督办", "accept, dispatch, verify cases; chase what is late"),
            "need",
        ),
        Task(Pair("排班、培训、演练、发放装备", "roster, training, drills, equipment"), "month"),
        Task(Pair("调整网格和小组，聘任网格长", "change grids and groups, appoint leaders"), "need"),
        Task(Pair("查隐患，限期整改，复查销号", "find dangers, set a date, look again"), "week"),
    ),
    "street": (
        Task(
            Pair("协调各市场和职能部门，派人支援", "bring markets and agencies together; send help"), "need"
        ),
        Task(Pair("审批市场报上来的授权和方案", "decide on grants and plans that markets send"), "need"),
        Task(Pair("抽查值班、巡逻和案件", "sample duty, rounds and cases"), "month"),
    ),
    "district": (
        Task(Pair("定考核办法，通报各市场成绩", "set how markets are assessed; publish it"), "quarter"),
        Task(Pair("督办超时的重大案件", "see to grave cases that are late"), "need"),
        Task(Pair("组织跨市场演练", "hold drills of several markets"), "quarter"),
    ),
}
"""Level → its tasks; no task stands at two levels."""
