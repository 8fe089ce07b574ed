"""`python -m tests.bench.lists`: how long every list takes after a year, on both databases.

42 cameras, 280,000 events and a million ledger lines lie in the database before the hub starts; a real hub
answers each list at places all over the year, as pages ask for it over HTTP.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import TYPE_CHECKING

from hub.demo import load
from hub.demo.load import MARKET
from hub.gear.password import Argon2
from hub.service import evidence
from hub.store.base import engine, migrate, readings, sessions
from tests.bench.past import CASE_EVERY, LETTER_EVERY, OPEN, fill, id_of
from tests.bench.report import report
from tests.hub.app.running import Running
from tests.hub.postgres import CannotStartError, made, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

EVENTS = 280_000
LINES = 1_000_000
TIMES = 60
MOST_MS = 50.0


@dataclass(frozen=True, slots=True)
class List:
    """A list as its person asks for it; `where` makes the address for a place in the year, 0..1."""

    name: str
    user: str
    where: Callable[[float], str]


def lists(events: int) -> list[List]:
    """Every list and search page of the hub."""

    def alert(place: float) -> str:
        return id_of("a", int(place * (events - 1)))

    def case(place: float) -> str:
        return id_of("c", int(place * (events - OPEN - 1)) // CASE_EVERY * CASE_EVERY)

    def letter(place: float) -> str:
        return id_of("f", int(place * (events - 1)) // LETTER_EVERY * LETTER_EVERY)

    return [
        List("alerts_open", "monitor", lambda _: "/api/alerts"),
        List("alerts_open_200", "monitor", lambda _: "/api/alerts?limit=200"),
        List("alerts_first", "monitor", lambda _: "/api/alerts?state=all"),
        List("alerts_page", "monitor", lambda at: f"/api/alerts?state=all&before={alert(at)}"),
        List("alerts_page_grid", "crew", lambda at: f"/api/alerts?state=all&before={alert(at)}"),
        List("alerts_page_group", "centre", lambda at: f"/api/alerts?state=all&before={alert(at)}"),
        List("alert", "monitor", lambda at: f"/api/alerts/{alert(at)}"),
        List("cases_first", "desk", lambda _: "/api/cases"),
        List("cases_page", "desk", lambda at: f"/api/cases?before={case(at)}"),
        List("cases_stage", "desk", lambda at: f"/api/cases?stage=CLOSED&before={case(at)}"),
        List("cases_stage_open", "desk", lambda _: "/api/cases?stage=HANDLING&stage=DISPATCHED"),
        List("cases_stage_none", "desk", lambda _: "/api/cases?stage=SUSPENDED"),
        List("cases_mine", "crew", lambda at: f"/api/cases?mine=true&before={case(at)}"),
        List("cases_mine_none", "liaison", lambda _: "/api/cases?mine=true"),
        List("cases_grid", "crew", lambda at: f"/api/cases?before={case(at)}"),
        List("cases_group", "centre", lambda at: f"/api/cases?before={case(at)}"),
        List("search_common", "desk", lambda _: "/api/cases?q=闯入"),
        List("search_number", "desk", lambda at: f"/api/cases?q={int(at * events) // 5 * 5:07d}"),
        List("search_none", "desk", lambda _: "/api/cases?q=zebra"),
        List("case", "desk", lambda at: f"/api/cases/{case(at)}"),
        List("letters_first", "admin", lambda _: "/api/letters"),
        List("letters_page", "admin", lambda at: f"/api/letters?state=open&before={letter(at)}"),
        List("devices", "admin", lambda _: "/api/devices"),
        List("wall", "monitor", lambda _: "/api/wall"),
        List("market", "monitor", lambda _: "/api/market"),
    ]


def measure(url: str, folder: Path, events: int) -> dict[str, float]:
    """p95 in milliseconds of each list."""
    random, found = Random(11), {}
    places = [random.random() for _ in range(TIMES)]
    with ExitStack() as stack:
        hub = stack.enter_context(Running(folder / "data", "--database", url))
        people = {}
        for one in lists(events):
            if one.user not in people:
                people[one.user] = stack.enter_context(hub.sign_in(one.user))
            took = []
            for place in [0.5, *places]:
                began = time.perf_counter()
                answer = people[one.user].get(one.where(place))
                took.append(1e3 * (time.perf_counter() - began))
                assert answer.status_code == 200, f"{one.name}: {answer.text}"
            found[one.name] = p95(took[1:])
        hub.stop()
    on = engine(url)
    found["ledger_feed"] = feed_ms(on, places)
    on.dispose()
    return found


def feed_ms(on: Engine, places: list[float]) -> float:
    """Five hundred lines after any line, as the feed reads them."""
    took = []
    with readings(on)() as session:
        head = evidence.head(session, MARKET)
        for place in places:
            began = time.perf_counter()
            assert evidence.feed(session, MARKET, int(place * (head - 500)))
            took.append(1e3 * (time.perf_counter() - began))
            session.expunge_all()
    return p95(took)


def p95(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=20)[-1]


def past(url: str, events: int, now: datetime) -> dict[str, int]:
    """A database with the reference market and its year."""
    on = engine(url)
    migrate(on)
    with sessions(on).begin() as session:
        load.load(session, Argon2(), now)
    counts = fill(on, events, now)
    on.dispose()
    return counts


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Name and URL of each database that can be had here."""
    urls = {"sqlite": f"sqlite:///{folder / 'lists.db'}"}
    with ExitStack() as stack:
        with suppress(CannotStartError):
            urls["postgres"] = made(stack.enter_context(running()), "lists")
        yield urls


def main() -> int:
    """0 when every list on every database keeps its time."""
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    now = datetime.now(UTC) - timedelta(minutes=1)
    figures: dict[str, float | int | str] = {}
    targets: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            began = time.monotonic()
            counts = past(url, events, now)
            figures |= {"events": counts["alert"], "lines": counts["line"], "cases": counts["case"]}
            figures[f"{name}_fill_s"] = time.monotonic() - began
            (Path(folder) / name).mkdir()
            for list_, p95_ms in measure(url, Path(folder) / name, events).items():
                figures[f"{name}_{list_}_p95_ms"] = p95_ms
                targets[f"{name}_{list_}_p95_ms"] = f"<= {MOST_MS:.0f}"
    if events == EVENTS:
        targets["lines"] = f">= {LINES}"
    return 0 if report("lists", figures, targets) else 1


if __name__ == "__main__":
    sys.exit(main())
