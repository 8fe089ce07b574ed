"""A store of stills and clips outside this machine that does not answer: said in words, nothing is lost."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.gear.s3 import bucket
from tests.hub.api.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from hub.api.parts import Parts

JPEG = b"\xff\xd8\xff\xe0 a still"
NAME = hashlib.sha256(JPEG).hexdigest()


@pytest.fixture
def away(built: FastAPI, parts: Parts, app: TestClient) -> Iterator[TestClient]:
    """The app, whose bucket nobody answers for."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        files = bucket("s3://away", f"http://127.0.0.1:{nobody.getsockname()[1]}", "us-east-1", "k", "s")
        built.state.parts = replace(parts, files=files)
        yield app


def test_a_device_is_told_to_try_again(away: TestClient) -> None:
    kind = {"Content-Type": "image/jpeg"}
    answer = away.put(f"/edge/v1/media/{NAME}", content=JPEG, headers=kind, auth=("edge-1", KEY))
    assert (answer.status_code, answer.json()["code"]) == (503, "media.away")
    assert set(answer.json()) == {"code", "en", "zh"}
    assert int(answer.headers["retry-after"]) > 0
    asked = away.head(f"/edge/v1/media/{NAME}", auth=("edge-1", KEY))
    assert asked.status_code == 503
