"""What all shapes share: given text carries no control characters, given numbers are finite."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.core.text import clean


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
SLUG = r"^[a-z0-9-]{1,64}$"
Slug = Annotated[str, Field(pattern=SLUG)]
"""The id of a person, shop, grid or camera."""
SlugPath = Annotated[str, Path(pattern=SLUG)]
"""The same in an address."""
RowPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
"""The id of a row that the hub or its demo made, in an address."""
UuidPath = Annotated[str, Path(pattern=r"^[0-9a-f-]{1,36}$")]
"""The id of a row that the hub made, in an address."""
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
