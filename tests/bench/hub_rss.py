"""`python -m tests.bench.hub_rss`: the memory of a hub that serves the reference market, its broker apart.

Meanwhile a device tells 50 events a second, walls listen, pages are asked for again and again, and alerts
become cases. What counts is the most that was ever held.
"""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from tests.bench.device import device
from tests.bench.report import report
from tests.edge.market import wait_for
from tests.hub.app.running import Running

if TYPE_CHECKING:
    import httpx2

EVENTS, EACH_SECOND, ZONES = 1000, 50, 50
WALLS = 3
LOOKS = 20
PAGES = ("/", "/api/session", "/api/market", "/api/wall", "/api/alerts?state=all", "/api/cases")
CASES = 10
KB, MB = 1024, 1e6


def held(pid: int, what: str) -> float:
    """Megabytes: `VmRSS` now, or `VmHWM` at most ever."""
    found = re.search(rf"^{what}:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found, what
    return int(found[1]) * KB / MB


def listen(hub: Running) -> None:
    """A wall that stays open until the hub stops."""
    with hub.sign_in("monitor") as person, person.stream("GET", "/api/feed") as news:
        for _ in news.iter_lines():
            pass


def work(person: httpx2.Client) -> dict[str, int]:
    """Look at everything, make cases of alerts; how much was seen."""
    for _ in range(LOOKS):
        for page in PAGES:
            person.get(page).raise_for_status()
    alerts = person.get("/api/wall").json()["alerts"]
    for alert in alerts[:CASES]:
        case = person.post(f"/api/alerts/{alert['id']}/confirm", json={}).raise_for_status().json()["case"]
        person.get(f"/api/cases/{case}").raise_for_status()
    shops = person.get("/api/market").json()["shops"]["id"]
    return {"shops": len(shops), "alerts": len(alerts), "cases": len(person.get("/api/cases").json())}


def measure() -> dict[str, float]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub = stack.enter_context(Running(folder / "data"))
        fresh = held(hub.child.pid, "VmRSS")
        walls = [Thread(target=listen, args=(hub,)) for _ in range(WALLS)]
        for wall in walls:
            wall.start()
            stack.callback(wall.join)
        stack.callback(hub.stop)
        one = stack.enter_context(device(hub, folder, ZONES))
        telling = Thread(target=one.flood, args=(EVENTS, EACH_SECOND))
        telling.start()
        with hub.sign_in("monitor") as person:
            seen = work(person)
        telling.join()
        wait_for(one.settled)
        figures = {"rss_mb": held(hub.child.pid, "VmHWM"), "after_mb": held(hub.child.pid, "VmRSS")}
        return {**figures, "fresh_mb": fresh, "events": EVENTS, **seen}


def main() -> bool:
    return report(
        "hub_rss", measure(), {"rss_mb": "<= 250", "shops": ">= 1700", "alerts": ">= 10", "cases": ">= 10"}
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
