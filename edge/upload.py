"""Brings the spool's files to the hub by HTTP, in parts, going on where it was interrupted."""

from __future__ import annotations

import hashlib
import logging
import random
from typing import TYPE_CHECKING

from edge.camera.pace import back_off
from edge.courier import Courier

if TYPE_CHECKING:
    from pathlib import Path

    from edge.carrier import Answer, Carrier
    from edge.spool import Spool

log = logging.getLogger(__name__)

PART = 1 << 20
"""Bytes of one request; of what is larger the hub says how far it has come."""
IDLE = 1.0
HUB = "the hub"
STORED = frozenset({201, 204})
GO_ON = frozenset({308, 409})
"""Upload-Offset says from where."""
WRONG, NEVER = 422, frozenset({400, 411, 413, 415})
TYPES = {".jpg": "image/jpeg", ".mp4": "video/mp4"}


class NotTaken(Exception):  # noqa: N818 - the hub's answer, not a fault of the program
    """The hub did not take a file; the text says why. Final: it never will."""

    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final


class Upload(Courier):
    """Brings the spool's files, one a turn; `wake` it when there is a new one."""

    def __init__(self, spool: Spool, carrier: Carrier) -> None:
        super().__init__("files", carrier)
        self._spool = spool
        self._failures: dict[str, int] = {}
        """Vain attempts by file, and by `HUB` those that did not even reach it."""
        self._not_before: dict[str, float] = {}

    def once(self, now: float) -> float:
        """Send the next file whose time has come by monotonic second `now`; 0 when there may be another."""
        path = next((p for p in self._spool.waiting() if self._is_time(p.name, now)), None)
        if path is None or not self._is_time(HUB, now):
            return IDLE
        try:
            self._send(path)
        except FileNotFoundError:
            self._forget(path.name)  # given up meanwhile, because the spool was full
        except NotTaken as error:
            self._forget(HUB)
            self._not_taken(path, error, now)
        except OSError as error:
            self._later(HUB, f"cannot be reached: {error}", now)
        else:
            self._spool.sent(path)
            self._forget(HUB, path.name)
        return 0.0

    def _send(self, path: Path) -> None:
        size = path.stat().st_size
        offset = self._offset(path, size) if size > PART else 0
        with path.open("rb") as file:
            for _ in range(2 * size // PART + 3):
                file.seek(offset)
                data = file.read(PART)
                answer = self._put(path, data, offset, size)
                if answer.status in STORED:
                    return
                offset = self._advance(path, answer, offset)
        raise NotTaken("the hub asks for one part after another and does not get on")

    def _offset(self, path: Path, size: int) -> int:
        answer = self._carrier.ask("HEAD", _where(path))
        if answer.status in {401, 403}:
            raise NotTaken(_refusal(answer))
        known = answer.headers.get("upload-offset", "")
        # What it has whole it is offered once more: only the answer to a PUT says that it has noted it.
        return int(known) if known.isdecimal() and int(known) < size else 0

    def _put(self, path: Path, data: bytes, offset: int, size: int) -> Answer:
        headers = {"Content-Type": TYPES[path.suffix]}
        if len(data) < size:
            headers["Content-Range"] = f"bytes {offset}-{offset + len(data) - 1}/{size}"
        return self._carrier.ask("PUT", _where(path), data, headers)

    def _advance(self, path: Path, answer: Answer, offset: int) -> int:
        """Where to go on after a part; raises NotTaken when there is no going on."""
        known = answer.headers.get("upload-offset", "")
        if answer.status in GO_ON and known.isdecimal() and int(known) not in {offset, path.stat().st_size}:
            return int(known)
        damaged = answer.status == WRONG and not _is_whole(path)
        raise NotTaken(_refusal(answer), final=damaged or answer.status in NEVER)

    def _not_taken(self, path: Path, error: NotTaken, now: float) -> None:
        if error.final:
            log.warning("%s: %s; set aside", path.name, error)
            self._spool.set_aside(path)
            self._forget(path.name)
        else:
            self._later(path.name, str(error), now)

    def _later(self, what: str, words: str, now: float) -> None:
        failures = self._failures.get(what, 0)
        self._failures[what] = failures + 1
        self._not_before[what] = now + back_off(failures, random.random())  # noqa: S311 - jitter, no secret
        if failures == 0 and not self.is_stopping:
            log.info("%s: %s; trying again", what, words)

    def _is_time(self, what: str, now: float) -> bool:
        return self._not_before.get(what, 0.0) <= now

    def _forget(self, *names: str) -> None:
        for name in names:
            self._failures.pop(name, None)
            self._not_before.pop(name, None)


def _where(path: Path) -> str:
    return f"/edge/v1/media/{path.stem}"


def _refusal(answer: Answer) -> str:
    return f"the hub answers {answer.status} {answer.text[:200]!r}"


def _is_whole(path: Path) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == path.stem
