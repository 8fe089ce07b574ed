"""Passwords that nobody has to invent: drawn once, read by their owner alone."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def secret(file: Path) -> str:
    """The password in `file`, drawn and written there (mode 0600) when there is none yet."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists() or not file.stat().st_size:
        private(file, secrets.token_urlsafe(24))
    return file.read_text().strip()


def private(file: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as stream:
        stream.write(text)
    draft.replace(file)
