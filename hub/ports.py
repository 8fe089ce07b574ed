"""What the hub needs of the outside world. hub/gear fills these; tests fill them with a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import date, datetime

    from hub.core.asks import Ask
    from hub.core.glossary import Pair
    from hub.core.notice import Letter
    from hub.core.planned import Progress

A = TypeVar("A")
M = TypeVar("M")


class Clock(Protocol):
    """Asked only by doors."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        ...


class Link(Protocol):
    """The way to the devices."""

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Hand over a message; it may be lost, repeated or reordered on its way."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came; `mid` and `session` are the link's own names for it."""

    topic: str
    data: bytes
    retained: bool = False
    """Kept by the broker from before, not said just now."""
    qos: int = 1
    mid: int = 0
    session: int = 0


class Hearing(Link, Protocol):
    """The way from the devices."""

    @property
    def ready(self) -> bool:
        """Whether what devices say arrives here now."""
        ...

    def start(self) -> None:
        """Connect in the background, again and again until it holds."""
        ...

    def wait_ready(self, seconds: float) -> bool:
        """Wait until `ready`; False when it took longer."""
        ...

    def stop(self) -> None:
        """Say good-bye; what was not acknowledged comes again at the next start, here or elsewhere."""
        ...

    def hear(self, seconds: float) -> Heard | None:
        """The next message, or None when none came in time."""
        ...

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        """The broker may forget these."""
        ...


class Media(Protocol):
    """Files by hash. What `put` returned is kept, whatever ends afterwards."""

    def put(self, sha256: str, parts: Iterable[bytes]) -> int:
        """Store the bytes durably and return their number.

        Raises:
            ValueError: they do not have this hash; nothing is kept.
        """
        ...

    def has(self, sha256: str) -> bool:
        """Whether the file is wholly stored."""
        ...

    def size(self, sha256: str) -> int:
        """Bytes of a stored file.

        Raises:
            FileNotFoundError: it is not stored.
        """
        ...

    def read(self, sha256: str, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` to before `stop`, in pieces.

        Raises:
            FileNotFoundError: it is not stored.
        """
        ...


class AwayError(OSError):
    """A store outside this machine does not answer; nothing was kept or lost, so try again later."""


class TooLargeError(ValueError):
    """More bytes than a file may have, or than were announced."""


class OffsetError(ValueError):
    """A part that does not begin where the stored ones end; `offset` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the next byte wanted is {offset}")
        self.offset = offset


class Upload(Protocol):
    """A part of a file on its way."""

    def write(self, data: bytes) -> None:
        """Append.

        Raises:
            TooLargeError: more bytes than announced.
        """
        ...

    def head(self) -> bytes:
        """The first bytes of the file, at most jpeg.HEAD, by which its type and size are told."""
        ...

    def finish(self) -> bool:
        """Force what came to the disk; True when the file is whole and in its place.

        Raises:
            ValueError: all bytes are here and have another hash; they are thrown away.
        """
        ...


class Uploads(Media, Protocol):
    """Files that come in parts and go on where they broke off."""

    def offset(self, sha256: str) -> int:
        """How many bytes of an unfinished upload are here."""
        ...

    def tidy(self, before: float) -> int:
        """Forget unfinished uploads untouched since `before` (UNIX seconds); their number."""
        ...

    def upload(self, sha256: str, start: int, total: int) -> AbstractContextManager[Upload]:
        """Take a part of `total` bytes that begins at byte `start`.

        Raises:
            TooLargeError: `total` is more than a file may have.
            OffsetError: the parts before it are not those that are here.
            BlockingIOError: another upload of the same file is under way.
        """
        ...


class Passwords(Protocol):
    """Slow hashes."""

    def hash(self, password: str) -> str:
        """A salted hash that says how it was made."""
        ...

    def verify(self, hashed: str, password: str) -> bool:
        """Whether `password` made `hashed`; never raises for a wrong one."""
        ...


class Codes(Protocol):
    """The codes of a second factor."""

    def secret(self) -> str:
        """A new secret as text."""
        ...

    def uri(self, secret: str, name: str, issuer: str) -> str:
        """What an authenticator app reads from a QR code."""
        ...

    def step(self, secret: str, code: str, at: datetime) -> int | None:
        """The rising number of the moment that `code` belongs to; None when it is wrong."""
        ...


class Seal(Protocol):
    """Keeps secrets from whoever sees the database alone."""

    def close(self, secret: str) -> bytes:
        """Seal it."""
        ...

    def open(self, sealed: bytes) -> str:
        """The secret again.

        Raises:
            ValueError: it cannot be opened; the text says what to do.
        """
        ...


@dataclass(frozen=True, slots=True)
class OidcAsked:
    """What a browser was sent to the organisation's log-in with, and what its answer is checked by."""

    url: str
    state: str
    nonce: str
    verifier: str
    back: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the organisation's log-in names, and whether it asked for a second factor itself."""

    subject: str
    factor: bool


class Oidc(Protocol):
    """The organisation's own log-in."""

    def ask(self, back: str) -> OidcAsked:
        """Where to send the browser, which comes back to the address `back`.

        Raises:
            AwayError: the provider does not answer.
            ValueError: what it answers does not hold.
        """
        ...

    def answer(self, asked: OidcAsked, code: str, now: datetime) -> Identity:
        """Who came back with this code.

        Raises:
            AwayError: the provider does not answer.
            ValueError: what it answers does not hold.
        """
        ...


class UndeliveredError(Exception):
    """A message was not taken; `why` is for whom it was meant, and `gone` says that it never will be."""

    def __init__(self, why: Pair, *, gone: bool = False) -> None:
        super().__init__(why.en)
        self.why, self.gone = why, gone


class Notifier(Protocol):
    """One way that reaches people who are not looking at a screen."""

    def send(self, address: str, letter: Letter) -> None:
        """Hand a message over, within ten seconds; whoever gets it twice can tell by its id.

        Raises:
            UndeliveredError: it was not taken.
        """
        ...


class Workdays(Protocol):
    """Which days are off work, as the state announces them from year to year."""

    def off(self, year: int) -> frozenset[date] | None:
        """Every day of the year that is off work, weekends among them; None where nobody has announced it."""
        ...


class UnsolvedError(RuntimeError):
    """The solver ended without an answer, or took too long; it may be asked again."""


class Solver(Protocol):
    """Plans, in a process of its own; any thread may ask, and waits for the answer."""

    def work(self, ask: Ask[A, M], asked: A, heard: Callable[[Progress], bool]) -> M:
        """The answer to a question that may take minutes; one at a time, the others wait.

        Args:
            ask: Which question, of hub.core.asks.
            asked: Its value.
            heard: Hears about once a second how it stands; False: stop and keep the best there is.

        Raises:
            Refused: what was asked cannot be answered; the sentence says why.
            UnsolvedError: the solver died, or was stopped before it had anything.
        """
        ...

    def quick(self, ask: Ask[A, M], asked: A) -> M:
        """The answer to a question that takes no time, from a solver that is warm; never waits for `work`.

        Raises:
            Refused: what was asked cannot be answered.
            UnsolvedError: the solver died or did not answer within seconds.
        """
        ...
