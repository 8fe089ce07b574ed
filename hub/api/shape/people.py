"""Shapes of people, grants, staff, armbands, contacts, care and the register."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Id, Name, NodePath, Pair, Shown, Slug, When, Words

LogIn = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,31}$")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Short = Annotated[Words, Field(min_length=1, max_length=200)]


class Named(Shown):
    """Somebody as a list names them."""

    id: str
    name: Pair


class Worn(Named):
    """Somebody with the armband that they wear."""

    armband: str | None


class Place(Shown):
    """A place in the tree of rights."""

    id: str
    name: Pair


class Word(Shown):
    """A value from a list, with its words."""

    id: str
    zh: str
    en: str


class Held(Shown):
    """A grant."""

    id: str
    role: str
    node: Place


class Person(Worn):
    """Somebody of the market, and what they hold; `linked`: to a log-in at the organisation."""

    login: str | None
    active: bool
    barred: bool
    must_change: bool
    factor: bool
    linked: bool
    grants: list[Held]


class NewPerson(Given):
    """Somebody who comes; the password is for the first log-in only."""

    name_zh: Name
    name_en: Name
    login: LogIn | None = None
    password: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class NewPassword(Given):
    """A password for the next log-in only."""

    password: Annotated[str, Field(min_length=1, max_length=200)]


class NewSubject(Given):
    """Who somebody is at the organisation's log-in; none unlinks them."""

    subject: Annotated[Words, Field(min_length=1, max_length=255)] | None


class NewGrant(Given):
    """A role at a node."""

    role: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
    node: NodePath


class GrantNode(Place):
    """A place at which a right may be given, and what it is."""

    kind: Literal["district", "street", "market", "grid", "group"]


class Proposed(Shown):
    """What became of a proposal: it waits, or it holds at once."""

    waits: bool


class Waiting(Shown):
    """A grant that waits for approval; `decides`: whether the visitor may give it."""

    id: str
    person: Named
    role: str
    node: Place
    proposed_by: Named
    proposed_at: When
    decides: bool


class Decision(Given):
    """Yes or no to a proposal."""

    approve: bool


class NewStaff(Given):
    """An entry of the staff register."""

    post: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    employer: Annotated[Words, Field(max_length=64)] = ""
    begins: Day
    ends: Day | None = None


class NewCertificate(Given):
    """A certificate or training."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]
    begins: Day
    ends: Day | None = None


class Certificate(Shown):
    """A certificate, and whether it holds: valid, soon or lapsed."""

    kind: Word
    begins: str
    ends: str | None
    standing: str


class Staff(Shown):
    """A member of the staff; `barred`: kept from pictures by a lapsed certificate."""

    person: Worn
    post: Word
    employer: str
    begins: str
    ends: str | None
    barred: bool
    active: bool
    certificates: list[Certificate]


class NewArmbands(Given):
    """Numbers of armbands that come into store."""

    numbers: Annotated[list[Annotated[str, Field(max_length=12)]], Field(min_length=1, max_length=500)]


class ArmbandAct(Given):
    """What happens to an armband."""

    act: Literal["issue", "return", "lose", "find", "retire"]
    person: Slug | None = None


class Armband(Shown):
    """An armband and who wears it."""

    number: str
    state: Word
    person: Named | None
    since: When


class PublicArmband(Shown):
    """What anybody may know of an armband."""

    number: str
    role: Word
    node: Place


class LookUp(Given):
    """Why a contact is needed, and for which case."""

    purpose: Short
    case: Id | None = None


class NewContact(Given):
    """Who answers for a shop in one role."""

    name: Name
    role: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
    phone: Annotated[str, Field(min_length=5, max_length=24)]


class Contact(Shown):
    """Who answers for a shop."""

    id: str
    name: str
    role: Word
    phone: str
    since: When


class NewCare(Given):
    """Visits that a shop asks for."""

    shop: Slug
    scope: Short
    ends: Day


class Care(Shown):
    """Visits that run."""

    id: str
    shop: str
    scope: str
    consent_at: When
    begins: str
    ends: str


class Looked(Shown):
    """A row of the register."""

    id: str
    at: When
    person: Named | None
    kind: Word
    subject: str
    purpose: str
    case: str | None


class Made(Shown):
    """The id of what was made."""

    id: str
