"""The key by which this device knows its hub's orders."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from edge.config import ConfigError
from wire.sign import Checker, KeyFault

if TYPE_CHECKING:
    from edge.config import HubConfig

log = logging.getLogger(__name__)


def checker(hub: HubConfig) -> Checker | None:
    """What checks the hub's signatures; None where this device is to obey nobody, or has no key yet.

    Raises:
        ConfigError: the file is no such key.
    """
    if hub.orders_key_file is None:
        return None
    path = Path(hub.orders_key_file)
    try:
        public = path.read_bytes()
    except OSError as error:
        log.warning("%s cannot be read (%s): nothing that the hub orders is obeyed", path, error.strerror)
        return None
    try:
        return Checker(public)
    except KeyFault as fault:
        raise ConfigError(f"{path}: {fault}") from fault
