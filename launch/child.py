"""A program on a leash, as the rest of this room starts every one of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LEASH = str(Path(__file__).with_name("leash.py"))
_LONGEST_LINE = 8192


class Child:
    """Started at once. Its output is read by `lines`; it ends by itself, by `let_go`, or when we die."""

    def __init__(
        self,
        argv: tuple[str, ...],
        *,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        grace: float = 1.0,
        hold: tuple[int, ...] = (),
    ) -> None:
        """`env` is added to ours; `hold` are descriptors that stay open until all of it is gone."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", _LEASH, str(grace), *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            start_new_session=True,
            pass_fds=hold,
        )

    @property
    def pid(self) -> int:
        """The leash's process id."""
        return self._process.pid

    def lines(self) -> Iterator[str]:
        """Output and errors as they come, without line ends; the end means that every child is gone."""
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            while line := stream.readline(_LONGEST_LINE):
                yield line.decode("utf-8", "replace").rstrip("\r\n")

    def let_go(self) -> None:
        """Ask it to end; it is killed when its grace is over. Returns at once."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def wait(self) -> int:
        """Its exit code, once it is over."""
        code = self._process.wait()
        self.let_go()
        return code
