"""What proves this device to its hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.config import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def read_key(path: Path) -> str:
    """This device's key.

    Raises:
        ConfigError: the file is missing, empty or cannot be read.
    """
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: the device's key cannot be read ({error}); enrol it at the hub"
        ) from error
    if not key:
        raise ConfigError(f"{path}: the device's key is empty; enrol it at the hub")
    return key
