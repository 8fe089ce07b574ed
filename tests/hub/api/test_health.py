from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi.testclient import TestClient

from hub.api.build import build
from hub.core.health import WORDS

if TYPE_CHECKING:
    from pathlib import Path

    from httpx2 import Response

    from hub.api.parts import Parts


def asked(parts: Parts, folder: Path, path: str, **found: bool) -> Response:
    how = replace(parts, healthy=lambda: found, lives=lambda: found)
    with TestClient(build(how, folder)) as client:
        answer: Response = client.get(path)
    return answer


def test_a_hub_that_does_all_it_is_there_for_is_ready(parts: Parts, tmp_path: Path) -> None:
    answer = asked(parts, tmp_path, "/api/health/ready", database=True, broker=True)
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "parts": {"database": True, "broker": True}, "troubles": []}


def test_what_does_not_work_is_said_in_both_languages(parts: Parts, tmp_path: Path) -> None:
    answer = asked(parts, tmp_path, "/api/health/ready", database=False, broker=True, sundial=False)
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    first, second = answer.json()["troubles"]
    assert first == {"part": "database", "zh": WORDS["database"].zh, "en": WORDS["database"].en}
    assert second["part"] == "sundial"


def test_a_process_that_will_not_go_on_by_itself_does_not_live(parts: Parts, tmp_path: Path) -> None:
    assert asked(parts, tmp_path, "/api/health/live", ingest=True).status_code == 200
    assert asked(parts, tmp_path, "/api/health/live", ingest=False).status_code == 503
