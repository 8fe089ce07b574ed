"""What a phone adds to each request: that it still holds the key it was brought in with.

`X-Proof: <unix seconds>.<signature>` over method, path with query, the seconds, and the SHA-256 of the
session's token, with a line break between them. A cookie that was copied to another phone is worth nothing
there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hub.core.session import PROOF
from hub.service.session.living import hashed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import HTTPConnection

HEADER = "x-proof"
SHAPE = re.compile(r"(\d{9,11})\.([A-Za-z0-9_-]{86})")


def proved(
    request: HTTPConnection, token: str, key: str, check: Callable[[str, bytes, str], bool], now: datetime
) -> bool:
    """Whether the request carries a fresh proof by `key`."""
    found = SHAPE.fullmatch(request.headers.get(HEADER, ""))
    if found is None or abs(now.timestamp() - int(found[1])) > PROOF.total_seconds():
        return False
    path = request.scope["raw_path"] + (b"?" + query if (query := request.scope["query_string"]) else b"")
    words = (
        str(request.scope.get("method", "GET")).encode(),
        path,
        found[1].encode(),
        hashed(token).encode(),
    )
    return check(key, b"\n".join(words), found[2])
