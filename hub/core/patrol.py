"""Words and rules of patrols: kinds, reasons, the checklist, when rounds are due, how one is drawn."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from hub.core.glossary import Pair
from hub.core.rounds import chance, chosen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

KIND: dict[str, Pair] = {
    "round": Pair("日常巡逻", "Round"),
    "fire": Pair("防火巡查", "Fire round"),
    "sweep": Pair("清场检查", "Closing sweep"),
    "key": Pair("重点部位", "Key points"),
    "danger": Pair("隐患检查", "Danger check"),
}
"""Kinds of plans and of their rounds."""

MINUTES = {"round": 120, "fire": 60, "sweep": 60, "key": 30, "danger": 240}
"""So long a round may take unless its plan says otherwise."""

STATE: dict[str, Pair] = {
    "planned": Pair("待巡", "Planned"),
    "walking": Pair("巡逻中", "Under way"),
    "done": Pair("已完成", "Done"),
    "missed": Pair("漏巡", "Missed"),
}

SKIP: dict[str, Pair] = {
    "locked": Pair("门锁着", "The door is locked"),
    "blocked": Pair("通道被堵", "The way is blocked"),
    "sign": Pair("码牌损坏或不见", "The sign is damaged or gone"),
    "unsafe": Pair("有危险，不能靠近", "It is not safe to go near"),
    "called": Pair("被叫去处置案件", "Called away to a case"),
    "other": Pair("其他", "Other"),
}
"""Why a point was not reached."""

CHECKLIST: dict[str, Pair] = {
    "exits": Pair("疏散通道、安全出口畅通", "Ways out are free"),
    "extinguishers": Pair("灭火器在位有效", "Extinguishers are there and good"),
    "hydrants": Pair("消火栓无遮挡", "Hydrants stand free"),
    "shutters": Pair("防火卷帘下无堆放", "Nothing stands below fire shutters"),
    "wiring": Pair("无私拉乱接电线", "No makeshift wiring"),
    "storage": Pair("无违规堆放易燃物", "Nothing inflammable is piled up"),
    "charging": Pair("电动车未进楼充电", "No e-bike is charged indoors"),
    "gas": Pair("燃气用具无异常", "Gas appliances are in order"),
}
"""What a danger check looks at."""

FOUND: dict[str, Pair] = {
    "good": Pair("正常", "In order"),
    "bad": Pair("有隐患", "Danger found"),
    "none": Pair("无此项", "Not here"),
}

BY: dict[str, Pair] = {
    "qr": Pair("二维码", "QR code"),
    "nfc": Pair("NFC 标签", "NFC tag"),
    "gps": Pair("定位", "Position"),
    "hand": Pair("手输", "Typed in"),
}

EARLY = timedelta(minutes=15)
"""So long before it is due a round may be started."""
LATE = timedelta(minutes=15)
"""A round that nobody has started so long after it was due is late."""
STRAGGLERS = timedelta(days=7)
"""So long what was done without a network still counts."""
MOST_TIMES = 48
LONE_MINUTES = (5, 120)
LONE_GRAVE = timedelta(minutes=5)
"""So long after it lapsed without an answer, it is as grave as a call for help."""

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def every(begins: time, ends: time, minutes: int) -> list[str]:
    """Times from `begins` to `ends`, both included, so far apart; past midnight where `ends` is earlier."""
    first = begins.hour * 60 + begins.minute
    last = ends.hour * 60 + ends.minute
    last += 24 * 60 if last < first else 0
    return [f"{at // 60 % 24:02}:{at % 60:02}" for at in range(first, last + 1, minutes)]


def due(times: Iterable[str], day: date, zone: ZoneInfo) -> list[datetime]:
    """When rounds are due on the market's day, UTC, each moment once though a clock is set forward."""
    local = (datetime.combine(day, time.fromisoformat(text), zone) for text in times)
    return sorted({at.astimezone(UTC) for at in local})


def drawn(points: Sequence[str], mix: Sequence[dict[str, Any]] | None, seed: str) -> tuple[list[str], float]:
    """The order that `seed` draws, and minutes by which it sets out later; the same for whoever draws again.

    Without a mix the round begins anywhere and goes either way; what the plan has lost since is left out.
    """
    there = list(points)
    if not there:
        return [], 0.0
    if mix:
        one = mix[chosen([float(one["weight"]) for one in mix], seed)]
        return [point for point in one["order"] if point in there], float(one["offset_min"])
    way, first = divmod(int(chance(seed) * 2 * len(there)), len(there))
    turned = there[first:] + there[:first]
    return (turned if way == 0 else [turned[0], *reversed(turned[1:])]), 0.0
