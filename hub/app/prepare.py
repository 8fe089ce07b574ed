"""What has to be true before a role begins; safe after a broken start and in several processes at once."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from hub.app.ground import HubError
from hub.demo import load as demo
from hub.demo.people import everybody
from hub.ports import AwayError
from hub.store.base import migrate, prepare_alone
from hub.store.people import Person

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hub.app.ground import Ground

AWAY_SECONDS = 60.0
"""So long a database server that does not answer is waited for: after a power cut it starts beside the hub
and first works off its journal."""
LOOK_SECONDS = 0.2
STALE_UPLOAD = 7 * 24 * 3600
"""Seconds after which an unfinished upload is forgotten."""

log = logging.getLogger(__name__)


def prepare(ground: Ground) -> None:
    """Migrate, and load the reference market where it is wanted.

    Raises:
        HubError: the database does not answer, or the demo's passwords would be served beyond this machine.
    """
    settings = ground.settings
    await_server(ground.engine)
    migrate(ground.engine)
    if settings.demo:
        with ground.writing.begin() as session:
            prepare_alone(session.connection())
            demo.load(session, ground.passwords, ground.clock.now())
            demo.write_keys(session, settings.device_keys or settings.data / "keys")
    _refuse_open_demo(ground)
    try:
        ground.files.tidy(time.time() - STALE_UPLOAD)
    except AwayError as error:
        log.warning("old unfinished uploads stay for now: %s", error)


def await_server(on: Engine, seconds: float = AWAY_SECONDS) -> None:
    """Return once the database's server answers; a file, as SQLite's, is there or is not.

    To end and be started again costs a hub seconds of its own besides the server's.

    Raises:
        HubError: it does not within so many seconds.
    """
    if on.dialect.name == "sqlite":
        return
    until, said = time.monotonic() + seconds, ""
    while True:
        try:
            on.connect().close()
        except OperationalError as error:
            words = str(error.orig)
            if time.monotonic() >= until:
                raise HubError(f"the database does not answer; see LIANFANG_DATABASE: {words}") from error
            if words != said:
                log.warning("waiting for the database: %s", words)
                said = words
        else:
            return
        time.sleep(LOOK_SECONDS)


def _refuse_open_demo(ground: Ground) -> None:
    """Passwords that everybody knows stay on this machine, also if --demo was given earlier only."""
    if ground.settings.loopback:
        return
    with ground.reading() as session:
        for person in everybody():
            row = session.get(Person, person.id) if person.login else None
            if row and row.password_hash and ground.passwords.verify(row.password_hash, person.password):
                raise HubError(
                    f"{person.login} still has the demo's password: serve it on 127.0.0.1 only, "
                    "or start with another LIANFANG_DATA"
                )
