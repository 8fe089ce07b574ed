"""The hub dies at every single write of a batch: what it receipted is there, the rest comes again, once."""

from __future__ import annotations

import os
import signal
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event as hook
from sqlalchemy import func, select

from hub.store.alert import AlarmRecord, Alert
from hub.store.base import engine, readings
from hub.store.device import Inbox
from hub.store.evidence import Line
from tests.hub.town import NOON, envelope, event
from tests.promises.door import Ear, door, numbered
from wire.message import Sos, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hub.ports import Heard

MOST = 200
"""More statements than any such batch needs."""


def batch() -> list[Heard]:
    """New alerts, news of them, a camera that sees no more, a call for help."""
    one = new_id()
    said = [
        event(event=one),
        event(event=one, phase="update"),
        event("crowd", zone="gate"),
        event("covered", camera="c-3-2"),
        envelope(Sos(call=new_id(), button="panic"), NOON),
    ]
    return numbered(said, new_id())


def die_at(url: str, heard: list[Heard], statement: int, *, after: bool) -> bool:
    """Take the batch in a process that is killed at its n-th statement; whether it came so far."""
    child = os.fork()
    if child == 0:
        try:
            on, seen = engine(url), 0

            def count(*_: object) -> None:
                nonlocal seen
                seen += 1
                if seen == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            hook.listen(on, "after_cursor_execute" if after else "before_cursor_execute", count)
            hook.listen(on, "commit", count)
            door(on, Ear()).once(heard)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_killed_at_one_write_in_four_the_batch_takes_effect_once(on: Engine) -> None:
    killed_at(on, range(Random().randint(1, 4), MOST, 4))


@pytest.mark.long
def test_wherever_it_is_killed_the_batch_takes_effect_once(on: Engine) -> None:
    killed_at(on, range(1, MOST))


def killed_at(on: Engine, statements: range) -> None:
    url, chance = on.url.render_as_string(), Random()
    for statement in statements:
        before, heard = held(on), batch()
        on.dispose()
        died = die_at(url, heard, statement, after=chance.random() < 0.5)
        ear = Ear()
        door(on, ear).once(heard)
        assert len(ear.receipted) == len(heard)
        records, alerts, begun, rows = (now - then for now, then in zip(held(on), before, strict=True))
        assert (records, rows) == (len(heard), len(heard))
        assert alerts == begun
        close(on)
        if not died:
            assert statement > 10, "a batch writes in several places"
            return
    raise AssertionError("it never came to its end")


def held(on: Engine) -> tuple[int, int, int, int]:
    """Facts, alerts, beginnings of alerts in the ledger, and numbers received."""
    with readings(on)() as s:
        lines = select(func.count(func.distinct(Line.alert))).where(Line.act == "alert.new")
        rows = [select(func.count()).select_from(table) for table in (AlarmRecord, Alert, Inbox)]
        records, alerts, inbox = (s.scalar(row) or 0 for row in rows)
        return records, alerts, s.scalar(lines) or 0, inbox


def close(on: Engine) -> None:
    """Let the groups go, so that the next batch begins its own."""
    with on.begin() as connection:
        connection.execute(Alert.__table__.update().values(key=Alert.id, open_key=None))  # type: ignore[attr-defined]
