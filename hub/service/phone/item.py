"""One thing that a phone says: made there, kept there until its receipt has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hub.core.refuse import Refused

THANKS = Pair("已收到。", "Received.")


@dataclass(frozen=True, slots=True)
class Item:
    """`body` was shaped at the border by its kind, or `fault` says why it has no shape.

    `at` is the phone's clock unless that is plainly wrong.
    """

    id: str
    kind: str
    at: datetime
    body: Mapping[str, Any]
    fault: Refused | None = None


class Waits(Exception):  # noqa: N818 - neither taken nor refused
    """A file that the item names has not come yet: it is asked again."""
