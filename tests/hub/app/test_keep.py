"""Moved, backed up and restored from the command line, as an operator does it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from hub.__main__ import main
from hub.gear.files import Files
from hub.service import media
from hub.store.base import sessions
from tests.hub.store.test_move import lived
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

ROOT = Path(__file__).parents[3]
PICTURE = b"\xff\xd8 a still"


def hub(*words: object) -> tuple[int, dict[str, Any], str]:
    """Exit code, the JSON line, and what was said on the way."""
    done = subprocess.run(
        [sys.executable, "-m", "hub", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, json.loads(done.stdout or "{}"), done.stderr


@pytest.fixture
def data(sqlite: Engine, tmp_path: Path) -> Path:
    """A hub's folder: its database and one still."""
    lived(sqlite)
    sha256 = hashlib.sha256(PICTURE).hexdigest()
    Files(tmp_path / "media").put(sha256, [PICTURE])
    with sessions(sqlite).begin() as s:
        media.stored(s, sha256, len(PICTURE), "image/jpeg", NOON)
    sqlite.dispose()
    return tmp_path


@pytest.mark.postgres
@pytest.mark.long
def test_a_market_moves_to_postgresql(data: Path, postgres: Callable[..., str]) -> None:
    url = postgres("template0")
    code, told, said = hub("move", "--to", url, "--data", data)
    assert code == 0, said
    assert told["moved"] is True
    assert told["tables"]["shop"] == 12
    assert told["heads"] == {MARKET: told["tables"]["line"]}
    code, _, said = hub("move", "--to", url, "--data", data)
    assert (code, said) == (1, "the target has rows already; give an empty database\n")


@pytest.mark.long
def test_a_restored_market_has_its_rows_and_its_pictures(data: Path, tmp_path: Path) -> None:
    code, backed, said = hub("backup", tmp_path / "market.zip", "--data", data)
    assert code == 0, said
    assert backed["media"] == 1
    other = tmp_path / "other"
    shutil.copytree(data / "media", other / "media")
    code, restored, said = hub("restore", tmp_path / "market.zip", "--data", other)
    assert code == 0, said
    assert (restored["rows"], restored["heads"]) == (backed["rows"], backed["heads"])
    assert restored["media_missing"] == []


@pytest.mark.long
def test_a_restore_without_its_pictures_says_so(data: Path, tmp_path: Path) -> None:
    hub("backup", tmp_path / "market.zip", "--data", data)
    code, restored, said = hub("restore", tmp_path / "market.zip", "--data", tmp_path / "other")
    assert code == 1
    assert restored["media_missing"] == [hashlib.sha256(PICTURE).hexdigest()]
    assert "copy the media folder" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("move", "--to", "nonsense"), "is no address of a database"),
        (
            ("move", "--to", "postgresql+psycopg://nobody@127.0.0.1:1/x"),
            "a database does not do what it is asked",
        ),
        (("move", "--to", "sqlite:///{data}/hub.db"), "are there already"),
        (("restore", "{data}/none.zip"), "none.zip"),
        (("restore", "{data}/hub.db"), "is no whole backup"),
        (("backup", "{data}/hub.db"), "give another name"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    data: Path, words: tuple[str, ...], sentence: str
) -> None:
    done = CliRunner().invoke(main, [*(word.format(data=data) for word in words), "--data", str(data)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert isinstance(done.exception, SystemExit), "a sentence, and no more"
