"""Shapes of log-ins and sessions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Name, Pair, Shown, When, Words

Password = Annotated[str, Field(min_length=1, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=20)]


class Try(Given):
    """A log-in that is tried."""

    user: Name
    password: Password


class CodeGiven(Given):
    """A code of the second factor, or a recovery code."""

    code: Code


class Change(Given):
    """A new password; the old one is not asked for when a new one is owed."""

    old: Password | None = None
    new: Password


class Pin(Given):
    """A new PIN for the wall's screens."""

    password: Password
    pin: Annotated[str, Field(min_length=1, max_length=12)]


class Me(Shown):
    """Whoever is signed in; `node` is where most of their rights begin."""

    id: str
    name: Pair
    roles: list[str]
    node: str
    armband: str | None


class MarketName(Shown):
    """The market by its names."""

    id: str
    name: Pair


class Demo(Shown):
    """A log-in of the reference market."""

    user: str
    password: str
    role: str
    name: Pair


class Signing(Shown):
    """A session; `csrf` goes with every request that changes something, as X-CSRF. `pages` are the person's.

    `owed`: what is still asked for before anything else works: code, factor, password. `acting`: whoever has
    signed in at a display. `may`: what the pages show as a button. `bound`, at a phone: the SHA-256 of the
    session's token in hex, which its proofs are made over, since the page cannot read the cookie.
    """

    person: Me
    csrf: str
    market: MarketName
    markets: list[MarketName]
    demo: list[Demo] | None
    pages: list[str]
    kind: str
    owed: list[str]
    acting: Me | None
    factor: bool
    recovery_left: int
    pin: bool
    may: list[str]
    bound: str | None


class FactorBegun(Shown):
    """What an authenticator app reads; the secret can be typed as well."""

    secret: str
    uri: str
    qr: str
    """SVG."""


class Recovery(Shown):
    """Codes that stand for the second factor once each; shown this one time."""

    codes: list[str]


class Lived(Shown):
    """One of a person's own sessions."""

    id: str
    kind: str
    label: str
    made_at: When
    seen_at: When
    here: bool


class Count(Shown):
    """How many."""

    count: int


class DisplayMade(Given):
    """A browser that becomes a wall's screen."""

    node: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,2}$")]
    label: Name


class Display(Shown):
    """A wall's screen."""

    id: str
    label: str
    node: str
    made_at: When
    seen_at: When
    made_by: Pair


class Acting(Given):
    """Somebody who signs in at a display, by armband or log-in."""

    who: Name
    pin: Annotated[str, Field(min_length=1, max_length=12)]


class ByPhone(Shown):
    """Somebody who may come in by phone, and how many phones they have."""

    id: str
    name: Pair
    armband: str | None
    phones: int


class Invite(Given):
    """A person whose phone is to be brought in."""

    person: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]


class Invited(Shown):
    """A code for one phone: as a QR code, and as the address in it."""

    url: str
    qr: str
    ends_at: When


class PhoneGiven(Given):
    """A phone that comes in: the code's token, and its public key as base64url SPKI."""

    token: Annotated[str, Field(min_length=1, max_length=100)]
    key: Annotated[str, Field(min_length=1, max_length=400)]
    label: Annotated[Words, Field(max_length=64)] = ""


class Phone(Shown):
    """A phone that was brought in."""

    id: str
    label: str
    made_at: When
    seen_at: When
