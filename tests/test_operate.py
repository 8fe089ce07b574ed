"""What the operator's page says, a test holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.__main__ import main
from hub.config import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
SETTINGS = {PREFIX + name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_has_its_row(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| [^|]+ \| [^|]{{4,}} \|$", PAGE, re.MULTILINE), (
        f"docs/operate.md lacks the row: | `{name}` | default | what it does |"
    )


def test_no_setting_is_named_that_there_is_not() -> None:
    assert set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", PAGE)) - {f"{PREFIX}NAME"} <= SETTINGS


def test_every_command_that_it_gives_is_one() -> None:
    known = {
        command.name or getattr(command.callback, "__name__", "") for command in main.registered_commands
    }
    assert set(re.findall(r"python -m hub ([a-z]+)", PAGE)) <= known


def test_every_part_of_the_page_that_is_listed_is_there() -> None:
    heads = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-") for head in heads}
    assert set(re.findall(r"\]\(#([a-z0-9-]+)\)", PAGE)) == anchors


def test_every_file_that_it_names_in_the_tree_is_there() -> None:
    for name in re.findall(r"`((?:deploy|firmware_configs|docker|docs)/[\w./-]+)`", PAGE):
        assert (ROOT / name).exists() or name.endswith(".env"), name
