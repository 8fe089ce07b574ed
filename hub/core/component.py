"""Components of the market by their words, when one is due to be seen again, and when it is too early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from datetime import date

Standing = Literal["good", "stale", "faulty", "missing"]

KIND: dict[str, Pair] = {
    "extinguisher": Pair("灭火器", "Extinguisher"),
    "hydrant": Pair("消火栓", "Hydrant"),
    "alarm_button": Pair("报警按钮", "Alarm button"),
    "smoke_detector": Pair("烟感探测器", "Smoke detector"),
    "sprinkler": Pair("喷淋", "Sprinkler"),
    "exit_light": Pair("应急照明", "Emergency light"),
    "exit_sign": Pair("疏散指示", "Exit sign"),
    "shutter": Pair("卷帘门", "Shutter"),
    "light": Pair("照明", "Light"),
    "electric_box": Pair("配电箱", "Electric box"),
    "first_aid_kit": Pair("急救箱", "First aid kit"),
    "notice_board": Pair("公告栏", "Notice board"),
}
OWNER: dict[str, Pair] = {
    "market": Pair("市场方", "The market"),
    "shop": Pair("商户", "The shop"),
    "property": Pair("物业公司", "Property company"),
    "fire": Pair("消防部门", "Fire service"),
    "utility": Pair("水电单位", "Utility company"),
    "municipal": Pair("市政部门", "City services"),
}
CONDITION: dict[str, Pair] = {
    "good": Pair("完好", "Good"),
    "faulty": Pair("有故障", "Faulty"),
    "missing": Pair("不见了", "Missing"),
}
"""What somebody who looks at one finds."""
STANDING: dict[Standing, Pair] = {
    "good": Pair("完好", "Good"),
    "stale": Pair("该核查了", "Due to be seen"),
    "faulty": Pair("有故障", "Faulty"),
    "missing": Pair("不见了", "Missing"),
}
LEAST_DAYS, MOST_DAYS = 1, 730
LEAST_MONTHS, MOST_MONTHS = 1, 120


@dataclass(frozen=True, slots=True)
class Limits:
    """What a market sets for its registers."""

    stale_days: int = 90
    """So long after somebody saw it an entry is stale."""
    gap_days: int = 30
    """So long nobody comes to the same premises again, unless something there was not in order."""
    term_months: int = 24
    """How long a centre shop is elected for."""


def standing(condition: str, verified: date, today: date, limits: Limits) -> Standing:
    """What is wrong with one first of all: that it is missing, faulty, or was not seen for too long."""
    if condition == "missing":
        return "missing"
    if condition == "faulty":
        return "faulty"
    return "stale" if (today - verified).days >= limits.stale_days else "good"


def too_early(last: date | None, today: date, limits: Limits, *, at_fault: bool) -> date | None:
    """The first day on which one may come again; None where one may today.

    Whoever was looked at lately is left in peace, but what was not in order may be seen to at any time.
    """
    if last is None or at_fault:
        return None
    free = last + timedelta(days=limits.gap_days)
    return free if today < free else None
