"""How large a JPEG says it is, told from its header alone: one that lies about it is never decoded here.

Segments as in ITU-T T.81, annex B; between them, as every decoder does, whatever is no marker is passed over.
"""

from __future__ import annotations

MAGIC = b"\xff\xd8\xff"
MOST_PIXELS = 40_000_000
"""An 8K camera has 33 million. A browser takes four bytes for each, whatever the file's own size is."""
HEAD = 1 << 18
"""Bytes in which a file has to say what it is; a camera's own notes before that take far less."""
BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a segment."""
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Segments that begin a frame: precision, height, width."""
SCAN, END = 0xDA, 0xD9


def size(head: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None where `head` holds no frame's beginning."""
    at = 0
    while (at := head.find(0xFF, at)) != -1:
        while head[at : at + 1] == b"\xff":
            at += 1
        if at + 8 > len(head) or head[at] in {SCAN, END}:
            return None
        marker, length = head[at], int.from_bytes(head[at + 1 : at + 3])
        if marker in FRAMES:
            return int.from_bytes(head[at + 6 : at + 8]), int.from_bytes(head[at + 4 : at + 6])
        if marker == 0 or marker in BARE:
            at += 1
        elif length < 2:  # noqa: PLR2004 - the length counts its own two bytes
            return None
        else:
            at += 1 + length
    return None


def is_flood(head: bytes, *, whole: bool) -> bool:
    """Whether the picture would fill the memory of whoever opens it, or hides its size behind other things.

    Args:
        head: the file's first bytes.
        whole: whether they are all of it.
    """
    found = size(head)
    return not whole if found is None else found[0] * found[1] > MOST_PIXELS
