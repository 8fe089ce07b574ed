"""From one market to a district: arithmetic on measured costs and stated assumptions for docs/scale.md."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = 86_400
KINDS = ("event", "update", "manifest", "scan", "beat")


@dataclass(frozen=True, slots=True)
class Unit:
    """What one message of a kind costs, as bench.scale measured it."""

    bytes: float
    """On the wire, upward."""
    hub_ms: float
    """Of a core: hub."""
    broker_ms: float
    """Of a core: nats-server."""
    database_ms: float
    """Of a core: PostgreSQL."""
    rows: float
    row_bytes: float
    """Of PostgreSQL's disk, indexes included."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """An average market of the district, and what things cost there. Change these first."""

    cameras: int = 200
    cameras_per_edge: int = 10
    events_per_camera_day: float = 20.0
    updates_per_event: float = 2.0
    files_per_event: float = 2.0
    scans_per_day: float = 1_200.0
    beats_per_edge_day: float = 2_880.0
    busy_hour: float = 4.0
    """Times the mean."""
    still_bytes: float = 80_000.0
    clip_bytes: float = 2_500_000.0
    """10 s of 2 Mbit/s."""
    live_still_bytes: float = 40_000.0
    live_stills_per_s: float = 1.0
    rows_days: float = 365.0
    media_days: float = 30.0
    headroom: float = 3.0
    """Cores bought for a core that is busy in the busy hour."""
    core_year: float = 700.0
    row_tb_year: float = 1_500.0
    media_tb_year: float = 300.0
    edge_box: float = 2_000.0
    edge_years: float = 5.0


@dataclass(frozen=True, slots=True)
class Load:
    """What so many markets ask for."""

    markets: int
    cameras: int
    edges: int
    messages_per_s: float
    busy_messages_per_s: float
    mqtt_mbit_s: float
    hub_cores: float
    broker_cores: float
    database_cores: float
    rows_per_day: float
    rows_gb_per_day: float
    rows_tb: float
    media_gb_per_day: float
    media_tb: float
    live_mbit_s: float
    machines_per_year: float
    edges_per_year: float


def load(units: Mapping[str, Unit], markets: int, given: Assumed | None = None) -> Load:
    """What `markets` average markets ask for; cores are those busy in the busy hour."""
    assumed = given or Assumed()
    a = asdict(assumed)
    edges = assumed.cameras / assumed.cameras_per_edge
    events = assumed.cameras * assumed.events_per_camera_day
    per_day = {
        "event": events,
        "update": events * assumed.updates_per_event,
        "manifest": events * assumed.files_per_event,
        "scan": assumed.scans_per_day,
        "beat": edges * assumed.beats_per_edge_day,
    }

    def day(cost: str) -> float:
        return float(markets * sum(per_day[kind] * getattr(units[kind], cost) for kind in KINDS))

    def cores(cost: str) -> float:
        return day(cost) / 1000 / DAY * assumed.busy_hour

    mean = markets * sum(per_day.values()) / DAY
    row_bytes, media_bytes = day("row_bytes"), markets * events * (a["still_bytes"] + a["clip_bytes"])
    busy = [cores(cost) for cost in ("hub_ms", "broker_ms", "database_ms")]
    rows_tb = row_bytes * assumed.rows_days / 1e12
    media_tb = media_bytes * assumed.media_days / 1e12
    return Load(
        markets=markets,
        cameras=markets * assumed.cameras,
        edges=round(markets * edges),
        messages_per_s=mean,
        busy_messages_per_s=mean * assumed.busy_hour,
        mqtt_mbit_s=day("bytes") * 8 / DAY * assumed.busy_hour / 1e6,
        hub_cores=busy[0],
        broker_cores=busy[1],
        database_cores=busy[2],
        rows_per_day=day("rows"),
        rows_gb_per_day=row_bytes / 1e9,
        rows_tb=rows_tb,
        media_gb_per_day=media_bytes / 1e9,
        media_tb=media_tb,
        live_mbit_s=markets * assumed.cameras * a["live_stills_per_s"] * a["live_still_bytes"] * 8 / 1e6,
        machines_per_year=sum(busy) * assumed.headroom * assumed.core_year
        + 2 * rows_tb * assumed.row_tb_year
        + 2 * media_tb * assumed.media_tb_year,
        edges_per_year=markets * edges * assumed.edge_box / assumed.edge_years,
    )


NAMES = {
    "markets": "markets",
    "cameras": "cameras",
    "edges": "edges",
    "messages_per_s": "messages/s, mean of the day",
    "busy_messages_per_s": "messages/s, busy hour",
    "mqtt_mbit_s": "MQTT upward, Mbit/s, busy hour",
    "hub_cores": "cores busy in the busy hour: hub",
    "broker_cores": "… broker",
    "database_cores": "… PostgreSQL",
    "rows_per_day": "rows a day",
    "rows_gb_per_day": "PostgreSQL, GB a day",
    "rows_tb": "PostgreSQL, TB kept",
    "media_gb_per_day": "stills and clips, GB a day",
    "media_tb": "stills and clips, TB kept",
    "live_mbit_s": "live stills, Mbit/s, all the time",
    "machines_per_year": "machines and disks, ¥ a year, two copies",
    "edges_per_year": "edge boxes, ¥ a year",
}
SIZES = (1, 50, 1_000)


def measured_table(units: Mapping[str, Unit]) -> str:
    """The unit costs as they stand in the page."""
    heads = ["message", *(field.name for field in fields(Unit))]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    rows = {kind: map(_short, asdict(units[kind]).values()) for kind in KINDS}
    lines += [f"| {kind} | {' | '.join(cells)} |" for kind, cells in rows.items()]
    return "\n".join(lines)


def read_units(page: str) -> dict[str, Unit]:
    """The unit costs that stand in the page."""
    found = {}
    for line in between(page, "measured").splitlines()[2:]:
        kind, *values = (cell.strip() for cell in line.strip("|").split("|"))
        found[kind] = Unit(*(float(value.replace(",", "")) for value in values))
    return found


def district_table(units: Mapping[str, Unit]) -> str:
    """What one market, a cell and a district ask for."""
    loads = [asdict(load(units, size)) for size in SIZES]
    lines = ["| | one market | a cell | a district |", "|---|---|---|---|"]
    lines += [
        f"| {what} | " + " | ".join(_short(one[name]) for one in loads) + " |" for name, what in NAMES.items()
    ]
    return "\n".join(lines)


def between(page: str, mark: str) -> str:
    """What stands between two marks."""
    found = re.search(rf"<!-- {mark} -->\n\n?(.*?)\n\n?<!-- /{mark} -->", page, re.DOTALL)
    assert found, f"docs/scale.md lacks the marks <!-- {mark} --> and <!-- /{mark} -->"
    return found[1]


def written(page: str, mark: str, text: str) -> str:
    """The page with `text` between two marks."""
    between(page, mark)
    return re.sub(
        rf"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)",
        lambda m: f"{m[1]}\n{text}\n{m[2]}",
        page,
        flags=re.DOTALL,
    )


def _short(value: float) -> str:
    """Three digits that count, in figures that a person reads."""
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"
