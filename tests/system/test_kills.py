"""kill -9 of every kind of process while alerts flow: each comes back, and no promise is lost or doubled."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.system.night import Night, night, until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.timeout(240), pytest.mark.long]
EDGES = ("edge-west", "edge-east")
VICTIMS = (
    ("edge.camera.reader",),
    ("edge", "run", "edge-west"),
    ("nats-server",),
    ("hub", "serve"),
)
NEW = re.compile(r"camera \S+: (\w+) new zone=\S+ event=([0-9a-f-]+)")


def rows(file: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as db:
        return db.execute(question).fetchall()


def events(running: Night) -> int:
    return int(str(rows(running.data / "hub.db", "SELECT count(*) FROM alarm_record")[0][0]))


def waiting(running: Night) -> bytes:
    """All that no edge had a receipt for when it ended."""
    files = [running.data / edge / "outbox.sqlite" for edge in EDGES]
    return b"".join(bytes(data) for file in files for (data,) in rows(file, "SELECT data FROM row"))  # type: ignore[call-overload]


def kill(running: Night, words: tuple[str, ...]) -> None:
    before = until(60, f"a process {words}", lambda: running.pids(*words))
    os.kill(min(before), signal.SIGKILL)
    until(
        60,
        f"{words} comes back",
        lambda: len(now := running.pids(*words)) >= len(before) and min(before) not in now,
    )


def test_killed_processes_come_back_and_no_promised_alert_is_missing_or_doubled(
    tmp_path: Path, vtest: Path
) -> None:
    assert vtest.exists()
    with night(tmp_path) as running:
        until(60, "events arrive", lambda: events(running) >= 3)
        for words in VICTIMS:
            kill(running, words)
            time.sleep(2)
        before = events(running)
        until(60, "alerts flow again", lambda: events(running) >= before + 3)
        running.end()
        promised_is_here_once(running)


def promised_is_here_once(running: Night) -> None:
    hub = running.data / "hub.db"
    assert missing(running) == []
    twice = "SELECT event FROM alarm_record WHERE phase = 'new' GROUP BY event HAVING count(*) > 1"
    assert rows(hub, twice) == []
    here = {str(event) for (event,) in rows(hub, "SELECT DISTINCT event FROM alarm_record")}
    seen = [match[2] for edge in EDGES for match in NEW.finditer(running.log(edge))]
    left = waiting(running)
    kept_unsaid = [event for event in seen if event not in here and event.encode() not in left]
    assert len(kept_unsaid) <= 1, "only what an edge was about to promise when it was killed may be missing"
    assert rows(hub, "SELECT count(*) FROM dead_letter") == [(0,)]


def missing(running: Night) -> list[tuple[object, int]]:
    """Numbers above an epoch's mark that the hub has not and that no edge holds any more."""
    hub = running.data / "hub.db"
    here = set(rows(hub, "SELECT epoch, seq FROM inbox"))
    files = [running.data / edge / "outbox.sqlite" for edge in EDGES]
    held = {row for file in files for row in rows(file, "SELECT epoch, seq FROM row")}
    last = rows(hub, "SELECT epoch, max(seq) FROM inbox GROUP BY epoch")
    whole = {epoch: int(str(upto)) for epoch, upto in rows(hub, "SELECT epoch, upto FROM inbox_mark")}
    numbers = (
        (epoch, seq) for epoch, most in last for seq in range(whole.get(epoch, 0) + 1, int(str(most)) + 1)
    )
    return [number for number in numbers if number not in here | held]
