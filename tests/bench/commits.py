"""When the hub's database holds each call for help that a device has promised."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Self

from sqlalchemy import select

from hub.store.alert import AlertEvent
from hub.store.base import engine, readings

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LOOK_SECONDS = 0.01


class Commits:
    """Reads on in the file of promises, and asks the database for each call until it is there."""

    def __init__(self, url: str, promised: Path) -> None:
        self.promised: dict[str, float] = {}
        """Call → second at which it was promised."""
        self.seen: dict[str, float] = {}
        """Call → second at which it was committed, as another connection sees it."""
        self.alerts: dict[str, str] = {}
        self._engine, self._file = engine(url), promised
        self._read = promised.stat().st_size if promised.exists() else 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self._read_on()
            self._ask([call for call in self.promised if call not in self.seen])

    def _read_on(self) -> None:
        with self._file.open("rb") as file:
            file.seek(self._read)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._read += len(line)
                kind, call, *_, at = line.decode().split()
                if kind == "sos":
                    self.promised[call] = float(at)

    def _ask(self, calls: list[str]) -> None:
        if not calls:
            return
        with readings(self._engine)() as s:
            rows = s.execute(
                select(AlertEvent.event, AlertEvent.alert).where(AlertEvent.event.in_(calls))
            ).all()
        now = time.time()
        for call, alert in rows:
            self.seen[call], self.alerts[call] = now, alert

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(5)
        self._engine.dispose()
