"""Events here and alarms there: two tables, since neither side has a word for all that the other knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bridge.gb28181.scdp import Notice
from edge.envelope import PRIO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from wire.message import EventKind, Prio

DEVICE, VIDEO, FAULT, OTHER = 2, 5, 6, 7
"""AlarmMethod: 1 by telephone, 2 a device, 3 by SMS, 4 by GPS, 5 a video, 6 a device's fault, 7 other."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What an alarm is: AlarmMethod, and the AlarmType that this method knows, if any."""

    method: int
    type: int | None = None


OUT: Mapping[EventKind, tuple[Sort, str]] = {
    "intrusion": (Sort(VIDEO, 6), "禁入区有人"),
    "line": (Sort(VIDEO, 5), "越线"),
    "linger": (Sort(VIDEO, 8), "长时间逗留"),
    "crowd": (Sort(VIDEO, 10), "人群聚集"),
    "left": (Sort(VIDEO, 3), "遗留物品"),
    "removed": (Sort(VIDEO, 4), "物品移走"),
    "blocked": (Sort(VIDEO, 3), "通道占用"),
    "vehicle": (Sort(VIDEO, 6), "车辆闯入"),
    "fire": (Sort(OTHER), "明火"),
    "smoke": (Sort(OTHER), "烟雾"),
    "covered": (Sort(VIDEO, 13), "画面被遮挡"),
    "defocused": (Sort(VIDEO, 11), "画面失焦"),
    "moved": (Sort(VIDEO, 11), "机位移动"),
    "dazzled": (Sort(VIDEO, 11), "画面过曝"),
    "frozen": (Sort(VIDEO, 11), "画面冻结"),
    "lost": (Sort(DEVICE, 1), "画面中断"),
}
"""Kind of event → what alarm it is, and its words. There is no type for fire: whoever reads has the words."""
EARLIER: Mapping[Sort, Sort] = {Sort(VIDEO, 13): Sort(VIDEO, 11)}
"""What the edition of 2016 has no type for."""
IN: Mapping[Sort, EventKind] = {
    Sort(DEVICE, 1): "lost",
    Sort(DEVICE, 2): "moved",
    Sort(DEVICE, 3): "hole",
    Sort(VIDEO, 3): "left",
    Sort(VIDEO, 4): "removed",
    Sort(VIDEO, 5): "line",
    Sort(VIDEO, 6): "intrusion",
    Sort(VIDEO, 7): "line",
    Sort(VIDEO, 8): "linger",
    Sort(VIDEO, 10): "crowd",
    Sort(VIDEO, 11): "defocused",
    Sort(VIDEO, 13): "covered",
    Sort(FAULT, 1): "hole",
}
"""The other way: 2 tampering, 3 a full disk, 7 against the direction, 11 something wrong with the picture.
Not here: mere movement (5/2), flow (5/9) and speed (5/12) are no events; heat, cold and fans are no matter of
a market's."""
PRIORITY: Mapping[Prio, int] = {"p0": 1, "p1": 2, "p2": 3, "p3": 4}
"""How soon here → AlarmPriority, 1 the gravest."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An event on its way to the platforms above."""

    camera: str
    kind: EventKind
    when: datetime
    """In the market's own time."""
    zone: str | None = None
    reason: str | None = None


def notice(alarm: Alarm, code: str, number: int, edition: str) -> Notice:
    """The alarm as annex A.2.5 tells it; `code` is the camera's, the kind one of `OUT`."""
    sort, words = OUT[alarm.kind]
    sort = EARLIER.get(sort, sort) if edition == "2016" else sort
    more = " ".join(part for part in (words, alarm.zone, alarm.reason) if part)
    fields = {
        "AlarmPriority": str(PRIORITY[PRIO.get(alarm.kind, "p2")]),
        "AlarmMethod": str(sort.method),
        "AlarmTime": alarm.when.strftime("%Y-%m-%dT%H:%M:%S"),
        "AlarmDescription": more,
    }
    if sort.type is not None:
        fields["Info/AlarmType"] = str(sort.type)
    return Notice("Notify", "Alarm", number, code, fields)


def sort_of(told: Notice) -> Sort | None:
    """What kind of alarm a device tells; None where it says none."""
    method = _number(told.fields.get("AlarmMethod", ""))
    return None if method is None else Sort(method, _number(told.fields.get("Info/AlarmType", "")))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else None
