"""The key that signs codes of checkpoints: a file outside the database, made at first start."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES = 32


def key(file: Path) -> bytes:
    """The key in `file`, made there, 0600, if there is none.

    Raises:
        ValueError: what is there is no such key.
    """
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secrets.token_bytes(KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)  # of several that start at once, one makes it
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    found = file.read_bytes()
    if len(found) != KEY_BYTES:
        raise ValueError(f"{file} is no key of {KEY_BYTES} bytes: restore it from the backup")
    return found
