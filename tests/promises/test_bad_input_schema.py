"""P9: schemathesis asks for everything that the OpenAPI offers, as each role; nobody gets a 5xx."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hub.api.flood import Flood
from tests.hub.api.conftest import parts
from tests.promises.asked import AS, DEVICE, Witness, served
from tests.promises.known import enriched, fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.api.parts import Parts

__all__ = ["parts"]

ROLES = {"manager": "zhou", "admin": "ji", "guard": "qiu", "signed out": "", "a device": DEVICE}
OPEN = {"signed out": "^/api/(session|setup|phone$|public|health)", "a device": "^/edge/"}
"""All that is left to those who are not signed in: for the rest one refusal is like another."""
ENDLESS = "/api/feed"
"""A stream has no end to wait for; its parameters are asked for in the table of bad input."""
SHORT = ("--phases=fuzzing", "--max-examples=1", "--no-shrink")
LONG = ("--phases=examples,fuzzing", "--max-examples=4", "--no-shrink")
QUICK = {"signed out"}
SOME = [pytest.param(role, marks=() if role in QUICK else pytest.mark.long) for role in ROLES]


@pytest.fixture
def asking(parts: Parts, tmp_path: Path) -> Iterator[tuple[Path, str, Witness]]:
    """The OpenAPI as a file, where the app is, and who watches its answers; log-ins are not counted."""
    parts = replace(parts, flood=Flood(10**9))
    with parts.sessions.begin() as session:
        known = fill(session)
    with served(parts) as (url, witness):
        described = witness.described()
        file = tmp_path / "openapi.json"
        file.write_text(json.dumps(enriched(described, known)))
        yield file, url, witness


def asked(file: Path, url: str, who: str, how: tuple[str, ...]) -> str:
    """What schemathesis says in the end, as this person."""
    run = subprocess.run(  # our own words only
        [
            sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", url, "--no-color",
            "--checks=not_a_server_error", "--header", f"{AS}: {who}", f"--exclude-path={ENDLESS}",
            "--generation-database=none", "--warnings=off", *how,
        ],
        cwd=file.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-2000:]
    return run.stdout


def held(
    asking: tuple[Path, str, Witness], role: str, how: tuple[str, ...], said: pytest.CaptureFixture[str]
) -> None:
    file, url, witness = asking
    told = asked(file, url, ROLES[role], how).strip().splitlines()
    cases = next(line.strip() for line in told if "generated" in line)
    with said.disabled():
        print(f"\n{role}: {cases} {told[-1].strip('= ')}; {dict(sorted(witness.answered.items()))}")  # noqa: T201
    assert witness.wrong == []
    assert sum(witness.answered.values()) >= (5 if role in OPEN else 80)


@pytest.mark.parametrize("role", SOME)
def test_nothing_that_the_openapi_lets_be_asked_makes_the_hub_fail(
    asking: tuple[Path, str, Witness], role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = (f"--include-path-regex={OPEN[role]}",) if role in OPEN else ()
    held(asking, role, (*SHORT, *ours), capsys)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ROLES)
def test_nor_does_anything_that_is_asked_at_length(
    asking: tuple[Path, str, Witness], role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    held(asking, role, LONG, capsys)
