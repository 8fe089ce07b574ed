"""The key by which this device knows its hub's orders: a file that it is given, or asks its hub for once."""

from __future__ import annotations

import logging
import os
import random
import threading
from typing import TYPE_CHECKING

from edge.camera.pace import back_off
from edge.config import ConfigError
from wire.sign import Checker, KeyFault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from edge.carrier import Carrier

log = logging.getLogger(__name__)

ASK = "/edge/v1/orders-key"


def read(path: Path) -> Checker | None:
    """What checks the hub's signatures; None where the file is not there yet.

    Raises:
        ConfigError: it cannot be read or is no such key.
    """
    try:
        return Checker(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, KeyFault) as error:
        raise ConfigError(f"{path}: {error}") from error


class Asking:
    """Asks the hub, which proves itself as for everything else, until it has a key; then never again."""

    def __init__(self, path: Path, carrier: Carrier, found: Callable[[Checker], None]) -> None:
        """Prepare; `found` is given the key once it stands at `path`."""
        self._path, self._carrier, self._found = path, carrier, found
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="orders-key", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        log.warning("%s is not there: nothing that the hub orders is obeyed until it gives it", self._path)
        self._worker.start()

    def stop(self) -> None:
        """Break off."""
        self._stopping.set()
        self._carrier.interrupt()
        if self._worker.ident:
            self._worker.join(1.0)
        self._carrier.close()

    def run(self) -> None:
        """Ask until it is given or stopped."""
        failures = 0
        while not self._stopping.is_set():
            try:
                if self.once():
                    return
            except Exception:
                log.exception("asking for the hub's key stumbled and goes on")
            self._stopping.wait(back_off(failures, random.random()))  # noqa: S311 - jitter, not a secret
            failures += 1

    def once(self) -> bool:
        """Ask once; whether the key stands in its file now."""
        try:
            answer = self._carrier.ask("GET", ASK)
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own word for yes
                return False
            checker = Checker(answer.text.encode())
            self._keep(answer.text.encode())
        except (OSError, KeyFault) as error:
            log.info("the hub's key for orders is not had yet: %s", error)
            return False
        log.info("%s is there: what the hub orders is obeyed", self._path)
        self._found(checker)
        return True

    def _keep(self, public: bytes) -> None:
        part = self._path.with_name(f".{self._path.name}.part")
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with part.open("wb") as file:
            file.write(public)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
