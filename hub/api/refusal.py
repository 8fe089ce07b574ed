"""The one place where a refusal becomes an answer: {"code", "en", "zh"} and a status."""

from __future__ import annotations

import errno
import logging
import re
import sqlite3
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException

from hub.api.headers import ALWAYS, LARGE_WORDS
from hub.api.parts import parts_of
from hub.core.refuse import Refused
from hub.ports import AwayError, UnsolvedError
from hub.service import register

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hub.api.parts import Parts

STATUS = {"stage": 409, "right": 403, "state": 409, "input": 422, "missing": 404, "conflict": 409}
"""Status of each kind of refusal."""
STATUS_OF_CODE = {"session.login": 401, "config.match": 412}
"""Where one code has another status than its kind."""
HTTP_WORDS = {
    400: ("This cannot be read. Send JSON in UTF-8.", "无法读取，请发送 UTF-8 编码的 JSON。"),
    404: ("There is nothing at this address.", "此地址没有内容。"),
    405: ("This cannot be done at this address.", "此地址不支持该操作。"),
    413: LARGE_WORDS,
}
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""A field as we name it; what else was sent as one, or the framework calls a choice, is not repeated."""
TROUBLE = (OperationalError, InterfaceError, InternalError, PoolTimeoutError)
"""The database's own faults: it is away, locked, overrun or full, and nobody who asked is to blame."""
FULL_STATES = frozenset({"53100", sqlite3.SQLITE_FULL})
"""How PostgreSQL and SQLite say that no space is left."""
FULL_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT})
AWAY = (
    "hub.database",
    "The database does not answer; nothing was changed. Try again shortly.",
    "数据库暂时不可用，未作任何更改，请稍后再试。",
)
FULL = (
    "hub.full",
    "The hub's disk is full; nothing was changed. Tell whoever runs the hub to free space, then try again.",
    "系统磁盘已满，未作任何更改。请通知系统管理员清理空间后再试。",
)
MEDIA = (
    "media.away",
    "The store of stills and clips does not answer. Try again in a moment.",
    "图片与录像存储没有应答，请稍后再试。",
)
UNSOLVED = (
    "plan.unsolved",
    "The planner did not answer; nothing was changed. Try again in a moment.",
    "规划计算没有完成，未作任何更改，请稍后再试。",
)
SOON, LATER = {"Retry-After": "5"}, {"Retry-After": "60"}
"""When it is worth asking again, in seconds."""

log = logging.getLogger(__name__)


class Turned(Exception):  # noqa: N818 - an answer, not an error
    """Turned away by the door itself, before any rule was asked."""

    def __init__(
        self, status: int, code: str, en: str, zh: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(en)
        self.status, self.headers = status, dict(headers or {})
        self.body = {"code": code, "en": en, "zh": zh, **more}


def signed_out(demo: Any = None) -> Turned:
    """Nobody is signed in; a loopback demo names its log-ins."""
    return Turned(401, "session.none", "Sign in first.", "请先登录。", demo=demo)


def install(app: FastAPI) -> None:
    """Let `app` answer refusals, bad input and faults in the one shape."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(Turned, _turned)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _no_value)
    for kind in TROUBLE:
        app.add_exception_handler(kind, _database)
    app.add_exception_handler(OSError, _outside)
    app.add_exception_handler(UnsolvedError, _unsolved)
    app.add_exception_handler(Exception, _fault)


def _answer(
    status: int, code: str, en: str, zh: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    return JSONResponse({"code": code, "en": en, "zh": zh}, status, dict(headers or {}))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    status = STATUS_OF_CODE.get(error.code, STATUS[error.kind])
    answer = _answer(status, error.code, error.en, error.zh)
    who, after = getattr(request.state, "who", None), getattr(request.state, "after", None)
    if error.action is not None and who is not None:
        after = partial(_note, parts_of(request), who, error.action)
    answer.background = BackgroundTask(after) if after else None
    return answer


def _note(parts: Parts, who: str, action: str) -> None:
    """The line of a missing right; one a person, action and minute, so that a stuck page fills no ledger."""
    now = parts.clock.now()
    if not parts.refusals.is_first(who, action, now):
        return
    try:
        with parts.sessions.begin() as session:
            register.note_refused(session, who, action, now)
    except TROUBLE as error:
        log.warning("a refusal is not in the ledger: %s", error)


async def _turned(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Turned)
    return JSONResponse(error.body, error.status, error.headers)


async def _no_value(_request: Request, _error: Exception) -> JSONResponse:
    """A name in an address that PostgreSQL takes for no text at all, such as one with a NUL in it."""
    return _answer(422, "input.shape", "There is no such name or number.", "没有这样的名称或编号。")


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    names = [str(part) for part in first["loc"][1:]]
    where = ".".join(name for name in names if NAME.fullmatch(name)) or str(first["loc"][0])
    return _answer(422, "input.shape", f"{where}: {first['msg']}", f"输入有误：{where}")


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    en, zh = HTTP_WORDS.get(error.status_code, ("This was refused.", "请求被拒绝。"))
    return _answer(error.status_code, f"http.{error.status_code}", en, zh, error.headers)


async def _database(_request: Request, error: Exception) -> JSONResponse:
    log.error("database in trouble: %s", error)
    return _answer(503, *FULL, LATER) if is_full(error) else _answer(503, *AWAY, SOON)


async def _outside(request: Request, error: Exception) -> JSONResponse:
    """A file that cannot be written for want of space is no fault of ours, nor a store that is away."""
    if isinstance(error, AwayError):
        log.error("media in trouble: %s", error)
        return _answer(503, *MEDIA, SOON)
    if not is_full(error):
        return await _fault(request, error)
    log.error("disk in trouble: %s", error)
    return _answer(503, *FULL, LATER)


async def _unsolved(_request: Request, error: Exception) -> JSONResponse:
    log.error("planner in trouble: %s", error)
    return _answer(503, *UNSOLVED, SOON)


def is_full(error: Exception) -> bool:
    """Whether `error` says that no space is left, for rows or for files."""
    if isinstance(error, DBAPIError):
        said = error.orig
        return getattr(said, "sqlstate", getattr(said, "sqlite_errorcode", None)) in FULL_STATES
    return isinstance(error, OSError) and error.errno in FULL_ERRORS


async def _fault(request: Request, error: Exception) -> JSONResponse:
    log.error("fault at %s %s", request.method, request.url.path, exc_info=error)
    # The framework answers a fault outside every other layer, so this answer brings its headers along.
    en, zh = "The hub made a mistake; it is logged.", "系统出错，已记入日志。"
    return _answer(500, "hub.fault", en, zh, ALWAYS | {"Cache-Control": "no-store"})
