"""Where everything stands in the tree."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one clone; nothing outside `root` is ever written, except what apt installs."""

    root: Path
    data: Path

    @property
    def venv(self) -> Path:
        """The virtual environment that holds every Python package."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter that runs hub, edge and tools."""
        return self.venv / "bin" / "python"

    @property
    def cache(self) -> Path:
        """What set-up keeps: stamps, sample footage, node, half-made things under tmp/."""
        return self.root / ".cache"

    @property
    def footage(self) -> Path:
        """Sample clips that stand in for the cameras of the demo market."""
        return self.cache / "footage"

    @property
    def web(self) -> Path:
        """The pages' sources; `web/dist` is what the hub serves."""
        return self.root / "hub" / "web"

    @property
    def detector(self) -> Path:
        """The folder of the default detector."""
        return self.root / "models" / "nanodet_g"

    @property
    def logs(self) -> Path:
        """One file a program."""
        return self.data / "logs"

    @property
    def keys(self) -> Path:
        """The devices' passwords, each a file that only its owner reads."""
        return self.data / "keys"


def here() -> Place:
    """This clone, with its data below it unless LIANFANG_DATA names another folder."""
    root = Path(__file__).resolve().parent.parent
    return Place(root, Path(os.environ.get("LIANFANG_DATA") or root / "data").expanduser().resolve())
