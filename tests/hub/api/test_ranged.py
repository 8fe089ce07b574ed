from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from fastapi.responses import StreamingResponse

from hub.api.ranged import ranged
from tests.conftest import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import Response

CLIP = random.Random(7).randbytes(1000)


def read(start: int, stop: int) -> Iterator[bytes]:
    for begins in range(start, stop, 300):
        yield CLIP[begins : min(begins + 300, stop)]


def ask(asked: str = "", known: str = "") -> Response:
    return ranged(read, len(CLIP), "tag", "video/mp4", asked, known)


def body(answer: Response) -> bytes:
    assert isinstance(answer, StreamingResponse)

    async def gather() -> bytes:
        return b"".join([bytes(piece) async for piece in answer.body_iterator])  # type: ignore[arg-type]

    return alone(gather())


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-499", 0, 500),
        ("bytes=500-", 500, 1000),
        ("bytes=-10", 990, 1000),
        ("bytes=990-5000", 990, 1000),
    ],
)
def test_a_player_that_seeks_gets_that_part(asked: str, start: int, stop: int) -> None:
    answer = ask(asked)
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/1000"
    assert answer.headers["content-length"] == str(stop - start)
    assert body(answer) == CLIP[start:stop]


@pytest.mark.parametrize(
    "asked", ["", "bytes=0-", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=a-b", "bytes=-5000"]
)
def test_everything_else_gets_the_whole(asked: str) -> None:
    answer = ask(asked)
    assert (answer.status_code, answer.headers["accept-ranges"]) == (200, "bytes")
    assert body(answer) == CLIP


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=5-4", "bytes=-0", f"bytes={10**18}-"])
def test_what_is_not_in_the_file_cannot_be_had(asked: str) -> None:
    answer = ask(asked)
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */1000")


def test_what_a_page_has_already_is_not_sent_again() -> None:
    assert ask(known='"tag"').status_code == 304
