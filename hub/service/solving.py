"""The job of a row that a solver works on: told by whoever solves, asked by whoever looks, anywhere.

A row has `id`, `job` ({id, state, stage, seconds, best, bound, share, at}, or none) and `stop`; its state is
waiting, running, done, stopped or failed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core.refuse import Refused
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.planned import Progress

WORKING = frozenset({"waiting", "running"})
GONE_AFTER = timedelta(minutes=5)
"""A solver that has said nothing for so long has ended with its process."""
WAITING_AFTER = timedelta(minutes=30)
"""Who waits may stand behind a plan of grids, which takes its time."""
DIED = (
    "The process that solved it has ended. Start it again; nothing was changed.",
    "求解所在的进程已结束，请重新求解，未作任何更改。",
)
STOPPED = (
    "It was stopped before its turn came; nothing was changed.",
    "尚未轮到即已停止，未作任何更改。",
)


def waiting(now: datetime) -> dict[str, Any]:
    """A job that waits for a solver; `at` is when it last said something."""
    return {"id": new_id(), "state": "waiting", "stage": "", "seconds": 0.0, "at": now.isoformat()}


def is_busy(row: Any) -> bool:
    """Whether a solver is at the row, or will be."""
    return row.job is not None and row.job["state"] in WORKING


def refuse_busy(row: Any) -> None:
    """Let nobody change what a solver is at.

    Raises:
        Refused: one is.
    """
    if is_busy(row):
        en = "Its solver is at work. Wait for it, or stop it."
        raise Refused("state", "solving.busy", en, "正在求解，请等待完成或先停止。")


def awaited(s: Session, model: type[Any], id_: str) -> str | None:
    """The job of a row that waits for a solver; None where none does."""
    row = s.get(model, id_)
    if row is None or row.job is None or row.job["state"] != "waiting":
        return None
    job: str = row.job["id"]
    return job


def running(row: Any, now: datetime) -> bool:
    """Take a job that waits; False where nobody waits for it any more, or somebody is at it."""
    if row is None or row.job is None or row.job["state"] != "waiting":
        return False
    row.job = row.job | {"state": "running", "at": now.isoformat()}
    return True


def is_at(row: Any, job: str) -> bool:
    """Whether this very job is what the row waits for."""
    return row is not None and row.job is not None and (row.job["id"], row.job["state"]) == (job, "running")


def finished(row: Any, seconds: float, now: datetime, *, stopped: bool) -> None:
    """The job has its answer."""
    done = {"state": "stopped" if stopped else "done", "seconds": round(seconds, 1), "at": now.isoformat()}
    row.job, row.stop = row.job | done, False


def stop(row: Any) -> None:
    """Let the solver stop and keep the best that it has; one whose turn has not come is not begun."""
    row.stop = is_busy(row)
    if row.job is not None and row.job["state"] == "waiting":
        row.job = row.job | _failed(STOPPED)


def note(s: Session, model: type[Any], id_: str, job: str, progress: Progress, now: datetime) -> bool:
    """Write down how the solver of a row's job stands; whether it is to go on, which a lost one is not."""
    row = s.get(model, id_, with_for_update=True, populate_existing=True)
    if row is None or not is_at(row, job):
        return False
    row.job = row.job | {
        "stage": progress.stage,
        "seconds": round(progress.seconds, 1),
        "best": progress.best,
        "bound": progress.bound,
        "share": progress.share,
        "at": now.isoformat(),
    }
    return not row.stop


def fail(
    s: Session, model: type[Any], id_: str, job: str | None, words: tuple[str, str], now: datetime
) -> None:
    """The solver of a row's job ended without an answer, English and 中文; None is whichever was to begin."""
    row = s.get(model, id_, with_for_update=True, populate_existing=True)
    if row is None or row.job is None or (job is not None and row.job["id"] != job) or not is_busy(row):
        return
    row.job = row.job | _failed(words) | {"at": now.isoformat()}


def sweep(s: Session, model: type[Any], now: datetime) -> int:
    """End the jobs whose process is gone, so that they can be begun again; their number."""
    state, at = model.job["state"].as_string(), model.job["at"].as_string()
    gone = 0
    for id_, what, said in s.execute(select(model.id, state, at).where(state.in_(WORKING))).all():
        after = WAITING_AFTER if what == "waiting" else GONE_AFTER
        if now - datetime.fromisoformat(said) > after:
            fail(s, model, id_, None, DIED, now)
            gone += 1
    return gone


def _failed(words: tuple[str, str]) -> dict[str, Any]:
    en, zh = words
    return {"state": "failed", "en": en, "zh": zh}
