"""A rotation goes to the solver and comes back, on the thread that plans are solved on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.api.solving import listener, run
from hub.core import asks
from hub.service.turn import asked, rotation
from hub.store.turn import Rotation

if TYPE_CHECKING:
    from hub.api.parts import Parts


def begin(parts: Parts, id_: str) -> None:
    """Solve a rotation that waits, as soon as its turn comes."""
    parts.planning.submit(run, parts, Rotation, id_, work)


def work(parts: Parts, id_: str) -> None:
    """Ask the solver and write down what it made."""
    with parts.sessions.begin() as session:
        question = asked.begin(session, id_, parts.workdays, parts.clock.now())
    if question is None:
        return
    made = parts.solver.work(asks.ROTATION, question.asked, listener(parts, Rotation, id_, question.job))
    with parts.sessions.begin() as session:
        rotation.take(session, question, made, parts.clock.now())
