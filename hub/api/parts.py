"""What the routes are given: the parts that app.py built, and the moment."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends
from starlette.requests import HTTPConnection

from hub.api.glass import Glass
from hub.api.pictures import Pictures
from hub.api.planning import Planning
from hub.api.streams import Streams
from hub.core.notice import Post
from hub.ports import UnsolvedError
from hub.service.session.password import Fresh

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import NoReturn

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.feeds import Feeds
    from hub.api.flood import Flood
    from hub.api.market import Press
    from hub.api.stills import Stills
    from hub.core.glossary import Pair
    from hub.ports import Clock, Oidc, Passwords, Seal, Solver, Uploads, Workdays
    from hub.service.session.factor import Tools


class Recent(OrderedDict[tuple[str, ...], bool]):
    """Remembers that many keys; the oldest are forgotten first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: tuple[str, ...], value: bool) -> None:
        """Remember `key`."""
        super().__setitem__(key, value)
        if len(self) > self._most:
            self.popitem(last=False)


class Refusals:
    """Lets the first refusal of a person and act in a minute into the ledger, of each process."""

    def __init__(self) -> None:
        self._last = Recent(10_000)
        self._lock = Lock()

    def is_first(self, person: str, act: str, now: datetime) -> bool:
        """Whether there was none this minute; from now on there was."""
        key = (person, f"{act} {now:%Y%m%d%H%M}")
        with self._lock:
            if key in self._last:
                return False
            self._last[key] = True
        return True


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A log-in of the reference market, shown on the log-in page of a loopback demo."""

    user: str
    password: str
    role: str
    name: Pair


class Unsolving:
    """Port Solver of a process that plans nothing."""

    def work(self, *_: object) -> NoReturn:
        """No answer; raises UnsolvedError."""
        raise UnsolvedError("this process plans nothing")

    quick = work


class NoYear:
    """Port Workdays of a process that knows no year: each is a question."""

    def off(self, _year: int) -> None:
        """Nothing is known."""
        return


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a route may use."""

    market: str
    sessions: sessionmaker[Session]
    readings: sessionmaker[Session]
    clock: Clock
    passwords: Passwords
    check_key: Callable[[str, str], bool]
    files: Uploads
    stills: Stills
    feeds: Feeds
    flood: Flood
    press: Press
    healthy: Callable[[], Mapping[str, bool]]
    """Each thing that the process leans on, by name, and whether it works."""
    lives: Callable[[], Mapping[str, bool]] = dict
    """Each of its doors, and whether it goes on by itself."""
    demo: tuple[DemoLogin, ...] = field(default=())
    secure_cookie: bool = False
    tools: Tools | None = None
    """What second factors are made and kept with."""
    check_proof: Callable[[str, bytes, str], bool] = lambda _key, _message, _signature: False
    """Whether a phone's key made a signature."""
    phone_key: Callable[[str], str | None] = lambda _spki: None
    """A phone's public key as it is kept, None when it is none."""
    qr: Callable[[str], str] = lambda _text: ""
    """A QR code as SVG."""
    oidc: Oidc | None = None
    """The organisation's own log-in, where it has one."""
    lenient: bool = False
    """A demo that only this machine can reach: nobody owes a second factor."""
    watched: Recent = field(default_factory=lambda: Recent(10_000))
    """Sessions and nodes whose watching is in the register."""
    refusals: Refusals = field(default_factory=Refusals)
    setup_code: str | None = None
    """What the console shows while nobody can sign in."""
    streams: Streams = field(default_factory=Streams)
    """Live pictures that pass through this process."""
    glass: Glass = field(default_factory=lambda: Glass(timedelta(seconds=10)))
    """What rules count now, for whoever tries them at this process."""
    ordered: Callable[[], None] = lambda: None
    """Called after a device was told something, where the door that sends it is in this process."""
    solver: Solver = field(default_factory=Unsolving)
    workdays: Workdays = field(default_factory=NoYear)
    """Days off work, as far as they are announced."""
    planning: Planning = field(default_factory=Planning)
    """The plans that are solved in this process."""
    pictures: Pictures = field(default_factory=Pictures)
    """What the solver made of the market's coverage."""
    post: Post = field(default_factory=Post)
    """The ways that lead from this hub to people."""
    posted: Callable[[], None] = lambda: None
    """Called after something was written that goes such a way, where the courier is in this process."""

    @property
    def seal(self) -> Seal:
        """Keeps addresses from whoever sees the database alone."""
        assert self.tools is not None
        return self.tools.seal

    def fresh(self, text: str) -> Fresh:
        """A new password or PIN with its hash; takes its time, so never while writing."""
        return Fresh(text, self.passwords.hash(text))


def parts_of(request: HTTPConnection) -> Parts:
    """The parts of the app that serves this request."""
    return cast("Parts", request.app.state.parts)


PartsHere = Annotated[Parts, Depends(parts_of)]
