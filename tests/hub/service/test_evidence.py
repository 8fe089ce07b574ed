"""The ledger: in order, complete, and without anybody's words in it."""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.service import alert, evidence
from hub.service.evidence import Entry
from hub.store.base import engine, sessions
from hub.store.case import Case
from hub.store.evidence import Line, PrivateText
from hub.store.market import Market
from tests.hub.service.steps import confirmed, seen
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def test_a_line_says_who_with_which_role_and_armband(s: Session) -> None:
    alert.take(s, actor(s, "lin"), seen(s).id, NOON)
    line = s.scalars(select(Line).order_by(Line.id.desc())).first()
    assert line is not None
    assert (line.actor, line.role, line.armband, line.act) == ("lin", "monitor", "0204", "alert.take")
    assert line.public["kind"] == "intrusion"


def test_words_enter_as_a_commitment_and_can_be_purged(s: Session) -> None:
    line = evidence.append(s, MARKET, Entry("note", text="王女士说"), NOON)
    s.flush()
    kept = s.get_one(PrivateText, line.commitment)
    assert line.commitment == hashlib.sha256(kept.salt + "王女士说".encode()).hexdigest()
    assert "王女士" not in str(line.public)
    s.delete(kept)
    s.flush()
    assert s.get_one(Line, line.id).commitment == line.commitment


def test_the_same_words_twice_do_not_look_the_same(s: Session) -> None:
    lines = [evidence.append(s, MARKET, Entry("note", text="yes"), NOON) for _ in range(2)]
    assert lines[0].commitment != lines[1].commitment


def test_the_feed_reads_forward_from_a_line(s: Session) -> None:
    for number in range(5):
        evidence.append(s, MARKET, Entry(f"act-{number}"), NOON)
    s.flush()
    lines = evidence.feed(s, MARKET, 0)
    assert [line.act for line in evidence.feed(s, MARKET, lines[2].id)] == ["act-3", "act-4"]
    assert [line.act for line in evidence.feed(s, MARKET, 0, limit=2)] == ["act-0", "act-1"]
    assert evidence.head(s, MARKET) == lines[-1].id
    assert evidence.feed(s, "other", 0) == []


def test_an_act_that_fails_leaves_no_line(database: Engine) -> None:
    with sessions(database)() as s:
        evidence.append(s, MARKET, Entry("act"), NOON)
        s.flush()
        s.rollback()
        assert evidence.head(s, MARKET) == 0


def test_two_writers_at_once_write_lines_in_the_order_of_their_commits(database: Engine) -> None:
    """A reader that goes forward by id must never find a smaller one later."""
    commits: list[int] = []
    guard, start = threading.Lock(), threading.Barrier(2)

    def write(name: str) -> None:
        start.wait(60)
        for number in range(15):
            with sessions(database)() as s:
                with s.begin_nested() as nested:
                    evidence.append(s, MARKET, Entry(f"{name}-lost"), NOON)
                    nested.rollback()
                entries = [Entry(f"{name}-{number}") for _ in range(3)]
                if number % 2:
                    ids = evidence.append_all(s, MARKET, entries, NOON)
                else:
                    lines = [evidence.append(s, MARKET, entry, NOON) for entry in entries]
                    s.flush()
                    ids = [line.id for line in lines]
                with guard:
                    commits.extend(ids)
                    s.commit()

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(commits) == 90
    assert commits == sorted(commits)
    with sessions(database)() as s:
        assert [line.id for line in evidence.feed(s, MARKET, 0)] == commits


@pytest.mark.postgres
def test_a_writer_waits_with_its_line_until_the_other_has_committed(postgres: Callable[[], str]) -> None:
    on = engine(postgres())
    done = threading.Event()

    def second() -> None:
        with sessions(on).begin() as s:
            evidence.append(s, MARKET, Entry("second"), NOON)
        done.set()

    with sessions(on).begin() as s:
        evidence.append(s, MARKET, Entry("first"), NOON)
        thread = threading.Thread(target=second)
        thread.start()
        assert not done.wait(0.3)
    assert done.wait(60)
    thread.join()
    with sessions(on)() as s:
        assert [line.act for line in evidence.feed(s, MARKET, 0)] == ["first", "second"]
    on.dispose()


def test_every_market_has_a_ledger_of_its_own(s: Session) -> None:
    s.add(Market(id="b", name_zh="乙", name_en="B", x0=0, y0=0, x1=1, y1=1, zone="Asia/Shanghai"))
    s.flush()
    evidence.append(s, MARKET, Entry("here"), NOON)
    evidence.append(s, "b", Entry("there"), NOON)
    s.flush()
    assert [line.act for line in evidence.feed(s, "b", 0)] == ["there"]


def test_many_lines_at_once_are_as_if_written_one_by_one(database: Engine) -> None:
    with sessions(database).begin() as s:
        case = confirmed(s)
        before = evidence.append(s, MARKET, Entry("one"), NOON)
        entries = [
            Entry("case.note", actor(s, "lin"), "monitor", case=case, text="王女士说"),
            Entry("alert.update", role="device", public={"n": None, "zh": "东格"}),
            Entry("case.note", case=case, stage_from="REPORTED", stage_to="ACCEPTED"),
        ]
        seq, last = case.seq, case.last_line
        ids = evidence.append_all(s, MARKET, entries, NOON)
        after = evidence.append(s, MARKET, Entry("two"), NOON)
    with sessions(database)() as s:
        lines = evidence.feed(s, MARKET, before.id - 1)
        assert [line.id for line in lines] == [before.id, *ids, after.id]
        assert [line.act for line in lines] == ["one", "case.note", "alert.update", "case.note", "two"]
        first, second, third = lines[1:4]
        assert (first.case_seq, first.case_prev) == (seq + 1, last)
        assert (third.case_seq, third.case_prev) == (seq + 2, first.id)
        assert (first.actor, first.armband, first.role) == ("lin", "0204", "monitor")
        assert second.public == {"n": None, "zh": "东格"}
        assert s.get_one(PrivateText, first.commitment).text == "王女士说"
        assert (second.at, second.commitment, third.stage_to) == (NOON, None, "ACCEPTED")
        held = s.get_one(Case, case.id)
        assert (held.seq, held.last_line) == (seq + 2, third.id)


def test_no_lines_at_once_are_nothing(s: Session) -> None:
    assert evidence.append_all(s, MARKET, [], NOON) == []
    assert evidence.head(s, MARKET) == 0
