"""Of two processes that want to be the only one, one is, until it ends however it ends."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from sqlalchemy import text

from hub.store.alone import Alone
from hub.store.base import engine
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from sqlalchemy import Engine

HOLD = """
import sys
from hub.store.alone import Alone
from hub.store.base import engine
alone = Alone(engine(sys.argv[1]), "ingest")
print(alone.take(), flush=True)
sys.stdin.read()
"""


def test_a_second_process_gets_it_when_the_first_was_killed(database: Engine) -> None:
    url = database.url.render_as_string(hide_password=False)
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout
    assert first.stdout.readline() == "True\n"
    second = Alone(database, "ingest")
    assert not second.take()
    another = Alone(database, "another")
    assert eventually(another.take)
    another.give()
    first.kill()
    first.communicate()
    while not second.take():
        pass
    assert second.take()
    third = Alone(database, "ingest")
    assert not third.take()
    second.give()
    assert eventually(third.take)
    third.give()


def test_whoever_loses_its_session_asks_anew(database: Engine) -> None:
    if database.dialect.name != "postgresql":
        return
    holder = Alone(database, "ingest")
    assert holder.take()
    other = engine(database.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )
    rival = Alone(other, "ingest")
    assert eventually(rival.take)
    assert not holder.take()
    rival.give()
    assert holder.take()
    holder.give()
    other.dispose()
