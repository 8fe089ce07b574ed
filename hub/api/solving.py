"""A row's question goes to the solver and its answer comes back, on the thread that plans are solved on."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from hub.core.refuse import Refused
from hub.ports import UnsolvedError
from hub.service import solving

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.api.parts import Parts
    from hub.core.planned import Progress

    Heard = Callable[[Progress], bool]

NOTE_SECONDS = 1.0
"""Between two notes of how it stands."""
UNSOLVED = (
    "The solver found nothing ({}). Give it more time or other rules, then start it again.",
    "求解没有得到结果（{}），请放宽规则或延长时间后重试。",
)
FAULT = (
    "Something went wrong while it was solved; nothing was changed. Tell whoever runs the hub.",
    "求解出错，未作任何更改，请通知系统管理员。",
)

log = logging.getLogger(__name__)


def run(parts: Parts, model: type[Any], id_: str, work: Callable[[Parts, str], None]) -> None:
    """Do `work` for the row `id_` of `model`; why there is no answer is written into the job that waited.

    A job that was given up meanwhile says nothing of the one begun since.
    """
    with parts.readings() as session:
        job = solving.awaited(session, model, id_)
    if job is None:
        return
    try:
        work(parts, id_)
    except Refused as no:
        _fail(parts, model, id_, job, (no.en, no.zh))
    except UnsolvedError as error:
        en, zh = UNSOLVED
        _fail(parts, model, id_, job, (en.format(error), zh.format(error)))
    except Exception:
        log.exception("%s %s could not be solved", model.__tablename__, id_)
        _fail(parts, model, id_, job, FAULT)


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


def _fail(parts: Parts, model: type[Any], id_: str, job: str, words: tuple[str, str]) -> None:
    with parts.sessions.begin() as session:
        solving.fail(session, model, id_, job, words, parts.clock.now())
