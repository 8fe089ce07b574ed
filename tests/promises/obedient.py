"""A device that obeys, as a process of its own that may be killed: `obedient.py FOLDER`.

Each line of its standard input is an order as it comes over the wire, in base64. Every command that is
carried out is written to FOLDER/runs, on the disk, before it is answered.
"""

from __future__ import annotations

import os
import sys
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from edge.order.desk import Desk
from edge.order.kept import Kept
from edge.order.trial import Trial
from wire.sign import Checker

if TYPE_CHECKING:
    from edge.crew import Crew
    from wire.message import Reply
    from wire.order import Args, Command


class Writer:
    """Carries out a command by writing its id down."""

    def __init__(self, folder: Path) -> None:
        self._runs = (folder / "runs").open("a")

    def do(self, command: Command) -> None:
        self._runs.write(f"{command.id}\n")
        self._runs.flush()
        os.fsync(self._runs.fileno())

    def after(self, args: Args) -> None:
        """Nothing."""


LINE = 200
"""Bytes of every answer: whoever takes only a few of them holds it up before it has done all."""


def answer(reply: Reply) -> None:
    sys.stdout.write(f"{reply.to} {reply.outcome}".ljust(LINE - 1) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder = Path(sys.argv[1])
    kept = Kept(folder / "orders.sqlite")
    trial = Trial((), cast("Crew", None), kept, answer)  # nothing is configured here
    checker = Checker((folder / "orders.pub").read_bytes())
    desk = Desk(
        "edge-west", checker, kept, Writer(folder), trial, answer=answer, clock=lambda: datetime.now(UTC)
    )
    desk.recover()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        desk.command(b64decode(line))


if __name__ == "__main__":
    main()
