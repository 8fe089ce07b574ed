"""A market's past: a year of events, alerts, cases and ledger lines, as they would lie in a database.

One alert an event; every fifth is confirmed and becomes a case that was closed, the newest are still open.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from hub.core.deadline import CURRENT
from hub.core.severity import grade
from hub.demo.load import MARKET
from hub.store.base import Base
from hub.store.bulk import pour
from hub.store.camera import Camera
from hub.store.case import searched
from hub.store.market import ShopGroup
from hub.store.partition import make, months

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Engine

Row = dict[str, Any]
Rows = dict[str, list[Row]]
YEAR = timedelta(days=365)
KINDS = ("intrusion", "linger", "crowd", "left", "line")
CASE_EVERY = 5
LETTER_EVERY = 50
OPEN = 200
"""The newest alerts are open, and as many of the newest cases."""
AT_ONCE = 2000
"""Events that one transaction pours."""
WAY = (
    ("report", "REPORTED", "lin-xiao", "monitor"),
    ("accept", "ACCEPTED", "he-suqin", "desk"),
    ("dispatch", "DISPATCHED", "qin-chuan", "dispatcher"),
    ("acknowledge", "HANDLING", "qiu-zhishui", "guard"),
    ("on_scene", "HANDLING", "qiu-zhishui", "guard"),
    ("note", "HANDLING", "qiu-zhishui", "guard"),
    ("handle", "HANDLED", "qiu-zhishui", "guard"),
    ("verify_close", "CLOSED", "gu-yan", "desk"),
)
"""Acts of a case, a quarter of an hour each: act, stage after it, by whom, in which role."""
ORDER = (
    "case",
    "alert",
    "alert_event",
    "case_alert",
    "case_mark",
    "case_part",
    "alarm_record",
    "media",
    "line",
    "dead_letter",
)


@dataclass(slots=True)
class Past:
    """What is known while the past is made; `lines` counts from the ledger's last id."""

    events: int
    begins: datetime
    cameras: list[tuple[str, str, str | None]]
    groups: dict[str, list[str]]
    lines: int
    random: Random = field(default_factory=lambda: Random(7))

    def at(self, number: int) -> datetime:
        """When the event of this number happened."""
        return self.begins + YEAR * (number / self.events)


def fill(on: Engine, events: int, now: datetime) -> dict[str, int]:
    """Pour a year that ends just before `now`; how many rows each table got."""
    counts: dict[str, int] = defaultdict(int)
    with on.begin() as connection:
        past = _known(connection, events, now)
        for table in ("line", "alarm_record"):
            make(connection, table, months(past.begins, now))
    for first in range(0, events, AT_ONCE):
        rows: Rows = defaultdict(list)
        for number in range(first, min(first + AT_ONCE, events)):
            _event(rows, past, number)
        with on.begin() as connection:
            for table in ORDER:
                counts[table] += pour(connection, Base.metadata.tables[table], rows[table])
    with on.begin() as connection:
        if on.dialect.name == "postgresql":
            connection.execute(text("SELECT setval('line_id_seq', :last)"), {"last": past.lines})
            connection.execute(text("ANALYZE"))
    return counts


def _known(connection: Connection, events: int, now: datetime) -> Past:
    cameras = select(Camera.id, Camera.grid, Camera.device).where(Camera.market == MARKET)
    groups: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(select(ShopGroup.id, ShopGroup.grid).where(ShopGroup.market == MARKET)):
        groups[row.grid].append(row.id)
    last = connection.scalar(text("SELECT max(id) FROM line")) or 0
    found = [(row.id, row.grid, row.device) for row in connection.execute(cameras.order_by(Camera.id))]
    return Past(events, now - YEAR, found, groups, last)


def _event(rows: Rows, past: Past, number: int) -> None:
    camera, grid, device = past.cameras[past.random.randrange(len(past.cameras))]
    group = past.random.choice(past.groups[grid]) if number % 4 == 0 else None
    kind, at = KINDS[number % len(KINDS)], past.at(number)
    ids = {"alert": id_of("a", number), "event": id_of("e", number), "record": id_of("d", number)}
    place: Row = {"grid": grid, "group": group, "place_zh": f"{camera} 号巷", "place_en": f"Aisle {camera}"}
    place |= {"x": 1.0, "y": 2.0}
    case = id_of("c", number) if number % CASE_EVERY == 0 and number < past.events - OPEN else None
    if case:
        _case(rows, past, number, place, kind)
        rows["case_alert"].append({"alert": ids["alert"], "case": case})
    rows["alert"].append(_alert(past, number, ids["alert"], camera, place, kind, case))
    rows["alert_event"].append({"event": ids["event"], "alert": ids["alert"]})
    rows["alarm_record"].append(_record(ids, camera, device or "edge", kind, at))
    said = {
        "number": f"A-{number}",
        "kind": kind,
        "severity": 1,
        "state": "NEW",
        "count": 1,
        "camera": camera,
    }
    _line(rows, past, at, "alert.new", "device", alert=ids["alert"], public=said | {"version": 1})
    if number < past.events - OPEN:
        act = "alert.confirm" if case else "alert.dismiss"
        minute = at + timedelta(minutes=1)
        _line(
            rows, past, minute, act, "monitor", "lin-xiao", alert=ids["alert"], public=said | {"version": 2}
        )
    if number % LETTER_EVERY == 0:
        rows["dead_letter"].append(_letter(number, device or "edge", at))
    if case:
        rows["media"].append(_still(number, case, ids, camera, at))


def _alert(past: Past, number: int, id_: str, camera: str, place: Row, kind: str, case: str | None) -> Row:
    at, done = past.at(number), number < past.events - OPEN
    minute = at + timedelta(minutes=1) if done else None
    decided = {"decided_by": "lin-xiao" if done else None, "decided_at": minute, "ack_at": minute}
    state = ("CONFIRMED" if case else "DISMISSED") if done else "NEW"
    key = f"{kind}|{camera}|zone-1"
    marks = {"first_at": at, "last_at": at, "received_at": at, "ack_from": at, "ack_due": None}
    return (
        {"id": id_, "market": MARKET, "number": f"A-{number:07d}", "kind": kind, "state": state, "key": key}
        | {
            "severity": grade(kind, "normal", critical=False),
            "device": None,
            "camera": camera,
            "zone": "zone-1",
        }
        | {"count": 1, "score": 0.9, "trust": "normal", "seconds": 3.0, "reason": None, "boxes": []}
        | {"still": None, "clip": None, "open_key": None, "ack_run": 1, "lease_person": None}
        | {"lease_until": None, "dismissal": None if case or not done else "animal", "parent": None}
        | {"case": case, "next_due_at": None, "drill": False, "version": 2}
        | place
        | marks
        | decided
    )


def _record(ids: Row, camera: str, device: str, kind: str, at: datetime) -> Row:
    body = {"v": "1.0", "id": ids["record"], "device": device, "at": at.isoformat(), "kind": kind}
    body["body"] = {"camera": camera, "boxes": [[0.1, 0.2, 0.3, 0.4, 0.9]] * 6}
    return (
        {"id": ids["record"], "market": MARKET, "device": device, "event": ids["event"], "phase": "new"}
        | {"kind": kind, "camera": camera, "zone": "zone-1", "began": at, "at": at, "received_at": at}
        | {"clock_source": "ntp", "clock_offset_ms": 1.0, "body": body, "thumb": None}
    )


def _case(rows: Rows, past: Past, number: int, place: Row, kind: str) -> None:
    id_, opened = id_of("c", number), past.at(number) + timedelta(minutes=1)
    steps = WAY if number < past.events - OPEN * CASE_EVERY else WAY[: 1 + number % (len(WAY) - 1)]
    closed = opened + timedelta(minutes=15 * len(steps)) if len(steps) == len(WAY) else None
    ends = {"shift_ends": opened + timedelta(hours=8), "opened_at": opened, "closed_at": closed}
    told = {
        "number": f"LF-{opened:%Y%m%d}-{number:07d}",
        "title_zh": f"{place['place_zh']}夜间闯入 {number}",
        "title_en": f"Intrusion at {place['place_en']}",
    }
    rows["case"].append(
        told
        | {"id": id_, "market": MARKET, "kind": kind}
        | {"severity": 2, "stage": steps[-1][1], "stage_before": None, "channel": "camera", "reporter": None}
        | {"words": searched("\n".join([*told.values(), place["place_zh"], place["place_en"]]))}
        | {"reporter_name": None, "tracking_code": f"T{number:09d}", "unit_kind": "crew", "unit": "crew-3"}
        | {"root": None, "policy": CURRENT, "next_due_at": None, "review_at": None, "asked": None}
        | {"rework": 0, "reopen": 0, "wrong_dispatch": 0, "result": "solved" if closed else None}
        | {"seq": len(steps), "last_line": past.lines + len(steps), "version": len(steps)}
        | place
        | ends
    )
    before, previous, seen = None, None, set[str]()
    for seq, (act, stage, person, role) in enumerate(steps, 1):
        at = opened + timedelta(minutes=15 * (seq - 1))
        numbers = {"case_seq": seq, "case_prev": previous, "stage_from": before, "stage_to": stage}
        public = {"kind": kind, "severity": 2, "zh": "1 组", "en": "Crew 1", "result": "solved"}
        previous = _line(rows, past, at, f"case.{act}", role, person, case=id_, public=public, **numbers)
        before = stage
        if act != "note":
            mark = {"case": id_, "seq": seq, "at": at, "act": act, "stage": stage, "person": person}
            rows["case_mark"].append(mark)
        if person not in seen:
            side = "handling" if role in ("guard", "dispatcher") else "supervision"
            part = {"case": id_, "person": person, "side": side, "part": act, "at": at, "opened_at": opened}
            rows["case_part"].append(part)
            seen.add(person)


def _line(
    rows: Rows, past: Past, at: datetime, act: str, role: str, actor: str | None = None, **more: Any
) -> int:
    past.lines += 1
    line = {
        "id": past.lines,
        "market": MARKET,
        "case": None,
        "alert": None,
        "case_seq": None,
        "case_prev": None,
    }
    line |= {"at": at, "clock_state": "hub", "actor": actor, "role": role, "armband": None, "act": act}
    rows["line"].append(line | {"stage_from": None, "stage_to": None, "commitment": None} | more)
    return past.lines


def _still(number: int, case: str, ids: Row, camera: str, at: datetime) -> Row:
    return (
        {
            "id": id_of("b", number),
            "market": MARKET,
            "sha256": f"{number:064x}",
            "size": 40_000,
            "role": "still",
        }
        | {"type": "image/jpeg", "camera": camera, "event": ids["event"], "alert": ids["alert"]}
        | {"case": case, "at": at, "ended": None}
    )


def _letter(number: int, device: str, at: datetime) -> Row:
    topic, reason = f"lf/v1/{MARKET}/{device}/event", "Object contains unknown field `face`"
    decided = {"state": "open" if number % 3 else "dropped", "person": None, "decided_at": None, "size": 900}
    row = {"id": id_of("f", number), "market": MARKET, "device": device, "topic": topic, "reason": reason}
    return row | {"payload": b"{}" * 450, "received_at": at} | decided


def id_of(letter: str, number: int) -> str:
    """As long as a real one, and rising with time like it."""
    return f"{number:08x}-0000-7000-8000-{letter * 12}"
