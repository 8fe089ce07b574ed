"""A kept file as an answer, whole or the one range that was asked for: a player seeks in a clip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import Response
from fastapi.responses import StreamingResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def ranged(
    read: Callable[[int, int], Iterator[bytes]], size: int, tag: str, kind: str, asked: str, known: str
) -> Response:
    """The answer to Range `asked` and If-None-Match `known`; several ranges at once get the whole.

    Args:
        read: gives the bytes from one offset to before another.
        size: of the whole file.
        tag: names these bytes for ever.
        kind: media type.
        asked: the header Range, or empty.
        known: the header If-None-Match, or empty.
    """
    headers = {"ETag": f'"{tag}"', "Accept-Ranges": "bytes", "Cache-Control": PRIVATE}
    if tag in known:
        return Response(status_code=304, headers=headers)
    extent = _extent(asked, size)
    if extent is None:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{size}"})
    start, stop = extent
    headers["Content-Length"] = str(stop - start)
    if asked and (start, stop) != (0, size):
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        return StreamingResponse(read(start, stop), 206, headers, kind)
    return StreamingResponse(read(start, stop), 200, headers, kind)


PRIVATE = "private, max-age=300"
"""An id names the same bytes for ever; rights are asked again after five minutes."""


def _extent(asked: str, size: int) -> tuple[int, int] | None:
    """From which byte to before which; None where there are none."""
    match = RANGE.fullmatch(asked.replace(" ", ""))
    if match is None or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(int(last) + 1 if last else size, size)
    return (start, stop) if start < stop else None
