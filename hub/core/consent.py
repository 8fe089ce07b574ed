"""What stands between people who are asked and those who ask: covers and loans, in words."""

from __future__ import annotations

from hub.core.glossary import Pair

COVER: dict[str, Pair] = {
    "asked": Pair("等待同意", "Asked"),
    "agreed": Pair("已顶替", "Agreed"),
    "declined": Pair("不同意", "Declined"),
    "withdrawn": Pair("已撤回", "Withdrawn"),
    "lapsed": Pair("已失效", "Lapsed"),
}
LOAN: dict[str, Pair] = {
    "asked": Pair("等待同意", "Asked"),
    "agreed": Pair("已借调", "Lent"),
    "declined": Pair("不同意", "Declined"),
    "ended": Pair("已结束", "Ended"),
}
