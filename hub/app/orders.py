"""Role ingest, the other direction: what devices are told, signed by this hub's own key."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from hub.app.ground import HubError
from hub.core.health import STUCK_SECONDS
from hub.ingest.orders import Orders
from wire.sign import KeyFault, Signer, make_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hub.app.ground import Ground
    from hub.app.ingest import IngestPart

PUBLIC = "orders.pub"
"""Name of the file by which devices check what they are told."""


class OrdersPart:
    """The door that sends orders over the ingest's link; `woke` is called after it wrote ledger lines."""

    def __init__(self, ground: Ground, ingest: IngestPart, woke: Callable[[], None]) -> None:
        self._ground, self._ingest, self._woke = ground, ingest, woke
        self._orders: Orders | None = None

    @property
    def sent(self) -> int:
        """Orders handed to the link since start."""
        return self._orders.sent if self._orders else 0

    def wake(self) -> None:
        """Something was ordered in this process."""
        if self._orders:
            self._orders.wake()

    def start(self) -> None:
        """Make the key at the first start, show its public half, and begin to send; after the ingest.

        Raises:
            HubError: the key cannot be made or used.
        """
        signer, link = self._signer(), self._ingest.link
        assert link is not None
        ground = self._ground
        self._orders = Orders(
            ground.writing, link, signer, ground.clock, readings=ground.reading, woke=self._woke
        )
        self._orders.start()

    def stop(self) -> None:
        """Send no more."""
        if self._orders:
            self._orders.stop()

    def well(self) -> dict[str, bool]:
        """It leans on what the ingest leans on."""
        return {}

    def lives(self) -> dict[str, bool]:
        """Whether it looks at all, or waits for nothing but the database."""
        age = time.monotonic() - self._orders.turned if self._orders else 0.0
        return {"orders": age < STUCK_SECONDS or not self._ground.answers()}

    def _signer(self) -> Signer:
        settings = self._ground.settings
        path = settings.orders_key or settings.data / "keys" / "orders.pem"
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            make_key(path)
            signer = Signer(path)
            for folder in {path.parent, settings.device_keys or path.parent}:
                _show(folder / PUBLIC, signer.public)
        except (OSError, KeyFault) as error:
            raise HubError(f"the key for orders to devices cannot be had: {error}") from error
        return signer


def _show(file: Path, public: bytes) -> None:
    """Write the public half, whole or not at all, unless it stands there."""
    if file.exists() and file.read_bytes() == public:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(public)
    part.replace(file)
