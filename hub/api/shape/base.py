"""What all shapes share: given text carries no control characters, given numbers are finite."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def clean(text: str) -> str:
    """The text in one form (NFC), so that what looks alike is alike.

    Raises:
        ValueError: there is a control character in it, or half of one.
    """
    if _CONTROL.search(text) or (not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text)):
        raise ValueError("control characters are not text")
    return unicodedata.normalize("NFC", text)


def spoken(text: str) -> str:
    """A name: something can be seen of it.

    Raises:
        ValueError: it is blank.
    """
    if not text.strip():
        raise ValueError("a name cannot be blank")
    return text.strip()


Words = Annotated[str, AfterValidator(clean), Field(max_length=2000)]
Name = Annotated[str, AfterValidator(clean), AfterValidator(spoken), Field(min_length=1, max_length=64)]
Id = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=80)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
"""The id of a person, shop, grid or camera."""
NodePath = Annotated[
    str, Field(pattern=r"^(@[a-z0-9-]{1,64}|[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,3})$", max_length=260)
]
Metres = Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]
When = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""ISO 8601, UTC."""


class Given(BaseModel):
    """What a page sends: nothing unknown, nothing infinite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Shown(BaseModel):
    """What a page gets."""

    model_config = ConfigDict(from_attributes=True)


class Pair(Shown):
    """A name in both languages."""

    zh: str
    en: str


class Problem(Shown):
    """Why something was refused, and what to do."""

    code: str
    en: str
    zh: str
