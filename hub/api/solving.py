"""A row's question goes to the solver and its answer comes back, on the thread that plans are solved on."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from hub.api.planning import FAULT, NOTE_SECONDS, UNSOLVED
from hub.core.refuse import Refused
from hub.ports import UnsolvedError
from hub.service import solving

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.api.parts import Parts
    from hub.core.planned import Progress

    Heard = Callable[[Progress], bool]

log = logging.getLogger(__name__)


def run(parts: Parts, model: type[Any], id_: str, work: Callable[[Parts, str], None]) -> None:
    """Do `work` for the row `id_` of `model`; why there is no answer is written into its job."""
    try:
        work(parts, id_)
    except Refused as no:
        _fail(parts, model, id_, (no.en, no.zh))
    except UnsolvedError as error:
        en, zh = UNSOLVED
        _fail(parts, model, id_, (en.format(error), zh.format(error)))
    except Exception:
        log.exception("%s %s could not be solved", model.__tablename__, id_)
        _fail(parts, model, id_, FAULT)


def listener(parts: Parts, model: type[Any], id_: str, job: str) -> Heard:
    """Hears how the solver of a row's job stands, and whether it is to go on."""
    last, goes_on = 0.0, True

    def heard(progress: Progress) -> bool:
        nonlocal last, goes_on
        if time.monotonic() - last >= NOTE_SECONDS:
            last = time.monotonic()
            with parts.sessions.begin() as session:
                goes_on = solving.note(session, model, id_, job, progress, parts.clock.now())
        return goes_on

    return heard


def _fail(parts: Parts, model: type[Any], id_: str, words: tuple[str, str]) -> None:
    with parts.sessions.begin() as session:
        solving.fail(session, model, id_, None, words, parts.clock.now())
