from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.bench.district import (
    KINDS,
    Assumed,
    Unit,
    between,
    district_table,
    load,
    measured_table,
    read_units,
    written,
)

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text(encoding="utf-8")
ONE = Unit(bytes=1000, hub_ms=1, broker_ms=0.1, database_ms=0.5, rows=2, row_bytes=500)
UNITS = dict.fromkeys(KINDS, ONE)


def test_a_district_is_so_many_markets() -> None:
    one, many = load(UNITS, 1), load(UNITS, 1000)
    assert many.cameras == 200_000
    assert many.messages_per_s == pytest.approx(1000 * one.messages_per_s)
    assert many.machines_per_year == pytest.approx(1000 * one.machines_per_year)


def test_what_a_message_costs_is_paid_for_each() -> None:
    one = load(UNITS, 1)
    messages = one.messages_per_s * 86_400
    assert messages == pytest.approx(200 * 20 * 5 + 1_200 + 20 * 2_880)
    assert one.rows_per_day == pytest.approx(2 * messages)
    assert one.hub_cores == pytest.approx(messages * 1e-3 / 86_400 * 4)
    dear = load({**UNITS, "scan": replace(ONE, hub_ms=2)}, 1)
    assert dear.hub_cores > one.hub_cores
    assert dear.database_cores == one.database_cores


def test_what_is_kept_twice_as_long_takes_twice_the_room() -> None:
    one, long = load(UNITS, 1), load(UNITS, 1, Assumed(media_days=60))
    assert long.media_tb == pytest.approx(2 * one.media_tb)
    assert long.media_gb_per_day == one.media_gb_per_day


def test_the_page_computes_from_what_it_measured() -> None:
    units = read_units(PAGE)
    assert set(units) == set(KINDS)
    assert between(PAGE, "district") == district_table(units), "run python -m tests.bench.scale --write"


def test_what_is_written_is_read_again() -> None:
    page = "# Page\n\n<!-- measured -->\n\nold\n\n<!-- /measured -->\n\nafter\n"
    fresh = written(page, "measured", measured_table(UNITS))
    assert read_units(fresh) == UNITS
    assert fresh.startswith("# Page")
    assert fresh.endswith("after\n")
    with pytest.raises(AssertionError, match="lacks the marks"):
        written("# Page", "measured", "")


def test_the_page_states_every_assumption() -> None:
    stated = between(PAGE, "assumed")
    missing = {name for name in Assumed.__dataclass_fields__ if f"`{name}`" not in stated}
    assert missing == set()
