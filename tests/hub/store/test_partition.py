"""Tables that grow without end lie by month on PostgreSQL, and nobody above notices."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from hub.service import evidence
from hub.service.evidence import Entry
from hub.store import partition
from hub.store.base import engine, migrate, sessions
from hub.store.evidence import Line
from hub.timer import JOBS
from tests.hub.service.steps import confirmed
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

pytestmark = pytest.mark.postgres
APRIL_2031 = datetime(2031, 4, 30, 23, 59, tzinfo=UTC)


@pytest.fixture
def parted(postgres: Callable[[], str]) -> Iterator[Engine]:
    made = engine(postgres())
    yield made
    made.dispose()


def rows(parted: Engine, table: str) -> int:
    with parted.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def written(parted: Engine, *moments: datetime) -> None:
    with sessions(parted).begin() as s:
        for at in moments:
            evidence.append(s, MARKET, Entry("act"), at)


def test_months_follow_one_another_and_meet() -> None:
    found = list(partition.months(datetime(2026, 11, 30, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)))
    assert [f"{begins:%Y-%m-%d}" for begins in found] == [
        "2026-11-01",
        "2026-12-01",
        "2027-01-01",
        "2027-02-01",
    ]


def test_a_migrated_database_has_parts_for_the_months_to_come(parted: Engine) -> None:
    with parted.connect() as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        assert partition.divided(connection) == partition.BY_MONTH
        for month in (now, now + timedelta(days=32), now + timedelta(days=90)):
            assert connection.scalar(text("SELECT to_regclass(:name)"), {"name": f"line_{month:%Y_%m}"})


def test_parts_are_made_once_and_ahead_of_time(parted: Engine) -> None:
    with parted.begin() as connection:
        made = partition.ahead(connection, APRIL_2031)
        assert {"line_2031_04", "line_2031_05", "line_2031_06", "line_2031_07"} <= set(made)
        assert "line_2031_03" not in made
        assert partition.ahead(connection, APRIL_2031) == []
    written(parted, APRIL_2031, APRIL_2031 + timedelta(minutes=1))
    assert (rows(parted, "line_2031_04"), rows(parted, "line_2031_05"), rows(parted, "line")) == (1, 1, 2)


def test_a_row_of_a_month_without_a_part_is_not_refused(parted: Engine) -> None:
    moments = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC))
    written(parted, *moments)
    assert rows(parted, "line_default") == 2
    with parted.begin() as connection:
        assert partition.filled(connection, "line", "at") == [date(1970, 1, 1), date(2099, 12, 1)]
        made = [partition.make(connection, table, [date(2099, 12, 1)]) for table in ("line", "alarm_record")]
    assert made == [[], ["alarm_record_2099_12"]]
    with sessions(parted)() as s:
        assert [line.at for line in evidence.feed(s, MARKET, 0)] == list(moments)


def test_the_timer_makes_room_for_the_months_to_come(parted: Engine) -> None:
    job = next(job for job in JOBS if job.name == "months to come")
    with sessions(parted).begin() as s:
        job.act(s, APRIL_2031)
    written(parted, APRIL_2031)
    assert rows(parted, "line_2031_04") == 1


def test_two_timers_make_parts_one_at_a_time(parted: Engine) -> None:
    with parted.begin() as first, parted.begin() as second:
        assert partition.ahead(first, APRIL_2031)
        assert partition.ahead(second, APRIL_2031) == []


def test_a_long_reader_is_not_a_wall_behind_which_everybody_waits(parted: Engine) -> None:
    with parted.connect() as reader, parted.connect() as maker:
        reader.execute(text("SELECT count(*) FROM line"))
        with pytest.raises(OperationalError, match="lock timeout"):
            partition.ahead(maker, APRIL_2031)
        maker.rollback()
        reader.rollback()
        assert partition.ahead(maker, APRIL_2031)


@pytest.mark.parametrize("statement", ["UPDATE {} SET act = ''", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("part", ["line_default", "line_2031_04"])
def test_a_part_refuses_to_be_changed_like_the_whole(parted: Engine, statement: str, part: str) -> None:
    with parted.begin() as connection:
        partition.ahead(connection, APRIL_2031)
    written(parted, NOON - timedelta(days=9000), APRIL_2031)
    with parted.connect() as connection, pytest.raises(DatabaseError, match="append only"):
        connection.execute(text(statement.format(part)))


def test_a_case_has_each_number_once_in_whatever_month(parted: Engine) -> None:
    with sessions(parted).begin() as s:
        case = confirmed(s)
        number = case.seq
    again = text(
        'INSERT INTO line (market, "case", case_seq, at, clock_state, act, public) '
        "VALUES (:market, :case, :seq, :at, 'hub', 'case.note', '{}')"
    )
    given = {"market": MARKET, "case": case.id, "at": NOON + timedelta(days=40)}
    with parted.connect() as connection, pytest.raises(IntegrityError, match="line_case"):
        connection.execute(again, given | {"seq": number})
    with parted.begin() as connection:
        connection.execute(again, given | {"seq": number + 1})


def test_what_was_kept_whole_is_kept_by_month_after_the_upgrade(
    postgres: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database of the first version, with lines in it."""
    made = engine(postgres("template0"))
    whole = command.upgrade
    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", lambda config, _to: whole(config, "0001"))
        migrate(made)
    with made.begin() as connection:
        # In words of the first version: today's models know columns that it has not.
        connection.execute(
            text(f"INSERT INTO market VALUES ('{MARKET}', '市场', 'Market', 0, 0, 1, 1, 'UTC')")
        )
        old = text(
            "INSERT INTO line (market, at, clock_state, act, public) VALUES (:market, :at, 'a', 'b', '{}')"
        )
        for at in (NOON, NOON - timedelta(days=31)):
            connection.execute(old, {"market": MARKET, "at": at})
    before = _lines(made)
    migrate(made)
    assert _lines(made) == before
    assert rows(made, "line_2026_10") == 1
    assert rows(made, "line_default") == 0
    with sessions(made).begin() as s:
        line = evidence.append(s, MARKET, Entry("after"), NOON)
        s.flush()
        assert line.id > before[-1][0]
    made.dispose()


def _lines(parted: Engine) -> list[tuple[int, str | None, int | None, datetime]]:
    query = select(Line.id, Line.case, Line.case_seq, Line.at).order_by(Line.id)
    with sessions(parted)() as s:
        return [(row[0], row[1], row[2], row[3]) for row in s.execute(query)]
