"""A market moves from one database to another and loses nothing on the way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from hub.service import alert as alerts
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store import verbatim
from hub.store.alert import Alert
from hub.store.base import migrate, sessions
from hub.store.case import Case
from hub.store.move import CannotMoveError, move
from tests.hub import town
from tests.hub.hasty import hasty
from tests.hub.service.steps import confirmed
from tests.hub.town import MARKET, NOON, actor, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine


def lived(on: Engine) -> None:
    """Alerts, of which one hangs on a later one, a case, somebody's words, and a line of a month ago."""
    with sessions(on).begin() as s:
        confirmed(s)
        evidence.append(s, MARKET, Entry("note", text="王女士说 \u2028 'x'"), NOON - timedelta(days=31))
        first, second = (
            alerts.receive(s, MARKET, "edge-1", event(kind, thumb=b"\xff\xd8\x00"), NOON)
            for kind in ("crowd", "left")
        )
        assert first is not None
        assert second is not None
        alerts.attach(s, actor(s, "lin"), first.id, NOON, alert=second.id)


@pytest.fixture
def source(sqlite: Engine) -> Engine:
    lived(sqlite)
    return sqlite


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind in turn."""
    if request.param == "postgres":
        made = hasty(request.getfixturevalue("postgres")("template0"))
    else:
        made = hasty(f"sqlite:///{tmp_path / 'target.db'}")
    yield made
    made.dispose()


def silent(_table: str, _rows: int) -> None:
    pass


def test_everything_arrives_as_it_was(source: Engine, target: Engine) -> None:
    told: Counter[str] = Counter()
    moved = move(source, target, lambda table, rows: told.update({table: rows}))
    assert moved.rows["shop"] == 12
    assert moved.heads == {MARKET: moved.rows["line"]}
    assert told["shop"] == 3 * 12
    with sessions(source)() as old, sessions(target)() as new:
        for model in (Alert, Case):
            kept = [values(row) for row in new.query(model).order_by(text("id"))]
            assert kept == [values(row) for row in old.query(model).order_by(text("id"))]
        assert [x.public for x in evidence.feed(new, MARKET, 0)] == [
            x.public for x in evidence.feed(old, MARKET, 0)
        ]


def values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.key) for column in row.__table__.columns}


def test_life_goes_on_where_it_was(source: Engine, target: Engine) -> None:
    moved = move(source, target, silent)
    with sessions(target).begin() as s:
        line = evidence.append(s, MARKET, Entry("after"), NOON)
        s.flush()
        assert line.id == moved.heads[MARKET] + 1
        case = s.query(Case).one()
        assert evidence.append(s, MARKET, Entry("case.note", case=case), NOON).case_seq == case.seq
    with target.connect() as connection:
        assert connection.dialect.has_table(connection, "moving") is False


def test_a_target_with_rows_of_its_own_is_refused(source: Engine, target: Engine) -> None:
    migrate(target)
    with sessions(target).begin() as s:
        town.found(s)
    with pytest.raises(CannotMoveError, match="has rows already"):
        move(source, target, silent)


def test_a_source_of_another_version_is_refused(source: Engine, target: Engine) -> None:
    with source.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(CannotMoveError, match="start this hub on it once"):
        move(source, target, silent)


def stop_at(number: int) -> Callable[[str, int], None]:
    """Somebody presses Ctrl-C after so many pieces."""
    left = iter(range(number))

    def told(_table: str, _rows: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return told


@pytest.mark.parametrize("pieces", [15, *(pytest.param(some, marks=pytest.mark.long) for some in (1, 8, 25))])
def test_a_move_that_was_stopped_goes_on_where_it_was(
    source: Engine, target: Engine, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbatim, "AT_ONCE", 3)
    with pytest.raises(KeyboardInterrupt):
        move(source, target, stop_at(pieces))
    before = sum(_count(target).values())
    assert before > 0
    moved = move(source, target, silent)
    assert moved.rows == _count(source)


def _count(on: Engine) -> dict[str, int]:
    with on.connect() as connection:
        return {table.name: verbatim.tally(connection, table).rows for table in verbatim.every()}


def test_what_was_changed_on_the_way_is_found(source: Engine, target: Engine) -> None:
    def changed(table: str, _rows: int) -> None:
        if table == "line":
            with sessions(target).begin() as s:
                s.query(Alert).update({Alert.score: 0.123})

    with pytest.raises(CannotMoveError, match="alert has other values"):
        move(source, target, changed)


def test_a_hub_that_writes_meanwhile_is_found(source: Engine, target: Engine) -> None:
    done: list[str] = []

    def written(table: str, _rows: int) -> None:
        if table == "line" and not done:
            done.append(table)
            with sessions(source).begin() as s:
                evidence.append(s, MARKET, Entry("late"), NOON)

    with pytest.raises(CannotMoveError, match=r"line has \d+ rows instead of \d+.* end every hub"):
        move(source, target, written)
