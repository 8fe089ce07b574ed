"""What every value that a person may write shares."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Label = Annotated[str, Meta(min_length=1, max_length=32)]
Seconds = Annotated[float, Meta(ge=0, le=86_400)]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Immutable, and no key in it that is not known."""
