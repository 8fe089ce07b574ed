"""`python -m tests.bench.events`: the table of events, film by film: what was named, what was told, what not.

With the names of films as arguments only those are played.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.bench.report import report, skip
from tests.events.play import MODEL, Remembering, play
from tests.events.row import figures
from tests.events.table import FILMS, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

TARGETS = {"missed": "== 0", "false_alarms": "== 0"}


def main(names: Sequence[str]) -> bool:
    films = [film for film in FILMS if film.clip.is_file() and (not names or film.name in names)]
    if not films or not MODEL.is_file():
        return skip("events", "no footage or no detector here: run `python3 -m launch setup` once")
    detector = Remembering()
    outcomes = [outcome for film in films for outcome in play(film, rows_of(film), detector)]
    for outcome in outcomes:
        print(outcome.line())
    return report("events", figures(outcomes), TARGETS)


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1:]))
