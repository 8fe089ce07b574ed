"""Role ingest, the other direction: what devices are told, signed by this hub's own key."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Protocol

from hub.app.ground import HubError
from hub.core.health import STUCK_SECONDS
from hub.ingest.orders import Orders
from hub.service import order as orders
from wire.sign import KeyFault, Signer, make_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hub.app.ground import Ground
    from hub.ports import Link

PUBLIC = "orders.pub"
"""Name of the file by which devices check what they are told."""
WRONG_KEY = (
    "%s is not the key that devices know: this process sends them no orders. Copy it from the hub of this "
    "database that was first, or bring it back from a backup; LIANFANG_ORDERS_KEY says where it stands"
)

log = logging.getLogger(__name__)


class Linked(Protocol):
    """What has the way to the devices; hub.app.ingest.IngestPart is one."""

    @property
    def link(self) -> Link | None:
        """It, once it was begun."""


class OrdersPart:
    """The door that sends orders over the ingest's link; `woke` is called after it wrote ledger lines."""

    def __init__(self, ground: Ground, ingest: Linked, woke: Callable[[], None]) -> None:
        self._ground, self._ingest, self._woke = ground, ingest, woke
        self._path = ground.settings.orders_key or ground.settings.data / "keys" / "orders.pem"
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

        With another key than the first one of this database it sends nothing, since no device would obey.

        Raises:
            HubError: the key cannot be made or used.
        """
        signer, link = self._signer(), self._ingest.link
        assert link is not None
        ground = self._ground
        with ground.writing.begin() as session:
            known = orders.pin(session, signer.public.decode(), ground.clock.now())
        if not known:
            log.error(WRONG_KEY, self._path)
            return
        for folder in {self._path.parent, ground.settings.device_keys or self._path.parent}:
            _show(folder / PUBLIC, signer.public)
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
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            make_key(self._path)
            return Signer(self._path)
        except (OSError, KeyFault) as error:
            raise HubError(f"the key for orders to devices cannot be had: {error}") from error


def _show(file: Path, public: bytes) -> None:
    """Write the public half, whole or not at all, unless it stands there."""
    if file.exists() and file.read_bytes() == public:
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(public)
    part.replace(file)
