"""What set-up remembers: a step is done while its inputs have this digest and what it made stands."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def digest(parts: Iterable[object]) -> str:
    """One sha256 over texts, and over names and contents of files (folders are walked)."""
    total = hashlib.sha256()
    for part in parts:
        total.update(b"\0" + str(part).encode())
        if isinstance(part, Path):
            for file in walk(part):
                total.update(b"\1" + str(file).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def walk(top: Path) -> list[Path]:
    """The files at or below `top`, in one order, without what tools leave behind."""
    if not top.is_dir():
        return [top] if top.is_file() else []
    files = []
    for folder, names, found in os.walk(top):
        names[:] = sorted(name for name in names if name not in {"node_modules", "dist", "__pycache__"})
        files += [top / folder / name for name in sorted(found)]
    return files


def holds(stamp: Path, keys: tuple[str, ...]) -> bool:
    """Whether the work behind `stamp` was done for one of these inputs, and its files stand."""
    try:
        said = json.loads(stamp.read_text())
        return bool(said["key"] in keys) and all(
            Path(path).stat().st_size == size for path, size in said["made"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def write(stamp: Path, key: str, made: Iterable[Path]) -> None:
    """Say that it is done; called only after `made` was verified."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    said = {"key": key, "made": {str(path): path.stat().st_size for path in made}}
    draft = stamp.with_suffix(".new")
    draft.write_text(json.dumps(said))
    draft.replace(stamp)
